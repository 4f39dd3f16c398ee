// The threads of a recording, main thread first.
import type { Recording } from './schema.ts'

export interface Thread {
  /** 0 for the main thread, else the worker's threadId. */
  readonly id: number
  readonly name: string
  /** Timing samples, idle ones included. */
  readonly samples: number
}

/**
 * Types of samples that tell how time was spent: the recorder's own, then other profilers'. These may give each tick in two
 * types, so that of a recording the first one that it has is shown and counted.
 */
const timingSampleTypes = ['wall', 'cpu', 'samples', 'sample']

/**
 * All threads, also those that ended before they were sampled. Rows of `threads` with one id are one thread: their resources
 * may differ in a process. Those of one name are told apart by their id.
 */
export function listThreads(recording: Recording): Thread[] {
  const { samples, profiles, threads } = recording
  const timing = timingProfiles(recording)
  const counts = new Map<number, { name: string; samples: number }>()
  const threadOf = (row: number): { name: string; samples: number } => {
    const id = row < 0 ? 0 : threads.id[row]!
    let known = counts.get(id)
    if (known === undefined) counts.set(id, (known = { name: threadName(recording, row), samples: 0 }))
    return known
  }
  for (let row = 0; row < samples.length; row++) {
    const profile = samples.profile[row]!
    if (timing[profile]) threadOf(profiles.thread[profile]!).samples++
  }
  for (let row = 0; row < threads.length; row++) threadOf(row)
  const used = new Map<string, number>()
  for (const { name } of counts.values()) used.set(name, (used.get(name) ?? 0) + 1)
  return [...counts]
    .map(([id, { name, samples }]) => ({
      id,
      name: id === 0 || used.get(name) === 1 ? name : `${name} (${id})`,
      samples
    }))
    .sort((a, b) => a.id - b.id)
}

/** Those that the sampler saw. */
export function listSampledThreads(recording: Recording): Thread[] {
  return listThreads(recording).filter(({ samples }) => samples > 0)
}

/** 1 for each profile of timing samples, all of which have a time; of one thread where its id is given. */
export function timingProfiles(recording: Recording, threadId?: number): Uint8Array {
  const { profiles, threads, strings } = recording
  const timed = timedProfiles(recording)
  const types = new Set<string>()
  timed.forEach((isTimed, profile) => isTimed && types.add(strings[profiles.sampleType[profile]!]!))
  const type = timingSampleTypes.find(type => types.has(type))
  return timed.map((isTimed, profile) => {
    if (!isTimed || strings[profiles.sampleType[profile]!] !== type) return 0
    const thread = profiles.thread[profile]!
    return threadId === undefined || (thread < 0 ? 0 : threads.id[thread]!) === threadId ? 1 : 0
  })
}

/** 1 for each profile that has samples, each with a time. */
function timedProfiles({ profiles, samples: { length, profile, time } }: Recording): Uint8Array {
  const timed = new Uint8Array(profiles.length)
  const untimed = new Uint8Array(profiles.length)
  for (let row = 0; row < length; row++) {
    if (Number.isNaN(time[row]!)) untimed[profile[row]!] = 1
    else timed[profile[row]!] = 1
  }
  return timed.map((isTimed, profile) => (untimed[profile] ? 0 : isTimed))
}

function threadName(recording: Recording, thread: number): string {
  const name = thread < 0 ? '' : recording.strings[recording.threads.name[thread]!]!
  const id = thread < 0 ? 0 : recording.threads.id[thread]!
  return name || (id === 0 ? 'main' : `worker-${id}`)
}
