import { xOf } from '../canvas/time-scale.ts'
import type { UnixRange } from '../data/stretch.ts'

/**
 * The area below a curve of steps as an SVG path in a square of 1 × 1: each step from where it begins to its end, the
 * highest value at the top. Gaps stay empty.
 * @param time where each step begins, ascending, in the unit of `whole`
 */
export function areaPath(
  time: readonly number[],
  value: readonly number[],
  step: number,
  whole: UnixRange
): string {
  const highest = value.reduce((most, each) => Math.max(most, each), 0) || 1
  const x = (at: number): string => xOf(whole, 1, at).toFixed(5)
  return time
    .map((start, i) => `M${x(start)} 1V${(1 - value[i]! / highest).toFixed(3)}H${x(start + step)}V1Z`)
    .join('')
}
