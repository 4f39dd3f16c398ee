// Bars in lanes: the geometry that flame charts and span lanes share. Within a lane bars are in order of time and
// don't overlap, so that both starts and ends ascend and a pixel is found by binary search.
import type { Calls } from './calls.ts'
import { oncePer } from './once-per.ts'

export interface Lanes {
  /** Number of lanes. */
  readonly count: number
  /** Lane l holds the positions from first[l] to first[l + 1]. */
  readonly first: Uint32Array
  /** By position: the row of the source table, its start and its end in ns. */
  readonly row: Int32Array
  readonly start: Float64Array
  readonly end: Float64Array
}

/** One lane a depth. */
export const lanesOfCalls = oncePer((calls: Calls): Lanes =>
  layOutLanes(calls.length, calls.depths, row => calls.depth[row]!, calls.start, calls.end)
)

/** Sorts rows, which come by start, into their lanes. */
export function layOutLanes(
  length: number,
  count: number,
  laneOf: (row: number) => number,
  starts: Float64Array,
  ends: Float64Array
): Lanes {
  const first = new Uint32Array(count + 1)
  for (let row = 0; row < length; row++) first[laneOf(row) + 1]!++
  for (let lane = 0; lane < count; lane++) first[lane + 1]! += first[lane]!
  const next = first.slice()
  const lanes = {
    count,
    first,
    row: new Int32Array(length),
    start: new Float64Array(length),
    end: new Float64Array(length)
  }
  for (let row = 0; row < length; row++) {
    const at = next[laneOf(row)]!++
    lanes.row[at] = row
    lanes.start[at] = starts[row]!
    lanes.end[at] = ends[row]!
  }
  return lanes
}

/** The first position of a lane whose bar ends after a time; the lane's end if there is none. */
export function firstEndingAfter(lanes: Lanes, lane: number, time: number): number {
  let low = lanes.first[lane]!
  let high = lanes.first[lane + 1]!
  while (low < high) {
    const middle = (low + high) >>> 1
    if (lanes.end[middle]! > time) high = middle
    else low = middle + 1
  }
  return low
}

/** The row of the bar that is open in a lane at a time, or the nearest one less than `slack` ns away; -1 for none. */
export function rowAt(lanes: Lanes, lane: number, time: number, slack = 0): number {
  if (lane < 0 || lane >= lanes.count) return -1
  const at = firstEndingAfter(lanes, lane, time)
  const isIn = at < lanes.first[lane + 1]!
  if (isIn && lanes.start[at]! <= time) return lanes.row[at]!
  const after = isIn ? lanes.start[at]! - time : Infinity
  const before = at > lanes.first[lane]! ? time - lanes.end[at - 1]! : Infinity
  if (Math.min(after, before) >= slack) return -1
  return lanes.row[before <= after ? at - 1 : at]!
}
