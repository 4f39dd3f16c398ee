import { clamp } from '../../base/units.ts'
import type { TimeRange } from '../../recording/time-range.ts'

/** The parts of an extent before and after a range, as CSS percentages. */
export function windowShares(
  range: TimeRange,
  extent: TimeRange
): { before: string; after: string; isPart: boolean } {
  const whole = extent.to - extent.from
  const percent = (part: number): string => `${clamp((part / whole) * 100, 0, 100)}%`
  return {
    before: percent(range.from - extent.from),
    after: percent(extent.to - range.to),
    isPart: range.from > extent.from || range.to < extent.to
  }
}
