import type { Recording, TableName } from '../recording/schema.ts'
import type { TimeRange } from '../recording/time-range.ts'

/** The columns that say when the rows of a table were. */
const timeColumns: Partial<Record<TableName, readonly string[]>> = {
  samples: ['time'],
  spans: ['start', 'end'],
  logs: ['time', 'observedTime'],
  points: ['time'],
  opaque: ['from', 'to']
}

/** From the earliest to the latest time of the rows; undefined where none has a time. */
export function timeRange(
  recording: Recording,
  table: TableName,
  first: number,
  end: number
): TimeRange | undefined {
  let from = Infinity
  let to = -Infinity
  for (const column of timeColumns[table] ?? []) {
    const times = (recording[table] as unknown as Record<string, Float64Array>)[column]!
    for (let row = first; row < end; row++) {
      if (times[row]! < from) from = times[row]!
      if (times[row]! > to) to = times[row]!
    }
  }
  return from <= to ? { from, to } : undefined
}

/** The time range of everything in the recording. */
export function wholeTimeRange(recording: Recording): TimeRange | undefined {
  const ranges = (Object.keys(timeColumns) as TableName[])
    .map(table => timeRange(recording, table, 0, recording[table].length))
    .filter(range => range !== undefined)
  if (ranges.length === 0) return undefined
  return {
    from: Math.min(...ranges.map(range => range.from)),
    to: Math.max(...ranges.map(range => range.to))
  }
}
