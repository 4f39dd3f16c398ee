// What lives in the heap, by the stacks that allocated it: each profile of sample type 'heap' is the heap at one moment.
import type { Calls } from './calls.ts'
import type { Recording } from './schema.ts'

export interface HeapSnapshot {
  /** Row of `profiles`. */
  readonly profile: number
  /** ns since the recording's epoch. */
  readonly time: number
  readonly bytes: number
}

/** By time; those without samples are none. */
export function listHeapSnapshots(recording: Recording): HeapSnapshot[] {
  const { profiles, samples, strings } = recording
  const bytes = new Float64Array(profiles.length)
  const time = new Float64Array(profiles.length)
  for (let row = 0; row < samples.length; row++) {
    const profile = samples.profile[row]!
    bytes[profile]! += samples.value[row]!
    time[profile] = samples.time[row]!
  }
  return Array.from({ length: profiles.length }, (_, profile) => ({
    profile,
    time: time[profile]!,
    bytes: bytes[profile]!
  }))
    .filter(({ profile, bytes }) => bytes > 0 && strings[profiles.sampleType[profile]!] === 'heap')
    .sort((a, b) => a.time - b.time)
}

/**
 * A snapshot as calls of a flame graph: starts and ends count bytes from 0 on, callees stand side by side, the largest
 * first, and what a call allocated itself is at its right end. `samples` are stacks with bytes of their own.
 */
export function buildHeapCalls(recording: Recording, profile: number): Calls {
  const { stacks } = recording
  const { total, own } = bytesByStack(recording, profile)
  const callees = new Map<number, number[]>()
  for (let stack = 0; stack < stacks.length; stack++) {
    if (total[stack] === 0) continue
    const siblings = callees.get(stacks.parent[stack]!)
    if (siblings) siblings.push(stack)
    else callees.set(stacks.parent[stack]!, [stack])
  }
  for (const siblings of callees.values()) siblings.sort((a, b) => total[b]! - total[a]!)

  const rows = { start: [] as number[], depth: [] as number[], parent: [] as number[], stack: [] as number[] }
  const waiting = beside(callees.get(-1), total, 0, 0, -1)
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const row = rows.stack.push(next.stack) - 1
    rows.start.push(next.start)
    rows.depth.push(next.depth)
    rows.parent.push(next.parent)
    waiting.push(...beside(callees.get(next.stack), total, next.start, next.depth + 1, row))
  }
  const samples = Uint32Array.from(rows.stack, stack => (own[stack]! > 0 ? 1 : 0))
  for (let row = samples.length - 1; row >= 0; row--) {
    if (rows.parent[row]! >= 0) samples[rows.parent[row]!]! += samples[row]!
  }
  return Object.freeze({
    length: rows.stack.length,
    depths: rows.depth.reduce((most, depth) => Math.max(most, depth + 1), 0),
    start: Float64Array.from(rows.start),
    end: Float64Array.from(rows.stack, (stack, row) => rows.start[row]! + total[stack]!),
    depth: Int32Array.from(rows.depth),
    frame: Int32Array.from(rows.stack, stack => stacks.frame[stack]!),
    parent: Int32Array.from(rows.parent),
    samples,
    link: new Int32Array(rows.stack.length)
  })
}

interface Placed {
  stack: number
  start: number
  depth: number
  parent: number
}

/** The leftmost comes off the end first, so that calls are in the order of their starts. */
function beside(
  siblings: readonly number[] | undefined,
  total: Float64Array,
  from: number,
  depth: number,
  parent: number
): Placed[] {
  let start = from
  const placed: Placed[] = []
  for (const stack of siblings ?? []) {
    placed.push({ stack, start, depth, parent })
    start += total[stack]!
  }
  return placed.reverse()
}

function bytesByStack(
  { samples, stacks }: Recording,
  profile: number
): { total: Float64Array; own: Float64Array } {
  const own = new Float64Array(stacks.length)
  for (let row = 0; row < samples.length; row++) {
    if (samples.profile[row] === profile && samples.stack[row]! >= 0)
      own[samples.stack[row]!]! += samples.value[row]!
  }
  const total = own.slice()
  // A stack's parent is a smaller row.
  for (let stack = stacks.length - 1; stack >= 0; stack--) {
    if (stacks.parent[stack]! >= 0) total[stacks.parent[stack]!]! += total[stack]!
  }
  return { total, own }
}
