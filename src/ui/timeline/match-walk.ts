// From one thing that a search found to the next: calls, outermost matches in order of time and thread by thread, then spans
// and logs.
import type { Calls } from '../../recording/calls.ts'

export interface ThreadCalls {
  readonly id: number
  readonly calls: Calls
}
export interface FoundCall {
  readonly thread: number
  readonly call: number
}

/** Rows of `spans` and of the logs. */
export type Found = FoundCall | { readonly span: number } | { readonly log: number }

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

/** The index after (step 1) or before (-1) the current one, around the ends; the first or last where none is current, at -1. */
export function stepMatch(count: number, at: number, step: 1 | -1): number {
  if (at >= 0) return (at + step + count) % count
  return step === 1 ? 0 : count - 1
}
