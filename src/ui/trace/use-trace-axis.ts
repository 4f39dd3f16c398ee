// The time axis of a trace: what of it is on the screen, and what follows the pointer over it.
import { useElementSize } from '@vueuse/core'
import { computed } from 'vue'
import type { ComputedRef, Ref, ShallowRef } from 'vue'
import type { TimeRange } from '../../recording/time-range.ts'
import { clampRange, xOf } from '../canvas/time-scale.ts'
import { useTimeGestures } from '../canvas/use-time-gestures.ts'
import { useSelection } from '../state/use-selection.ts'
import type { TraceModel } from './trace-model.ts'

export interface TraceAxisState {
  readonly extent: ComputedRef<TimeRange>
  readonly range: ComputedRef<TimeRange>
  setRange(next: TimeRange | null, keep?: 'replace' | 'push'): void
  /** Too narrow for names of a full width. */
  readonly isNarrow: ComputedRef<boolean>
  /** CSS pixels of the axis itself, beside the names. */
  readonly trackWidth: ComputedRef<number>
  readonly hover: Readonly<Ref<number | undefined>>
  /** As styles: the line under the pointer, and the stretch that is being dragged. */
  readonly hairline: ComputedRef<{ left: string } | undefined>
  readonly brushed: ComputedRef<{ left: string; width: string } | undefined>
}

/** @param element names and axis */
export function useTraceAxis(
  element: Readonly<ShallowRef<HTMLElement | null>>,
  model: () => TraceModel
): TraceAxisState {
  const selection = useSelection()
  const extent = computed(() => {
    const { from, to } = model().range
    const air = (to - from) * 0.01
    return { from: from - air, to: to + air }
  })
  const range = computed(() =>
    selection.range.value ? clampRange(selection.range.value, extent.value) : extent.value
  )
  function setRange(next: TimeRange | null, keep: 'replace' | 'push' = 'push'): void {
    const whole = !next || (next.from <= extent.value.from && next.to >= extent.value.to)
    selection.setRange(whole ? null : next, keep)
  }

  const { width } = useElementSize(element)
  const isNarrow = computed(() => width.value > 0 && width.value < 560)
  /** CSS pixels of the names. */
  const gutter = computed(() => (isNarrow.value ? 132 : 320))
  const { hover, brush } = useTimeGestures(element, {
    get gutter() {
      return gutter.value
    },
    range: () => range.value,
    extent: () => extent.value,
    setRange
  })
  const leftOf = (time: number): string =>
    `calc(${gutter.value}px + (100% - ${gutter.value}px) * ${xOf(range.value, 1, time)})`
  const hairline = computed(() => (hover.value === undefined ? undefined : { left: leftOf(hover.value) }))
  const brushed = computed(() => {
    if (!brush.value) return undefined
    const { from, to } = brush.value
    const share = xOf(range.value, 1, to) - xOf(range.value, 1, from)
    return { left: leftOf(from), width: `calc((100% - ${gutter.value}px) * ${share})` }
  })
  const trackWidth = computed(() => Math.max(100, width.value - gutter.value))
  return { extent, range, setRange, isNarrow, trackWidth, hover, hairline, brushed }
}
