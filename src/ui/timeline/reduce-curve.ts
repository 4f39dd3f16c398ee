// A curve cut to what is on the screen and thinned out to what it can show, peaks kept.
import { firstAfter } from '../../recording/statuses.ts'
import type { StatusCurve } from '../../recording/statuses.ts'
import type { TimeRange } from '../../recording/time-range.ts'

/** The points in range and one on either side, at most `most` of them: time, value, time, value … */
export function reduceCurve(curve: StatusCurve, range: TimeRange, most: number): Float64Array {
  const from = Math.max(0, firstAfter(curve.time, range.from) - 1)
  const to = Math.min(curve.time.length, firstAfter(curve.time, range.to) + 1)
  const kept =
    to - from <= most
      ? Int32Array.from({ length: to - from }, (_, i) => from + i)
      : largestTriangles(curve, from, to, most)
  const points = new Float64Array(kept.length * 2)
  kept.forEach((at, i) => {
    points[2 * i] = curve.time[at]!
    points[2 * i + 1] = curve.value[at]!
  })
  return points
}

/** Largest-triangle-three-buckets (Steinarsson 2013): of each bucket the point furthest from its neighbours' line. */
function largestTriangles({ time, value }: StatusCurve, from: number, to: number, most: number): Int32Array {
  const kept = [from]
  const bucket = (to - from - 2) / (most - 2)
  let last = from
  for (let b = 0; b < most - 2; b++) {
    const start = from + 1 + Math.floor(b * bucket)
    const end = from + 1 + Math.floor((b + 1) * bucket)
    const nextEnd = Math.min(to, from + 1 + Math.floor((b + 2) * bucket))
    let meanTime = 0
    let meanValue = 0
    for (let i = end; i < nextEnd; i++) {
      meanTime += time[i]! / (nextEnd - end)
      meanValue += value[i]! / (nextEnd - end)
    }
    let best = start
    let largest = -1
    for (let i = start; i < end; i++) {
      const area = Math.abs(
        (time[last]! - meanTime) * (value[i]! - value[last]!) -
          (time[last]! - time[i]!) * (meanValue - value[last]!)
      )
      if (area > largest) {
        largest = area
        best = i
      }
    }
    kept.push(best)
    last = best
  }
  kept.push(to - 1)
  return Int32Array.from(kept)
}

/** Each point of time, value, time, value … as a line that stands on the axis; NaN keeps them apart. */
export function asStems(points: Float64Array): Float64Array {
  const stems = new Float64Array(points.length * 3)
  for (let i = 0; i < points.length; i += 2) {
    const time = points[i]!
    stems.set([time, 0, time, points[i + 1]!, time, NaN], i * 3)
  }
  return stems
}
