// The question to the collector that a list of all logs in this address asks.
import { logLevels } from '../../recording/log-entries.ts'
import type { LogFilter } from '../data/api-client.ts'
import { chosenTimes } from '../data/time-choice.ts'
import type { Query } from '../state/address.ts'
import { ownChoiceOf } from './use-own-choice.ts'

/** Parameters of the address that leave out lines. */
export const logParameters = ['service', 'trace', 'q', 'hide', 'own', 'last', 'from', 'to'] as const

export function isTraceId(typed: string): boolean {
  return /^[0-9a-f]{32}$/i.test(typed)
}

/** Undefined where no line can fit: all levels are hidden. */
export function logsQuery(query: Query, nowMs: number): LogFilter | undefined {
  const hidden = new Set(query['hide']?.split(','))
  const levels = logLevels.filter(level => !hidden.has(level))
  if (levels.length === 0) return undefined
  const own = ownChoiceOf(query)
  return {
    ...(query['service'] && { service: query['service'] }),
    ...(levels.length < logLevels.length && { level: levels.join(',') }),
    ...(own !== 'all' && { own }),
    ...(isTraceId(query['trace'] ?? '') && { trace: query['trace']!.toLowerCase() }),
    ...(query['q'] && { q: query['q'] }),
    ...chosenTimes(query, nowMs)
  }
}
