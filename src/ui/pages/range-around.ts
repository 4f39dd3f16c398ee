import type { Recording } from '../../recording/schema.ts'
import { rangeOfRecording } from '../../recording/time-range.ts'
import type { TimeRange } from '../../recording/time-range.ts'

/** A window around a moment: wide enough to see what led to it, narrow enough to find it. */
export function rangeAround(time: number, recording: Recording): TimeRange {
  const whole = rangeOfRecording(recording)
  const half = Math.min(whole.to - whole.from, Math.max(2e8, (whole.to - whole.from) / 40)) / 2
  return { from: Math.max(whole.from, time - half), to: Math.min(whole.to, time + half) }
}
