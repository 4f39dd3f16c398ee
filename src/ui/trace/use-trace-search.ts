// The traces that a list in this address shows, and the newest of those that its filters find, which charts are made of.
import { refDebounced, useIntervalFn } from '@vueuse/core'
import { computed } from 'vue'
import type { ComputedRef } from 'vue'
import type { Page, TraceSummary } from '../../collector/api.ts'
import { useApi } from '../data/use-api.ts'
import { useFetched } from '../data/use-fetched.ts'
import type { Fetched } from '../data/use-fetched.ts'
import { useAddress } from '../state/address.ts'
import { traceCountOf, tracePage, traceSortOf } from './trace-order.ts'
import { traceQuery } from './trace-query.ts'
import type { TraceScope } from './trace-query.ts'

export interface FoundTraces {
  /** What was asked for, by what it depends on. */
  readonly asked: string
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
  const filterAt = (nowMs: number) => traceQuery(query.value, scope(), nowMs)
  /** The latest times go on; which ones they are doesn't. */
  const inputs = computed(() => JSON.stringify(filterAt(0)))
  const settled = refDebounced(inputs, 250)

  const count = computed(() => traceCountOf(query.value['n']))
  const sort = computed(() => traceSortOf(query.value))

  async function find(signal: AbortSignal): Promise<FoundTraces> {
    const { by, ascending } = sort.value
    const [filter, asked] = [filterAt(Date.now()), inputs.value]
    const page = { ...filter, sort: by, order: ascending ? 'asc' : 'desc', limit: String(count.value) }
    const newest = api.traces({ ...filter, limit: String(mostCharted) }, signal)
    if (by === 'start' && !ascending && count.value <= mostCharted)
      return { asked, newest: await newest, listed: firstOf(await newest, count.value) }
    const [all, listed] = await Promise.all([newest, api.traces(page, signal)])
    return { asked, newest: all, listed }
  }

  const found = useFetched(find, () => [settled.value, count.value, sort.value.by, sort.value.ascending])
  // The list follows what comes in, as long as nobody has asked for more than the first page.
  useIntervalFn(() => {
    const follows = document.visibilityState === 'visible' && count.value === tracePage
    if (follows && !found.busy.value) void found.reload()
  }, refreshIntervalMs)
  const stale = computed(() => found.value.value?.asked !== inputs.value)
  return { ...found, count, stale }
}

function firstOf({ items, cursor }: Page<TraceSummary>, count: number): Page<TraceSummary> {
  const more = items.length > count ? 'more' : cursor
  return { items: items.slice(0, count), ...(more && { cursor: more }) }
}
