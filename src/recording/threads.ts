// The threads of a recording that have timing samples, main thread first.
import type { Recording } from './schema.ts'

export interface Thread {
  /** 0 for the main thread, else the worker's threadId. */
  readonly id: number
  readonly name: string
  /** Timing samples, idle ones included. */
  readonly samples: number
}

/** The sample type of the sampler's own ticks, as against the stacks of log calls and span starts. */
const timingSampleType = 'wall'

/** Threads that were sampled. Rows of `threads` with one id are one thread: their resources may differ in a process. */
export function listThreads(recording: Recording): Thread[] {
  const { samples, profiles, threads } = recording
  const timing = timingProfiles(recording)
  const counts = new Map<number, { name: string; samples: number }>()
  for (let row = 0; row < samples.length; row++) {
    const profile = samples.profile[row]!
    if (!timing[profile]) continue
    const thread = profiles.thread[profile]!
    const id = thread < 0 ? 0 : threads.id[thread]!
    const known = counts.get(id)
    if (known) known.samples++
    else counts.set(id, { name: threadName(recording, thread), samples: 1 })
  }
  return [...counts].map(([id, { name, samples }]) => ({ id, name, samples })).sort((a, b) => a.id - b.id)
}

/** 1 for each profile of timing samples; of one thread where its id is given. */
export function timingProfiles(recording: Recording, threadId?: number): Uint8Array {
  const { profiles, threads, strings } = recording
  return Uint8Array.from({ length: profiles.length }, (_, profile) => {
    if (strings[profiles.sampleType[profile]!] !== timingSampleType) return 0
    const thread = profiles.thread[profile]!
    return threadId === undefined || (thread < 0 ? 0 : threads.id[thread]!) === threadId ? 1 : 0
  })
}

function threadName(recording: Recording, thread: number): string {
  const name = thread < 0 ? '' : recording.strings[recording.threads.name[thread]!]!
  const id = thread < 0 ? 0 : recording.threads.id[thread]!
  return name || (id === 0 ? 'main' : `worker-${id}`)
}
