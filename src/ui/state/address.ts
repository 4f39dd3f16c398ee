// The query of the address as reactive state. Views write through `set`; many writes of one gesture become few
// entries: 'replace' is throttled (browsers refuse more than about 200 history writes in 30 s), 'push' is at once.
import { inject, shallowRef } from 'vue'
import type { InjectionKey, ShallowRef } from 'vue'
import type { LocationQuery, Router } from 'vue-router'

export type Query = Readonly<Record<string, string>>

export interface Address {
  readonly query: Readonly<ShallowRef<Query>>
  /** Changes the named parameters and keeps the others; undefined or '' removes one. */
  set(changes: Record<string, string | undefined>, how?: 'replace' | 'push'): void
}

const replaceIntervalMs = 250

export function createAddress(router: Router): Address {
  const query = shallowRef<Query>(plainQuery(router.currentRoute.value.query))
  let timer: ReturnType<typeof setTimeout> | undefined
  let written: Query | undefined

  function write(how: 'replace' | 'push'): void {
    clearTimeout(timer)
    timer = undefined
    written = query.value
    const { path } = router.currentRoute.value
    void router[how]({ path, query: query.value })
  }

  router.afterEach(to => {
    const next = plainQuery(to.query)
    const own = written !== undefined && sameQuery(next, written)
    written = undefined
    if (own) return
    // What a gesture hasn't written yet belongs to the page that was left.
    clearTimeout(timer)
    timer = undefined
    if (!sameQuery(next, query.value)) query.value = next
  })

  return {
    query,
    set(changes, how = 'replace') {
      const next = changedQuery(query.value, changes)
      if (sameQuery(next, query.value)) return
      query.value = next
      if (how === 'push') write('push')
      else timer ??= setTimeout(() => write('replace'), replaceIntervalMs)
    }
  }
}

export function changedQuery(query: Query, changes: Record<string, string | undefined>): Query {
  const next: Record<string, string> = { ...query }
  for (const [name, value] of Object.entries(changes)) {
    if (value) next[name] = value
    else delete next[name]
  }
  return next
}

function plainQuery(query: LocationQuery): Query {
  const plain: Record<string, string> = {}
  for (const [name, value] of Object.entries(query)) {
    const first = Array.isArray(value) ? value[0] : value
    if (first) plain[name] = first
  }
  return plain
}

function sameQuery(a: Query, b: Query): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every(name => a[name] === b[name])
}

export const addressKey: InjectionKey<Address> = Symbol('address')

export function useAddress(): Address {
  const address = inject(addressKey)
  if (!address) throw new Error('useAddress needs a component below App')
  return address
}
