// The functions that a span's time went to: those that were running when its samples were taken.
import type { Calls } from '../../recording/calls.ts'
import { frameName, placeOrCaller } from '../../recording/frame-names.ts'
import type { Recording } from '../../recording/schema.ts'
import { timingProfiles } from '../../recording/threads.ts'

export interface HotFunction {
  name: string
  /** Where it is; for what is part of V8, the function that called it. */
  place: string
  samples: number
  /** Of all samples of the span, 0 to 1. */
  share: number
  frame: number
}

const most = 5

/**
 * @param links by link: 1 for those of the span
 * @param hidden by frame: 1 for those whose time goes to their callers
 */
export function hotFunctions(
  recording: Recording,
  links: Uint8Array,
  threadId: number,
  hidden?: Uint8Array
): HotFunction[] {
  const { samples, stacks } = recording
  const timing = timingProfiles(recording, threadId)
  const counts = new Map<number, number>()
  const callers = new Map<number, number>()
  let all = 0
  for (let row = 0; row < samples.length; row++) {
    const stack = shownStack(recording, samples.stack[row]!, hidden)
    if (stack < 0 || !links[samples.link[row]!] || !timing[samples.profile[row]!]) continue
    const frame = stacks.frame[stack]!
    counts.set(frame, (counts.get(frame) ?? 0) + 1)
    callers.set(frame, callerOf(recording, stack))
    all++
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, most)
    .map(([frame, count]) => ({
      name: frameName(recording, frame),
      place: placeOrCaller(recording, frame, callers.get(frame)!),
      samples: count,
      share: count / all,
      frame
    }))
}

function shownStack({ stacks }: Recording, stack: number, hidden: Uint8Array | undefined): number {
  let at = stack
  while (at >= 0 && hidden?.[stacks.frame[at]!]) at = stacks.parent[at]!
  return at
}

function callerOf({ stacks }: Recording, stack: number): number {
  const parent = stacks.parent[stack]!
  return parent < 0 ? -1 : stacks.frame[parent]!
}

/** The longest call of the function in these spans, -1 where none is. */
export function longestCallOf(calls: Calls, frame: number, links: Uint8Array): number {
  let longest = -1
  for (let call = 0; call < calls.length; call++) {
    if (calls.frame[call] !== frame || !links[calls.link[call]!]) continue
    if (longest < 0 || durationOf(calls, call) > durationOf(calls, longest)) longest = call
  }
  return longest
}

function durationOf({ start, end }: Calls, call: number): number {
  return end[call]! - start[call]!
}
