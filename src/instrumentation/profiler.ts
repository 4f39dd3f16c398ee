import type { LinkedProfile } from './record-sink.ts'

export interface ProfilerOptions {
  intervalUs: number
  /** Ties samples to spans; costs about 0.15 µs per await. */
  linking: boolean
  /** Called on this thread with each rotation's profile. */
  onProfile(profile: LinkedProfile): void
}

export interface Profiler {
  start(): void
  /** Hands over what was sampled so far. */
  rotate(): void
  /** The last profile is handed over before this returns. */
  stop(): void
  /** Keeps the stack of the log call that is running now; it travels with the next profile. */
  markLog(uid: string): void
}
