// The labels of a trace's ruler, in percent of its width.
import type { TimeRange } from '../../recording/time-range.ts'
import { buildTicks, xOf } from '../canvas/time-scale.ts'

export interface AxisLabel {
  /** Where its tick stands. */
  readonly left: number
  /** '' where it would lie on the one before. */
  readonly label: string
  /** It stands before its tick: behind that it would be cut at the edge. */
  readonly before: boolean
}

/** CSS pixels: between two ticks at least, of a digit, and around a label. */
const tickGap = 90
const characterWidth = 7.5
const labelPadding = 8

/** @param width CSS pixels */
export function buildAxisLabels(range: TimeRange, width: number): AxisLabel[] {
  let taken = -Infinity
  return buildTicks(range, width, tickGap).map(({ time, label }) => {
    const x = xOf(range, width, time)
    const labelWidth = label.length * characterWidth + labelPadding
    const before = x + labelWidth > width
    const left = (x / width) * 100
    if (before && x - labelWidth < taken) return { left, label: '', before }
    taken = before ? x : x + labelWidth
    return { left, label, before }
  })
}
