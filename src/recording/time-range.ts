// A stretch of time in a recording, in ns since its epoch, and the stretch that holds everything it has.
import type { Recording } from './schema.ts'

/** Both ends belong to it. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

/** From the first to the last thing recorded; an empty recording gives one second from its epoch. */
export function rangeOfRecording(recording: Recording): TimeRange {
  let from = Infinity
  let to = -Infinity
  const include = (times: Float64Array): void => {
    for (const time of times) {
      if (time < from) from = time
      if (time > to) to = time
    }
  }
  include(recording.samples.time)
  include(recording.logs.time)
  include(recording.points.time)
  include(recording.spans.start)
  include(recording.spans.end)
  include(recording.events.time)
  if (from > to) return { from: 0, to: 1e9 }
  return { from, to: to > from ? to : from + 1e6 }
}

export function overlaps(range: TimeRange, from: number, to: number): boolean {
  return from < range.to && to >= range.from
}
