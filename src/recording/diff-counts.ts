// How much of everything two runs have, as the rows that people read.
import { formatChange, formatCount, formatDuration, nanosPerMs } from '../base/units.ts'
import { logLevels } from './log-entries.ts'
import type { LogLevel } from './log-entries.ts'

export interface RunCounts {
  durationMs: number
  /** Sampled and not idle, of all threads. */
  busyMs: number
  counts: { samples: number; spans: number; logs: number }
  logs: Record<LogLevel, number>
}

export interface CountRow {
  title: string
  a: string
  b: string
  /** B less A; '' where nothing changed. */
  change: string
}

/** Log levels have rows of their own where one of the runs has any. */
export function diffCounts(a: RunCounts, b: RunCounts): CountRow[] {
  const rowOf =
    (format: (size: number) => string) => (title: string, valueOf: (run: RunCounts) => number) => ({
      title,
      a: format(valueOf(a)),
      b: format(valueOf(b)),
      change: formatChange(valueOf(b) - valueOf(a), format)
    })
  const time = rowOf(ms => formatDuration(ms * nanosPerMs))
  const count = rowOf(formatCount)
  return [
    time('duration', run => run.durationMs),
    time('busy', run => run.busyMs),
    count('samples', run => run.counts.samples),
    count('spans', run => run.counts.spans),
    count('logs', run => run.counts.logs),
    ...logLevels
      .filter(level => a.logs[level] > 0 || b.logs[level] > 0)
      .map(level => count(`  ${level}`, run => run.logs[level]))
  ]
}
