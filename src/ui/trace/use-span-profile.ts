// The stacks of the selected span: which thread, which calls, which of them are its own, and which one is selected.
import { computed, shallowRef, watch } from 'vue'
import type { ComputedRef } from 'vue'
import { buildCalls } from '../../recording/calls.ts'
import type { Calls } from '../../recording/calls.ts'
import { internalFrames } from '../../recording/frame-names.ts'
import { listSampledThreads } from '../../recording/threads.ts'
import type { Thread } from '../../recording/threads.ts'
import type { Selection } from '../state/use-selection.ts'
import { callAtPick } from '../state/call-at-pick.ts'
import { hotFunctions, longestCallOf } from './hot-functions.ts'
import type { HotFunction } from './hot-functions.ts'
import { profileStateOf } from './profile-state.ts'
import type { ProfileState } from './profile-state.ts'
import type { TraceModel, TracePart, TraceSpan } from './trace-model.ts'

export interface ShownSpan {
  part: TracePart
  span: TraceSpan
}

export interface SpanProfile {
  readonly state: ComputedRef<ProfileState>
  readonly threads: ComputedRef<readonly Thread[]>
  /** Id of the thread whose calls are shown. */
  readonly thread: ComputedRef<number>
  readonly calls: ComputedRef<Calls>
  /** By link: 1 for the span and those below it. */
  readonly links: ComputedRef<Uint8Array>
  /** Row of the selected call, -1 for none. */
  readonly selected: ComputedRef<number>
  readonly hot: ComputedRef<readonly HotFunction[]>
  readonly ownOnly: ComputedRef<boolean>
  chooseThread(id: number): void
  /** Selects a call by its row; -1 for none. */
  pick(call: number): void
  pickFunction(frame: number): void
  toggleOwnOnly(): void
}

/** @param shown the span, which changes; there always is one while this lives */
export function useSpanProfile(
  model: () => TraceModel,
  shown: ComputedRef<ShownSpan>,
  selection: Selection
): SpanProfile {
  const { call, hide } = selection
  const recording = computed(() => shown.value.part.recording)
  const below = computed(() => {
    const { span } = shown.value
    const at = model().indexOf(span.spanId)
    return model()
      .spans.slice(at + 1, span.last)
      .filter(other => other.recording === span.recording)
      .map(other => other.span)
  })
  const state = computed(() => profileStateOf(shown.value.part, shown.value.span.span, below.value))
  const threads = computed(() => listSampledThreads(recording.value))
  const chosen = shallowRef<number>()
  watch(
    () => shown.value.span.spanId,
    () => (chosen.value = undefined)
  )
  const thread = computed(() => {
    const own = state.value.kind === 'recorded' ? state.value.threads[0] : undefined
    return call.value?.thread ?? chosen.value ?? own ?? threads.value[0]?.id ?? 0
  })
  const ownOnly = computed(() => hide.value.includes('internals'))
  const hidden = computed(() => (ownOnly.value ? internalFrames(recording.value) : undefined))
  const calls = computed(() => buildCalls(recording.value, thread.value, hidden.value))
  const links = computed(() =>
    state.value.kind === 'recorded' ? state.value.links : new Uint8Array(recording.value.links.length)
  )

  function pick(row: number): void {
    if (row < 0) return selection.selectCall(null)
    const { start, end, depth } = calls.value
    const middle = Math.round((start[row]! + end[row]!) / 2)
    selection.selectCall({ thread: thread.value, depth: depth[row]!, time: middle })
  }

  return {
    state,
    threads,
    thread,
    calls,
    links,
    selected: computed(() => (call.value ? callAtPick(calls.value, call.value) : -1)),
    hot: computed(() => hotFunctions(recording.value, links.value, thread.value, hidden.value)),
    ownOnly,
    chooseThread(id) {
      chosen.value = id
      selection.selectCall(null)
    },
    pick,
    pickFunction: frame => pick(longestCallOf(calls.value, frame, links.value)),
    toggleOwnOnly() {
      // A call is found again by its depth, which this changes.
      selection.selectCall(null)
      const others = hide.value.filter(word => word !== 'internals')
      selection.setHide(ownOnly.value ? others : [...others, 'internals'])
    }
  }
}
