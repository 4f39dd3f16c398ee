// What the tracks of the timeline share: the questions asked of the recording, each answered once, and the gestures
// that change the selection.
import { computed, shallowRef, watch } from 'vue'
import type { ComputedRef, InjectionKey, ShallowRef } from 'vue'
import { buildCalls } from '../../recording/calls.ts'
import type { Calls } from '../../recording/calls.ts'
import { linksBelow } from '../../recording/correlation.ts'
import { spanIndexOf } from '../../recording/span-index.ts'
import type { SpanIndex } from '../../recording/span-index.ts'
import { lanesOfCalls, rowAt } from '../../recording/flame-layout.ts'
import { internalFrames } from '../../recording/frame-names.ts'
import { buildLogEntries } from '../../recording/log-entries.ts'
import type { LogEntry } from '../../recording/log-entries.ts'
import type { Recording } from '../../recording/schema.ts'
import { readStatuses } from '../../recording/statuses.ts'
import type { StatusCurve, StatusName } from '../../recording/statuses.ts'
import { listThreads } from '../../recording/threads.ts'
import type { Thread } from '../../recording/threads.ts'
import { rangeOfRecording } from '../../recording/time-range.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import { clampRange } from '../canvas/time-scale.ts'
import { useSelection } from '../state/use-selection.ts'
import type { Anchor } from '../widgets/place-panel.ts'
import type { FoundCall } from './match-walk.ts'
import { rememberSteps } from './range-steps.ts'
import type { RangeSteps } from './range-steps.ts'

export interface Timeline {
  readonly recording: ComputedRef<Recording>
  readonly recordingId: ComputedRef<string>
  readonly selection: RangeSteps
  readonly extent: ComputedRef<TimeRange>
  /** What is on the screen. */
  readonly range: ComputedRef<TimeRange>
  readonly threads: ComputedRef<readonly Thread[]>
  readonly logs: ComputedRef<readonly LogEntry[]>
  readonly statuses: ComputedRef<Readonly<Record<StatusName, StatusCurve>>>
  readonly spanIndex: ComputedRef<SpanIndex>
  /** The time under the pointer. */
  readonly hover: ShallowRef<number | undefined>
  /** Where a popup opens: where was clicked last. */
  readonly anchor: ShallowRef<Anchor | undefined>
  /** Row of `spans`, -1 for none. */
  readonly selectedSpan: ComputedRef<number>
  /** By link: 1 where it belongs to the selected span or one below it; undefined where none is selected. */
  readonly selectedLinks: ComputedRef<Uint8Array | undefined>
  readonly selectedCall: ComputedRef<FoundCall | null>
  /** Index of `logs`, -1 for none. */
  readonly selectedLog: ComputedRef<number>
  /** Built when first asked for. */
  callsOf(thread: number): Calls
  pickCall(thread: number, call: number, at?: Anchor): void
  pickSpan(span: string | null, at?: Anchor): void
  pickLog(log: number, at?: Anchor): void
  zoomTo(range: TimeRange): void
}

export function createTimeline(recording: () => Recording, recordingId: () => string): Timeline {
  const selection = rememberSteps(useSelection())
  const whole = computed(recording)
  const extent = computed(() => rangeOfRecording(whole.value))
  const range = computed(() =>
    selection.range.value ? clampRange(selection.range.value, extent.value) : extent.value
  )
  const threads = computed(() => listThreads(whole.value))
  const logs = computed(() => buildLogEntries(whole.value))
  const spanIndex = computed(() => spanIndexOf(whole.value))
  const hover = shallowRef<number>()
  const anchor = shallowRef<Anchor>()
  let calls = new Map<number, Calls>()
  const hidden = computed(() =>
    selection.hide.value.includes('internals') ? internalFrames(whole.value) : undefined
  )
  watch([whole, hidden], () => (calls = new Map()), { flush: 'sync' })

  function callsOf(thread: number): Calls {
    const [source, leftOut] = [whole.value, hidden.value]
    const known = calls.get(thread)
    if (known) return known
    const built = buildCalls(source, thread, leftOut)
    calls.set(thread, built)
    return built
  }

  const selectedCall = computed(() => {
    const pick = selection.call.value
    if (!pick || !threads.value.some(({ id }) => id === pick.thread)) return null
    // A call shorter than a ns may have lost its time to rounding: look a little beyond.
    const call = rowAt(lanesOfCalls(callsOf(pick.thread)), pick.depth, pick.time, 1)
    return call < 0 ? null : { thread: pick.thread, call }
  })

  const selectedSpan = computed(() => spanIndex.value.rowOf(selection.span.value ?? ''))

  return {
    recording: whole,
    recordingId: computed(recordingId),
    selection,
    extent,
    range,
    threads,
    logs,
    statuses: computed(() => readStatuses(whole.value)),
    spanIndex,
    hover,
    anchor,
    selectedSpan,
    selectedLinks: computed(() => linksBelow(whole.value, spanIndex.value, selectedSpan.value)),
    selectedCall,
    selectedLog: computed(() => logs.value.findIndex(log => log.key === selection.log.value)),
    callsOf,
    pickCall(thread, call, at) {
      anchor.value = at
      if (call < 0) return selection.selectCall(null)
      const { depth, start, end } = callsOf(thread)
      // Its middle, because its ends may move when more of the recording arrives, and with rounding.
      const time = Math.round((start[call]! + end[call]!) / 2)
      selection.selectCall({ thread, depth: depth[call]!, time })
    },
    pickSpan(span, at) {
      anchor.value = at
      selection.selectCall(null)
      selection.selectSpan(span)
    },
    pickLog(log, at) {
      anchor.value = at
      selection.selectLog(logs.value[log]?.key ?? null)
    },
    zoomTo(next) {
      selection.setRange(next, 'push')
    }
  }
}

export const timelineKey: InjectionKey<Timeline> = Symbol('timeline')
