// Two runs as one flame graph: each call is as wide as the mean of its shares of both busy times, so that what is only in
// one of them has a place, too.
import type { Calls } from './calls.ts'
import type { CallTreeDiff } from './diff-call-trees.ts'
import type { Recording } from './schema.ts'
import { recordingOfFrames } from './stacks-of-calls.ts'
import { buildTreeCalls } from './tree-calls.ts'

/** What a call has of a run. */
export interface CallTimes {
  /** ns. */
  readonly self: number
  readonly total: number
  /** Of the busy time, 0 to 1. */
  readonly selfShare: number
  readonly totalShare: number
}

export interface DiffFlame {
  /** Names and files of functions, nothing else; its frames are the rows of the tree's. */
  readonly recording: Recording
  readonly calls: Calls
  /** By call: from -1, only in A, to 1, only in B; 0 where it has the same share, near 0 where few samples say it. */
  readonly growth: Float64Array
  /** By call its row in the columns of `times`. */
  readonly node: Int32Array
  readonly times: Pick<CallTreeDiff, 'a' | 'b' | 'busy'>
}

/** So many samples more or less are nothing to look at. */
const noise = 4

/** The width of all there is, of both runs; a call's width is its part of that. */
export const flameWidth = 1e9

export function buildDiffFlame(tree: CallTreeDiff): DiffFlame {
  const { frame, parent, a, b, busy, samples } = tree
  const slack = noise / Math.max(1, samples.a) + noise / Math.max(1, samples.b)
  const [inA, inB] = [a.total.map(time => shareOf(time, busy.a)), b.total.map(time => shareOf(time, busy.b))]
  const total = inA.map((share, node) => ((share + inB[node]!) / 2) * flameWidth)
  const { calls, node } = buildTreeCalls({ parent, frame, total })
  return Object.freeze({
    recording: recordingOfFrames(tree.frames),
    calls,
    growth: Float64Array.from(node, row => (inB[row]! - inA[row]!) / (inA[row]! + inB[row]! + slack)),
    node,
    times: { a, b, busy }
  })
}

/** What a call has of both runs. */
export function callTimes({ node, times }: DiffFlame, call: number): { a: CallTimes; b: CallTimes } {
  const row = node[call]!
  const timesIn = (side: 'a' | 'b'): CallTimes => {
    const self = times[side].self[row]!
    const total = times[side].total[row]!
    const busy = times.busy[side]
    return { self, total, selfShare: shareOf(self, busy), totalShare: shareOf(total, busy) }
  }
  return { a: timesIn('a'), b: timesIn('b') }
}

function shareOf(time: number, busyTime: number): number {
  return busyTime > 0 ? time / busyTime : 0
}
