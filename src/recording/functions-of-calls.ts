// The functions of a flame graph by what they hold themselves, in whatever its widths are. Recursion counts once in totals.
import type { Calls } from './calls.ts'
import type { Recording } from './schema.ts'

export interface FunctionOfCalls {
  readonly frame: number
  readonly own: number
  /** Undefined where the calls don't tell it. */
  readonly total: number | undefined
  /** Frame of the caller for which it held most, -1 for none. */
  readonly caller: number
}

/** More are hardly read. */
export const mostFunctions = 50

export function functionsOfCalls(recording: Recording, calls: Calls): FunctionOfCalls[] {
  const own = new Float64Array(recording.frames.length)
  const ownOfCall = new Float64Array(calls.length)
  const total = new Float64Array(recording.frames.length)
  for (let call = 0; call < calls.length; call++) {
    const frame = calls.frame[call]!
    const width = calls.end[call]! - calls.start[call]!
    own[frame]! += width
    ownOfCall[call]! += width
    const parent = calls.parent[call]!
    if (parent >= 0) {
      own[calls.frame[parent]!]! -= width
      ownOfCall[parent]! -= width
    }
    if (!isWithinItself(calls, call)) total[frame]! += width
  }
  const callers = mainCallers(recording, calls, ownOfCall)
  return Array.from(own, (width, frame) => ({
    frame,
    own: width,
    total: total[frame]!,
    caller: callers[frame]!
  }))
    .filter(({ own }) => own > 0)
    .sort((a, b) => b.own - a.own)
    .slice(0, mostFunctions)
}

/** The same of a graph that begins with what ran, each followed by its callers, the widest first. */
export function functionsOfCallees({ length, start, end, frame, parent }: Calls): FunctionOfCalls[] {
  return Array.from({ length }, (_, call) => call)
    .filter(call => parent[call]! < 0)
    .slice(0, mostFunctions)
    .map(call => ({
      frame: frame[call]!,
      own: end[call]! - start[call]!,
      total: undefined,
      caller: parent[call + 1] === call ? frame[call + 1]! : -1
    }))
}

function mainCallers(recording: Recording, calls: Calls, ownOfCall: Float64Array): Int32Array {
  const frames = recording.frames.length
  const callers = new Int32Array(frames).fill(-1)
  const most = new Float64Array(frames)
  const held = new Map<number, number>()
  for (let call = 0; call < calls.length; call++) {
    if (calls.parent[call]! < 0) continue
    const [frame, caller] = [calls.frame[call]!, calls.frame[calls.parent[call]!]!]
    const key = frame * frames + caller
    const sum = (held.get(key) ?? 0) + ownOfCall[call]!
    held.set(key, sum)
    if (sum > most[frame]!) [most[frame], callers[frame]] = [sum, caller]
  }
  return callers
}

function isWithinItself(calls: Calls, call: number): boolean {
  for (let at = calls.parent[call]!; at >= 0; at = calls.parent[at]!) {
    if (calls.frame[at] === calls.frame[call]) return true
  }
  return false
}
