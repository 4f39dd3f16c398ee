// Where a bar lies on a track, in percent of its width, and where its label has room.
import type { TimeRange } from '../../recording/time-range.ts'

export interface BarPlace {
  left: number
  width: number
  /** Beside the bar where that side has more room, in it where it fills the track. */
  label: 'after' | 'before' | 'inside'
  /** It goes on beyond what is shown. */
  cut: boolean
}

/** Labels need about this much of the track, percent. */
const labelRoom = 12

/** undefined where nothing of it is in the range. */
export function placeBar(start: number, end: number, range: TimeRange): BarPlace | undefined {
  if (end < range.from || start > range.to) return undefined
  const span = range.to - range.from
  const left = Math.max(0, ((start - range.from) / span) * 100)
  const right = Math.min(100, ((end - range.from) / span) * 100)
  const label = 100 - right >= labelRoom ? 'after' : left >= labelRoom ? 'before' : 'inside'
  return { left, width: right - left, label, cut: start < range.from || end > range.to }
}

/** Percent of the track, undefined where it isn't in the range. */
export function placeMoment(time: number, range: TimeRange): number | undefined {
  if (time < range.from || time > range.to) return undefined
  return ((time - range.from) / (range.to - range.from)) * 100
}
