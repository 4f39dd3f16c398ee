// The query of the address as reactive state. Views write through `set`. Browsers refuse more than about 200 history
// writes in 30 s, so those of one gesture become few: the first at once, the last when it has settled.
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
  /** How the history gets what is on its way there; undefined where it has it. */
  let writing: 'replace' | 'push' | undefined
  let writtenAt = -Infinity
  /** The page that is on its way while its code loads. */
  let ahead: string | undefined

  function write(how: 'replace' | 'push'): void {
    clearTimeout(timer)
    timer = undefined
    written = query.value
    writing = how
    writtenAt = performance.now()
    const { path } = router.currentRoute.value
    void router[how]({ path, query: query.value })
  }

  router.beforeEach((to, from) => {
    if (to.path === from.path) return
    ahead = to.fullPath
    if (timer === undefined && writing === undefined) return
    // The entry that is left gets now what wasn't written yet, or was called off by the way to the next page, as a write
    // of its own would call off that. On the way back the history is there already.
    clearTimeout(timer)
    timer = undefined
    const { history } = router.options
    if (history.location === from.fullPath) {
      history[writing ?? 'replace'](router.resolve({ path: from.path, query: query.value }).fullPath)
    }
    writing = undefined
  })

  // A page whose code can't be loaded ends in no afterEach.
  router.onError((_error, to) => {
    if (ahead === to.fullPath) ahead = undefined
  })

  router.afterEach((to, _from, failure) => {
    if (ahead === to.fullPath) ahead = undefined
    // A navigation that a later one overtook tells where nobody went.
    if (failure) return
    const next = plainQuery(to.query)
    const own = written !== undefined && sameQuery(next, written)
    written = undefined
    writing = undefined
    if (own) return
    clearTimeout(timer)
    timer = undefined
    if (!sameQuery(next, query.value)) query.value = next
  })

  return {
    query,
    set(changes, how = 'replace') {
      const next = changedQuery(query.value, changes)
      if (sameQuery(next, query.value)) return
      // Who is about to leave writes nothing more.
      if (ahead !== undefined) return
      query.value = next
      const wait = writtenAt + replaceIntervalMs - performance.now()
      if (how === 'push') write('push')
      else if (wait <= 0) write('replace')
      else timer ??= setTimeout(() => write('replace'), wait)
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
