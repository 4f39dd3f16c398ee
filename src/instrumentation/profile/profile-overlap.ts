import type { CapturedProfile } from './profiler-backend.ts'
import { capturedFromV8, type V8Profile } from './v8-profile.ts'

/** The two calls that both V8 profilers have. */
export interface TitledProfiles {
  start(title: string): void
  stop(title: string): V8Profile | undefined
  /** What the profiles count their first line as. */
  firstLine: 0 | 1
}

// V8 keeps every title it has seen until the profiler goes: two are enough, and one must not follow itself.
const titles = ['microlog-a', 'microlog-b'] as const

/**
 * Rotates profiles without a gap. V8 hands a stopped profile only the ticks that its own thread has already worked off, and
 * a new profile only those from its start on: stopping right after starting loses the ticks in between. So the next profile
 * runs beside the last one for a while; both then have the same samples up to the last one's end, and the next one's are
 * taken from there on.
 */
export class ProfileOverlap {
  readonly #profiles: TitledProfiles
  #turn = 0
  #running = false
  #overlapping = false
  /** Of the last sample handed over, in µs of CLOCK_MONOTONIC. */
  #lastUs = -Infinity

  constructor(profiles: TitledProfiles) {
    this.#profiles = profiles
  }

  start(): void {
    this.#profiles.start(this.#title(0))
    this.#running = true
  }

  prepare(): void {
    if (!this.#running || this.#overlapping) return
    this.#profiles.start(this.#title(1))
    this.#overlapping = true
  }

  rotate(): CapturedProfile | undefined {
    if (!this.#overlapping) return undefined
    this.#overlapping = false
    return this.#takeOldest()
  }

  /** The last profile to stop gets all ticks, so that is the older one. */
  stop(): CapturedProfile | undefined {
    if (!this.#running) return undefined
    if (this.#overlapping) this.#profiles.stop(this.#title(1))
    this.#running = false
    this.#overlapping = false
    return this.#takeOldest()
  }

  #title(ahead: number): string {
    return titles[(this.#turn + ahead) & 1]!
  }

  #takeOldest(): CapturedProfile | undefined {
    const profile = this.#profiles.stop(this.#title(0))
    this.#turn++
    if (profile === undefined) return undefined
    const captured = capturedFromV8(profile, this.#profiles.firstLine, this.#lastUs)
    this.#lastUs = captured.monotonicUs.at(-1) ?? this.#lastUs
    return captured
  }
}
