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
  return [
    timeRow('duration', a.durationMs, b.durationMs),
    timeRow('busy', a.busyMs, b.busyMs),
    countRow('samples', a.counts.samples, b.counts.samples),
    countRow('spans', a.counts.spans, b.counts.spans),
    countRow('logs', a.counts.logs, b.counts.logs),
    ...logLevels
      .filter(level => a.logs[level] > 0 || b.logs[level] > 0)
      .map(level => countRow(`  ${level}`, a.logs[level], b.logs[level]))
  ]
}

/** Of ms. */
export function timeRow(title: string, a: number, b: number): CountRow {
  return rowOf(title, a, b, ms => formatDuration(ms * nanosPerMs))
}

export function countRow(title: string, a: number, b: number): CountRow {
  return rowOf(title, a, b, formatCount)
}

function rowOf(title: string, a: number, b: number, format: (size: number) => string): CountRow {
  return { title, a: format(a), b: format(b), change: formatChange(b - a, format) }
}
