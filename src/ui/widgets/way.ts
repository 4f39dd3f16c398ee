import type { RouteLocationRaw } from 'vue-router'

/** Where a link leads to. */
export interface Way {
  readonly to: RouteLocationRaw
  /** The same place with what must be asked for first. */
  readonly lookUp?: () => Promise<RouteLocationRaw>
}
