// The real timers and clocks. A program's tests put their own in place of the global ones: what is ours isn't to be among the
// timers that they count, run or wait for, and never waits for a clock that stands still. Taken when this is loaded.
import { performance } from 'node:perf_hooks'

export const { clearInterval, clearTimeout, setInterval, setTimeout } = globalThis

/** As performance.now(). */
export const nowMs = performance.now.bind(performance)

/** As Date.now(). */
export const unixMs = Date.now

/** CLOCK_MONOTONIC. */
export const monotonicNs = process.hrtime.bigint
