// V8 stamps samples with CLOCK_MONOTONIC in µs, the clock of process.hrtime.

/** Taken before the program mocks its clocks. */
const monotonicNs = process.hrtime.bigint

/** Now, in µs of CLOCK_MONOTONIC; the fraction counts. */
export function monotonicUs(): number {
  return Number(monotonicNs()) / 1000
}

/** Takes monotonic to wall-clock time as it was between two measurements. */
export interface WallClock {
  /** Measures again; blocks for up to a few ms, 0.5 ms as a rule. */
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

/** Wall-clock minus monotonic time, in µs, taken at the moment Date.now() turns to the next millisecond. */
function measureOffset(): { atUs: number; offsetUs: number } {
  let best = { atUs: 0, offsetUs: 0 }
  let smallestGap = Infinity
  for (let edges = 0; edges < 3 && smallestGap > 5; edges++) {
    const start = Date.now()
    let before = monotonicUs()
    let millis = Date.now()
    let after = monotonicUs()
    // A clock that stands still must not stop the program.
    for (let reads = 0; millis === start && reads < 200_000; reads++) {
      before = after
      millis = Date.now()
      after = monotonicUs()
    }
    if (after - before >= smallestGap) continue
    smallestGap = after - before
    const atUs = (before + after) / 2
    best = { atUs, offsetUs: millis * 1000 - atUs }
  }
  return best
}
