// Where a bar lies on a track, in percent of its width, and where its label has room.
import type { TimeRange } from '../../recording/time-range.ts'

export interface BarPlace {
  left: number
  width: number
}

/** undefined where nothing of it is in the range. */
export function placeBar(start: number, end: number, range: TimeRange): BarPlace | undefined {
  if (end < range.from || start > range.to) return undefined
  const span = range.to - range.from
  const left = Math.max(0, ((start - range.from) / span) * 100)
  const right = Math.min(100, ((end - range.from) / span) * 100)
  return { left, width: right - left }
}

/** A label takes at most about this much, CSS pixels. */
const labelWidth = 62

/** Beside the bar where that side has room, in it where neither has. @param trackWidth CSS pixels */
export function labelSide({ left, width }: BarPlace, trackWidth: number): 'after' | 'before' | 'inside' {
  const room = (labelWidth / trackWidth) * 100
  if (100 - left - width >= room) return 'after'
  return left >= room ? 'before' : 'inside'
}

/** Percent of the track, undefined where it isn't in the range. */
export function placeMoment(time: number, range: TimeRange): number | undefined {
  if (time < range.from || time > range.to) return undefined
  return ((time - range.from) / (range.to - range.from)) * 100
}
