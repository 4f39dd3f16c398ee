// What lives in the heap, by the stacks that allocated it: each profile of sample type 'heap' is the heap at one moment.
import type { Calls } from './calls.ts'
import type { Recording } from './schema.ts'
import { buildTreeCalls } from './tree-calls.ts'

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

/** A snapshot as calls of a flame graph, as wide as their bytes. `samples` are stacks with bytes of their own. */
export function buildHeapCalls(recording: Recording, profile: number): Calls {
  const { stacks } = recording
  const { total, own } = bytesByStack(recording, profile)
  const { calls, node } = buildTreeCalls({ parent: stacks.parent, frame: stacks.frame, total })
  const samples = Uint32Array.from(node, stack => (own[stack]! > 0 ? 1 : 0))
  for (let row = samples.length - 1; row >= 0; row--) {
    if (calls.parent[row]! >= 0) samples[calls.parent[row]!]! += samples[row]!
  }
  return Object.freeze({ ...calls, samples })
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
