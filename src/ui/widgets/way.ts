import type { RouteLocationRaw } from 'vue-router'

/** Where a link leads to. */
export interface Way {
  readonly to: RouteLocationRaw
  /** The same place with what must be asked for first; asked once for all that is done with the link. */
  readonly lookUp?: () => Promise<RouteLocationRaw>
}
