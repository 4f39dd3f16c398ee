// The logs of a call or a span as their popup lists them: the first few, and how many more there are.
import type { LogEntry } from '../../recording/log-entries.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import { formatMoment } from '../canvas/time-scale.ts'

export interface ListedLog extends LogEntry {
  /** Index among the logs of the recording. */
  readonly index: number
  readonly when: string
}

export interface FirstLogs {
  readonly listed: readonly ListedLog[]
  readonly more: number
}

/** @param found some of `logs`; there may be very many of both */
export function firstLogs(
  found: readonly LogEntry[],
  logs: readonly LogEntry[],
  range: TimeRange,
  most: number
): FirstLogs {
  const listed = found.slice(0, most)
  return {
    listed: listed.map(log => ({ ...log, index: logs.indexOf(log), when: formatMoment(log.time, range) })),
    more: found.length - listed.length
  }
}
