import type { SpanSlot } from '../spans/span-state.ts'

/** A stack that was asked for, not sampled. */
export interface StackMark {
  kind: 'log' | 'span-start' | 'rotation'
  slot: SpanSlot | undefined
  uid: string
  /** The call that pushed the stack into V8's profile, in µs of CLOCK_MONOTONIC; or, where `stack` is set, when it was taken. */
  fromUs: number
  toUs: number
  /** Leaf row in the stacks captured in JavaScript; -1 where V8's profile has it. */
  stack: number
  /** Of a span's start. */
  start?: StartPlace
}

/** Where a span started, and how many starts of its name are told with it. */
export interface StartPlace {
  /** The same for all stacks whose frames outside of Node are the same. */
  path: number
  count: number
}

/** A stack that was asked for, found. */
export interface FoundMark {
  mark: StackMark
  stack: number
  timeUs: number
}
