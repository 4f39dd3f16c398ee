// The traces that a list in this address shows, and the newest of those that its filters find, which charts are made of.
import { useDebounceFn, useIntervalFn } from '@vueuse/core'
import { computed, shallowRef, watch } from 'vue'
import type { ComputedRef } from 'vue'
import type { Page, TraceSummary } from '../../collector/api.ts'
import type { TraceFilter } from '../data/api-client.ts'
import { useApi } from '../data/use-api.ts'
import { useFetched } from '../data/use-fetched.ts'
import type { Fetched } from '../data/use-fetched.ts'
import { useAddress } from '../state/address.ts'
import { traceCountOf, tracePage, traceSortOf } from './trace-order.ts'
import { traceQuery } from './trace-query.ts'
import type { TraceScope } from './trace-query.ts'

export interface FoundTraces {
  /** What was asked for. */
  readonly filter: TraceFilter
  readonly listed: Page<TraceSummary>
  /** By start, the newest first; with a cursor where there are more. */
  readonly newest: Page<TraceSummary>
}

const refreshIntervalMs = 5_000
/** How many traces charts are made of. */
const mostCharted = 1_000

export function useTraceSearch(scope: () => TraceScope): Fetched<FoundTraces> & {
  readonly count: ComputedRef<number>
  /** The address asks for something else by now. */
  readonly stale: ComputedRef<boolean>
} {
  const api = useApi()
  const { query } = useAddress()
  const filter = computed(() => traceQuery(query.value, scope()))
  const asked = shallowRef(filter.value)
  const ask = useDebounceFn(() => (asked.value = filter.value), 250)
  watch(() => JSON.stringify(filter.value), ask)

  const count = computed(() => traceCountOf(query.value['n']))
  const sort = computed(() => traceSortOf(query.value))

  async function find(signal: AbortSignal): Promise<FoundTraces> {
    const { by, ascending } = sort.value
    const filter = asked.value
    const page = { ...filter, sort: by, order: ascending ? 'asc' : 'desc', limit: String(count.value) }
    const newest = api.traces({ ...filter, limit: String(mostCharted) }, signal)
    if (by === 'start' && !ascending && count.value <= mostCharted)
      return { filter, newest: await newest, listed: firstOf(await newest, count.value) }
    const [all, listed] = await Promise.all([newest, api.traces(page, signal)])
    return { filter, newest: all, listed }
  }

  const found = useFetched(find, () => [asked.value, count.value, sort.value.by, sort.value.ascending])
  // The list follows what comes in, as long as nobody has asked for more than the first page.
  useIntervalFn(() => {
    const follows = document.visibilityState === 'visible' && count.value === tracePage
    if (follows && !found.busy.value) void found.reload()
  }, refreshIntervalMs)
  const stale = computed(() => JSON.stringify(found.value.value?.filter) !== JSON.stringify(filter.value))
  return { ...found, count, stale }
}

function firstOf({ items, cursor }: Page<TraceSummary>, count: number): Page<TraceSummary> {
  const more = items.length > count ? 'more' : cursor
  return { items: items.slice(0, count), ...(more && { cursor: more }) }
}
