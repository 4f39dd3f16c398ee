// The functions of a heap snapshot by what they allocated themselves. Recursion counts once in their totals.
import type { Calls } from '../../recording/calls.ts'
import type { Recording } from '../../recording/schema.ts'

export interface Allocator {
  readonly frame: number
  /** Bytes. */
  readonly own: number
  readonly total: number
}

const mostShown = 50

export function largestAllocators(recording: Recording, calls: Calls): Allocator[] {
  const own = new Float64Array(recording.frames.length)
  const total = new Float64Array(recording.frames.length)
  for (let call = 0; call < calls.length; call++) {
    const frame = calls.frame[call]!
    const bytes = calls.end[call]! - calls.start[call]!
    own[frame]! += bytes
    const parent = calls.parent[call]!
    if (parent >= 0) own[calls.frame[parent]!]! -= bytes
    if (!isWithinItself(calls, call)) total[frame]! += bytes
  }
  return Array.from(own, (bytes, frame) => ({ frame, own: bytes, total: total[frame]! }))
    .filter(({ own }) => own > 0)
    .sort((a, b) => b.own - a.own)
    .slice(0, mostShown)
}

function isWithinItself(calls: Calls, call: number): boolean {
  for (let at = calls.parent[call]!; at >= 0; at = calls.parent[at]!) {
    if (calls.frame[at] === calls.frame[call]) return true
  }
  return false
}
