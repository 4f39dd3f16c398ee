// V8 stamps samples with CLOCK_MONOTONIC in µs, the clock of process.hrtime.
import { monotonicNs, unixMs } from '../real-clock.ts'

/** Now, in µs of CLOCK_MONOTONIC; the fraction counts. */
export function monotonicUs(): number {
  return Number(monotonicNs()) / 1000
}

/** Takes monotonic to wall-clock time as it was between two measurements. */
export interface WallClock {
  /** Measures again; blocks for 0.5 ms as a rule, and 4 ms at most. */
  measure(): void
  /** Microseconds since 1970 of a time between the last two measurements. */
  toUnixUs(monotonicUs: number): number
}

/** More than this between two measurements is somebody setting the clock, not drift. */
const largestDriftUs = 10_000

export function createWallClock(): WallClock {
  let earlier = measureOffset()
  let later = earlier
  return {
    measure() {
      earlier = later
      later = measureOffset()
    },
    toUnixUs(timeUs) {
      const drift = later.offsetUs - earlier.offsetUs
      const span = later.atUs - earlier.atUs
      if (span <= 0 || Math.abs(drift) > largestDriftUs) return timeUs + later.offsetUs
      const share = Math.min(1, Math.max(0, (timeUs - earlier.atUs) / span))
      return timeUs + earlier.offsetUs + drift * share
    }
  }
}

interface Offset {
  atUs: number
  /** Wall-clock minus monotonic time. */
  offsetUs: number
  /** How far it may be off. */
  gapUs: number
}

/** A second try where the first was interrupted. */
function measureOffset(): Offset {
  const first = offsetAtEdge()
  if (first.gapUs < widestGapUs) return first
  const second = offsetAtEdge()
  return second.gapUs < first.gapUs ? second : first
}

const widestGapUs = 20
/** An edge comes within 1 ms, unless the clock stands still. */
const longestWaitUs = 2000

/** At the moment when the wall clock turns to the next millisecond: it tells no parts of one. */
function offsetAtEdge(): Offset {
  const startUs = monotonicUs()
  const start = unixMs()
  let before = startUs
  let millis = start
  let after = startUs
  while (millis === start && after - startUs < longestWaitUs) {
    before = after
    millis = unixMs()
    after = monotonicUs()
  }
  const atUs = (before + after) / 2
  return { atUs, offsetUs: millis * 1000 - atUs, gapUs: after - before }
}
