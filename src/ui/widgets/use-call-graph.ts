// What a flame graph that stands for itself needs beside its calls: how wide they are, what is looked at, and a line about the
// selected one.
import { computed } from 'vue'
import type { ComputedRef } from 'vue'
import type { Calls } from '../../recording/calls.ts'
import { frameName, framePlace } from '../../recording/frame-names.ts'
import type { Recording } from '../../recording/schema.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import { useGraphView } from '../state/use-graph-view.ts'
import type { GraphView } from '../state/use-graph-view.ts'

export interface CallGraph {
  readonly extent: ComputedRef<TimeRange>
  readonly view: GraphView
  /** Undefined where no call is selected. */
  readonly told: ComputedRef<string | undefined>
  /** Of the selected call. */
  readonly frame: ComputedRef<number | undefined>
  widthOf(call: number): number
}

export interface CallGraphSource {
  recording(): Recording
  calls(): Calls
  /** The width of all of them. */
  whole(): number
  /** What is told of a call beside its name and place. */
  factsOf(call: number, width: number): readonly string[]
}

export function useCallGraph({ recording, calls, whole, factsOf }: CallGraphSource): CallGraph {
  const extent = computed<TimeRange>(() => ({ from: 0, to: whole() }))
  const view = useGraphView(calls, () => extent.value)
  const widthOf = (call: number): number => calls().end[call]! - calls().start[call]!
  const frame = computed(() => (view.selected.value < 0 ? undefined : calls().frame[view.selected.value]!))
  const told = computed(() => {
    if (frame.value === undefined) return undefined
    const call = view.selected.value
    const names = [frameName(recording(), frame.value), framePlace(recording(), frame.value)]
    return [...names, ...factsOf(call, widthOf(call))].filter(Boolean).join('  ')
  })
  return { extent, view, told, frame, widthOf }
}
