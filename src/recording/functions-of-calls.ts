// The functions of a flame graph by what they hold themselves, in whatever its widths are. Recursion counts once in totals.
import type { Calls } from './calls.ts'
import type { Recording } from './schema.ts'

export interface FunctionOfCalls {
  readonly frame: number
  readonly own: number
  readonly total: number
}

/** More are hardly read. */
export const mostFunctions = 50

export function functionsOfCalls(recording: Recording, calls: Calls): FunctionOfCalls[] {
  const own = new Float64Array(recording.frames.length)
  const total = new Float64Array(recording.frames.length)
  for (let call = 0; call < calls.length; call++) {
    const frame = calls.frame[call]!
    const width = calls.end[call]! - calls.start[call]!
    own[frame]! += width
    const parent = calls.parent[call]!
    if (parent >= 0) own[calls.frame[parent]!]! -= width
    if (!isWithinItself(calls, call)) total[frame]! += width
  }
  return Array.from(own, (width, frame) => ({ frame, own: width, total: total[frame]! }))
    .filter(({ own }) => own > 0)
    .sort((a, b) => b.own - a.own)
    .slice(0, mostFunctions)
}

function isWithinItself(calls: Calls, call: number): boolean {
  for (let at = calls.parent[call]!; at >= 0; at = calls.parent[at]!) {
    if (calls.frame[at] === calls.frame[call]) return true
  }
  return false
}
