import { nanosPerMs } from '../../base/units.ts'
import { formatTick } from '../canvas/time-scale.ts'

/** Seconds since the start to the millisecond, '3.250'; as on the timeline from a minute on, '1:02:03.250'. */
export function formatLogTime(time: number): string {
  const ms = Math.round(time / nanosPerMs)
  // A moment before its trace is 0.000 too, not -0.000.
  return Math.abs(ms) < 60_000 ? (ms / 1000 || 0).toFixed(3) : formatTick(ms * nanosPerMs, nanosPerMs)
}
