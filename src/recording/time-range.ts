// A stretch of time in a recording, in ns since its epoch, and the stretch that holds what it has.
import type { Recording, TableName } from './schema.ts'

/**
 * `to` is the time of the last thing in it. What is shown in a stretch may lie at either end; what is summed up over one
 * (samples) lies before `to`, so that stretches side by side count each once.
 */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

/** Whether what is summed up over the stretch counts here. */
export function isWithin(time: number, { from, to }: TimeRange): boolean {
  return time >= from && time < to
}

/** When a log was: that it was observed then is all that some senders say. */
export function timeOfLog({ logs }: Recording, row: number): number {
  const time = logs.time[row]!
  return Number.isNaN(time) ? logs.observedTime[row]! : time
}

type TimeOfRow = (recording: Recording, row: number) => number

/** When the rows of a table were; the others have no time. */
const timesOfRows: Partial<Record<TableName, readonly TimeOfRow[]>> = {
  samples: [({ samples }, row) => samples.time[row]!],
  spans: [({ spans }, row) => spans.start[row]!, ({ spans }, row) => spans.end[row]!],
  events: [({ events }, row) => events.time[row]!],
  logs: [timeOfLog],
  points: [({ points }, row) => points.time[row]!],
  opaque: [({ opaque }, row) => opaque.from[row]!, ({ opaque }, row) => opaque.to[row]!]
}

/** From the earliest to the latest time of the rows; undefined where none has a time. */
export function rangeOfRows(
  recording: Recording,
  table: TableName,
  first: number,
  end: number
): TimeRange | undefined {
  let from = Infinity
  let to = -Infinity
  for (const timeOf of timesOfRows[table] ?? []) {
    for (let row = first; row < end; row++) {
      const time = timeOf(recording, row)
      if (time < from) from = time
      if (time > to) to = time
    }
  }
  return from <= to ? { from, to } : undefined
}

/** The same for all rows of a recording. */
export function recordedRange(recording: Recording): TimeRange | undefined {
  let whole: TimeRange | undefined
  for (const table of Object.keys(timesOfRows) as TableName[]) {
    const range = rangeOfRows(recording, table, 0, recording[table].length)
    if (!whole || !range) whole ??= range
    else whole = { from: Math.min(whole.from, range.from), to: Math.max(whole.to, range.to) }
  }
  return whole
}

/** The same as a stretch that has a width: an empty recording gives one second from its epoch. */
export function rangeOfRecording(recording: Recording): TimeRange {
  const { from, to } = recordedRange(recording) ?? { from: 0, to: 1e9 }
  return { from, to: to > from ? to : from + 1e6 }
}
