// From one call that a search found to the next: outermost matches in order of time, thread by thread.
import type { Calls } from '../../recording/calls.ts'

export interface ThreadCalls {
  readonly id: number
  readonly calls: Calls
}
export interface FoundCall {
  readonly thread: number
  readonly call: number
}

/** Calls that match and whose callers don't. */
export function findCalls(threads: readonly ThreadCalls[], matches: Uint8Array): FoundCall[] {
  return threads.flatMap(({ id, calls }) => {
    const inside = new Uint8Array(calls.length)
    const found: FoundCall[] = []
    for (let call = 0; call < calls.length; call++) {
      const parent = calls.parent[call]!
      const isInside = parent >= 0 && inside[parent] === 1
      const isMatch = matches[calls.frame[call]!] === 1
      inside[call] = isInside || isMatch ? 1 : 0
      if (isMatch && !isInside) found.push({ thread: id, call })
    }
    return found
  })
}

/** The match after (step 1) or before (-1) the current one, around the ends; the first where none is current. */
export function stepMatch(
  found: readonly FoundCall[],
  current: FoundCall | null,
  step: 1 | -1
): FoundCall | undefined {
  if (found.length === 0) return undefined
  const at = current
    ? found.findIndex(({ thread, call }) => thread === current.thread && call === current.call)
    : -1
  if (at >= 0) return found[(at + step + found.length) % found.length]
  return step === 1 ? found[0] : found[found.length - 1]
}
