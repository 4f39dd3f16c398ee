// The recordings of a page, from the first byte on: loading with progress, ready, failed, and ready again with more
// while their process lives. The old picture stays until the new one is whole.
import { onScopeDispose, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'
import type { Recording } from '../../recording/schema.ts'
import { createSegmentLoader } from './segment-loader.ts'
import type { SegmentLoader } from './segment-loader.ts'
import type { LoadFailure, LoadProgress, LoadRequest } from './segment-worker-protocol.ts'
import { failureOf } from './send-request.ts'
import { waitVisible } from './wait-visible.ts'

export type Loading<Detail> =
  | { state: 'loading'; detail: Detail | undefined; progress: LoadProgress | undefined }
  | { state: 'failed'; failure: LoadFailure }
  | {
      state: 'ready'
      detail: Detail
      /** By recording id. */
      recordings: ReadonlyMap<string, Recording>
      /** What couldn't be had; the rest is there. */
      failures: readonly LoadFailure[]
      /** Why the latest refresh failed, until one succeeds. */
      lost?: LoadFailure
    }

/** What a page wants on the screen, asked again at each refresh. */
export interface Wanted<Detail> {
  detail: Detail
  request: LoadRequest
  /** Whether more may come. */
  live: boolean
}

export interface Recordings<Detail> {
  readonly loading: Readonly<ShallowRef<Loading<Detail>>>
  /** Starts over: something else is wanted, or Retry. */
  reload(): void
  /** The same for another part of it: what is told of the whole stays on the screen. */
  loadPart(): void
}

const refreshIntervalMs = 2_000

export function useRecordings<Detail>(
  want: (signal: AbortSignal) => Promise<Wanted<Detail>>
): Recordings<Detail> {
  const loading = shallowRef<Loading<Detail>>({ state: 'loading', detail: undefined, progress: undefined })
  let stop = () => {}

  /**
   * One refresh; whether another should follow.
   * @param again after segments were gone that had just been listed: a head that grew, or compaction
   */
  async function refresh(
    loader: SegmentLoader,
    shown: { keys: string },
    signal: AbortSignal,
    again = false
  ): Promise<boolean> {
    const { detail, request, live } = await want(signal)
    const keys = request.sources.flatMap(source => source.segments.map(segment => segment.id)).join()
    const before = loading.value
    if (before.state === 'ready' && keys === shown.keys) {
      const { recordings, failures } = before
      loading.value = { state: 'ready', detail, recordings, failures }
      return live
    }
    const { recordings, failures } = await loader.load(request, progress => {
      if (!signal.aborted && loading.value.state === 'loading')
        loading.value = { state: 'loading', detail, progress }
    })
    if (signal.aborted) return false
    if (failures.some(({ status }) => status === 404) && !again) return refresh(loader, shown, signal, true)
    if (recordings.size === 0 && failures[0]) loading.value = { state: 'failed', failure: failures[0] }
    else loading.value = { state: 'ready', detail, recordings, failures }
    shown.keys = keys
    return live && loading.value.state === 'ready'
  }

  async function run(loader: SegmentLoader, signal: AbortSignal): Promise<void> {
    const shown = { keys: '' }
    for (let more = true; more && !signal.aborted;) {
      try {
        more = await refresh(loader, shown, signal)
      } catch (error) {
        if (signal.aborted) return
        // A refresh that fails leaves the picture: the collector may be restarting.
        if (loading.value.state === 'ready') {
          loading.value = { ...loading.value, lost: failureOf(error) }
          more = true
        } else {
          loading.value = { state: 'failed', failure: failureOf(error) }
          return
        }
      }
      if (more) await waitVisible(refreshIntervalMs, signal)
    }
  }

  function start(detail: Detail | undefined): void {
    stop()
    const controller = new AbortController()
    const loader = createSegmentLoader()
    stop = () => {
      controller.abort()
      loader.close()
    }
    loading.value = { state: 'loading', detail, progress: undefined }
    void run(loader, controller.signal)
  }

  onScopeDispose(() => stop())
  return {
    loading,
    reload: () => start(undefined),
    loadPart: () => start(loading.value.state === 'failed' ? undefined : loading.value.detail)
  }
}
