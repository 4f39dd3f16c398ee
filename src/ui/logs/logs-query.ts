// The question to the collector that a list of all logs in this address asks.
import { logLevels } from '../../recording/log-entries.ts'
import type { LogFilter } from '../data/api-client.ts'
import type { Query } from '../state/address.ts'
import { ownChoiceOf } from './use-own-choice.ts'

const minuteMs = 60_000

/** Times up to now, as an address names them. */
export const latestTimes: readonly { name: string; title: string; ms: number }[] = [
  { name: '15m', title: 'Last 15 minutes', ms: 15 * minuteMs },
  { name: '1h', title: 'Last hour', ms: 60 * minuteMs },
  { name: '1d', title: 'Last 24 hours', ms: 24 * 60 * minuteMs },
  { name: '7d', title: 'Last 7 days', ms: 7 * 24 * 60 * minuteMs }
]

/** Parameters of the address that leave out lines. */
export const logParameters = ['service', 'trace', 'q', 'hide', 'own', 'last', 'from', 'to'] as const

export function isTraceId(typed: string): boolean {
  return /^[0-9a-f]{32}$/i.test(typed)
}

/** Unix ms; undefined for anything else. */
export function parseUnixMs(text: string | undefined): number | undefined {
  return /^[0-9]{1,14}$/.test(text ?? '') ? Number(text) : undefined
}

/** Undefined where no line can fit: all levels are hidden. */
export function logsQuery(query: Query, nowMs: number): LogFilter | undefined {
  const hidden = new Set(query['hide']?.split(','))
  const levels = logLevels.filter(level => !hidden.has(level))
  if (levels.length === 0) return undefined
  const last = latestTimes.find(({ name }) => name === query['last'])
  const own = ownChoiceOf(query)
  const from = last ? nowMs - last.ms : parseUnixMs(query['from'])
  const to = last ? undefined : parseUnixMs(query['to'])
  return {
    ...(query['service'] && { service: query['service'] }),
    ...(levels.length < logLevels.length && { level: levels.join(',') }),
    ...(own !== 'all' && { own }),
    ...(isTraceId(query['trace'] ?? '') && { trace: query['trace']!.toLowerCase() }),
    ...(query['q'] && { q: query['q'] }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to })
  }
}
