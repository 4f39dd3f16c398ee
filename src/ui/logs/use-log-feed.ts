// Log lines of all recordings, newest first: further pages as they are asked for, and at their top what comes in. Who
// reads further down keeps the rows in place; what came meanwhile is counted and waits.
import { useDebounceFn } from '@vueuse/core'
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type { ComputedRef, ShallowRef } from 'vue'
import { clamp } from '../../base/units.ts'
import type { LogFilter } from '../data/api-client.ts'
import type { LoadFailure } from '../data/segment-worker-protocol.ts'
import { failureOf } from '../data/send-request.ts'
import { useApi } from '../data/use-api.ts'
import { useLive } from '../data/use-live.ts'
import { countNew, logRowLines } from './log-page.ts'
import type { LogRowLine } from './log-page.ts'

interface Feed {
  readonly rows: readonly LogRowLine[]
  /** Of the page behind them; undefined: there is none. */
  readonly cursor: string | undefined
}

export interface LogFeed {
  /** Undefined while the first page is on its way. */
  readonly rows: ComputedRef<readonly LogRowLine[] | undefined>
  readonly hasMore: ComputedRef<boolean>
  readonly failure: Readonly<ShallowRef<LoadFailure | undefined>>
  /** Lines that came and aren't shown, as far as a page tells. */
  readonly waiting: ComputedRef<{ count: number; isAll: boolean }>
  /** Begins anew. */
  reload(): void
  loadMore(): Promise<void>
  showWaiting(): void
}

export const logPageSize = 200
/** Of one request. */
const mostRows = 10_000
/** What came last may be told of before it can be read. */
const settledMs = 1_300

export interface AskedLogs {
  /** Asked for each page: its times may go on; undefined where nothing fits. */
  query(): LogFilter | undefined
  /** What that depends on: the list begins anew with others. */
  inputs(): unknown
  /** Whether new lines are shown as they come. */
  follows(): boolean
  /** How many rows there are to begin with: as many as somebody comes back to. */
  readonly firstCount: number
}

export function useLogFeed({ query, inputs, follows, firstCount }: AskedLogs): LogFeed {
  const api = useApi()
  const shown = shallowRef<Feed>()
  /** The newest page as it is now, where that isn't what is shown. */
  const newest = shallowRef<Feed>()
  const failure = shallowRef<LoadFailure>()
  let current = new AbortController()
  let loadingMore = false
  let refreshing = false

  async function ask({ cursor, limit = logPageSize }: { cursor?: string; limit?: number }): Promise<Feed> {
    const asked = query()
    if (!asked) return { rows: [], cursor: undefined }
    const page = await api.logs({ ...asked, limit, cursor }, current.signal)
    const before = cursor === undefined ? [] : (shown.value?.rows ?? [])
    return { rows: [...before, ...logRowLines(page.items, before)], cursor: page.cursor }
  }

  /** Runs a request of the present filter; undefined where another one came meanwhile, or it failed. */
  async function attempt(request: () => Promise<Feed>): Promise<Feed | undefined> {
    const { signal } = current
    try {
      const feed = await request()
      if (signal.aborted) return undefined
      failure.value = undefined
      return feed
    } catch (error) {
      if (!signal.aborted) failure.value = failureOf(error)
      return undefined
    }
  }

  function show(feed: Feed | undefined): void {
    if (!feed) return
    shown.value = feed
    newest.value = undefined
  }

  function begin(limit = logPageSize): void {
    current.abort()
    current = new AbortController()
    loadingMore = refreshing = false
    void attempt(() => ask({ limit })).then(show)
  }

  async function loadMore(): Promise<void> {
    const cursor = shown.value?.cursor
    if (cursor === undefined || loadingMore) return
    const { signal } = current
    loadingMore = true
    const feed = await attempt(() => ask({ cursor }))
    if (signal.aborted) return
    loadingMore = false
    // What is shown may have begun anew at its top.
    if (feed && shown.value?.cursor === cursor) shown.value = feed
  }

  async function refresh(): Promise<void> {
    const before = shown.value
    if (!before || refreshing) return
    const { signal } = current
    refreshing = true
    const feed = await attempt(() => ask({}))
    if (signal.aborted) return
    refreshing = false
    if (follows() || before.rows.length === 0) show(feed)
    else if (feed) newest.value = feed
  }

  const refreshLater = useDebounceFn(() => refresh(), settledMs)
  useLive(() => {
    void refresh()
    void refreshLater()
  })
  begin(clamp(firstCount, logPageSize, mostRows))
  watch(inputs, () => begin())
  watch(follows, now => now && show(newest.value))
  onScopeDispose(() => current.abort())

  return {
    rows: computed(() => shown.value?.rows),
    hasMore: computed(() => shown.value?.cursor !== undefined),
    failure,
    waiting: computed(() => {
      const { rows = [], cursor } = newest.value ?? {}
      const count = countNew(rows, shown.value?.rows ?? [])
      return { count, isAll: cursor === undefined || count < rows.length }
    }),
    reload() {
      shown.value = undefined
      newest.value = undefined
      begin()
    },
    loadMore,
    showWaiting: () => show(newest.value)
  }
}
