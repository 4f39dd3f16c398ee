// What the legend of a resource says: its value at a moment, or what it came to over the stretch on the screen.
import { firstAfter, statusAt, statusNear } from '../../recording/statuses.ts'
import type { StatusCurve } from '../../recording/statuses.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import type { Resource } from './resources-option.ts'

/** @param within ns by which a moment's value may lie beside the time */
export function valueAt(
  { shape }: Resource,
  curve: StatusCurve,
  time: number,
  within: number
): number | undefined {
  if (shape === 'stems') return statusNear(curve, time, within)
  if (shape !== 'intervals') return statusAt(curve, time)
  const after = firstAfter(curve.time, time)
  return curve.value[curve.time[after - 1] === time ? after - 1 : after]
}

export interface ResourceSummary {
  readonly word: 'mean' | 'max'
  readonly value: number | undefined
}

/** Shares add up to a mean; of all else the most is what matters. */
export function summarizeResource(resource: Resource, curve: StatusCurve, range: TimeRange): ResourceSummary {
  const word = resource.scale === 'share' ? 'mean' : 'max'
  const from = firstAfter(curve.time, range.from)
  const to = firstAfter(curve.time, range.to)
  // Between two points: what counts there. Pauses are none where there is no point.
  if (to === from) {
    const value = resource.shape === 'stems' ? undefined : valueAt(resource, curve, range.from, 0)
    return { word, value }
  }
  let [sum, most] = [0, -Infinity]
  for (let i = from; i < to; i++) {
    sum += curve.value[i]!
    if (curve.value[i]! > most) most = curve.value[i]!
  }
  return { word, value: word === 'mean' ? sum / (to - from) : most }
}
