// Where the arrow keys lead from a call: to its caller, its first callee and its neighbours at the same depth.
import type { Calls } from '../../recording/calls.ts'
import { firstEndingAfter } from '../../recording/flame-layout.ts'
import type { Lanes } from '../../recording/flame-layout.ts'
import type { TimeRange } from '../../recording/time-range.ts'

/** The call that a key leads to, the same one where it leads nowhere, undefined for any other key. */
export function walkCalls(calls: Calls, lanes: Lanes, call: number, key: string): number | undefined {
  if (!arrowKeys.includes(key)) return undefined
  if (call < 0 || call >= calls.length) return -1
  const lane = calls.depth[call]!
  if (key === 'ArrowUp') return calls.parent[call]! >= 0 ? calls.parent[call]! : call
  if (key === 'ArrowDown') {
    if (lane + 1 >= lanes.count) return call
    const at = firstEndingAfter(lanes, lane + 1, calls.start[call]!)
    const child = at < lanes.first[lane + 2]! ? lanes.row[at]! : -1
    return child >= 0 && calls.parent[child] === call ? child : call
  }
  const at = firstEndingAfter(lanes, lane, calls.start[call]!)
  const next = key === 'ArrowRight' ? at + 1 : at - 1
  return next >= lanes.first[lane]! && next < lanes.first[lane + 1]! ? lanes.row[next]! : call
}

const arrowKeys = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']

/** Where the keyboard starts: the outermost call on the screen. */
export function firstCallIn(lanes: Lanes, range: TimeRange): number {
  if (lanes.count === 0) return -1
  const at = firstEndingAfter(lanes, 0, range.from)
  return at < lanes.first[1]! && lanes.start[at]! < range.to ? lanes.row[at]! : -1
}
