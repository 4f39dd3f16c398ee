// What loggers call their levels, on OpenTelemetry's scale: 1–4 trace, 5–8 debug, 9–12 info, 13–16 warn, 17–20 error,
// 21–24 fatal (https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber).
import { clamp } from '../../base/units.ts'

export type Severity = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL'

/** A level as its logger calls it, with its place on the scale. */
export interface LoggerLevel {
  readonly number: number
  readonly text: string
}

const ranges: readonly Severity[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']

export function levelOf(severity: Severity): LoggerLevel {
  return levels[severity]
}

const levels: Record<Severity, LoggerLevel> = {
  TRACE: { number: 1, text: 'TRACE' },
  DEBUG: { number: 5, text: 'DEBUG' },
  INFO: { number: 9, text: 'INFO' },
  WARN: { number: 13, text: 'WARN' },
  ERROR: { number: 17, text: 'ERROR' },
  FATAL: { number: 21, text: 'FATAL' }
}

/** The name of the range that a number lies in. */
export function severityOfNumber(number: number): Severity {
  return ranges[clamp(Math.floor((number - 1) / 4), 0, 5)]!
}

/** pino's and bunyan's levels: 10 trace, 20 debug … 60 fatal, and a program's own between and beyond them. */
export function numberOfTens(level: number): number {
  return Number.isFinite(level) ? clamp(1 + Math.floor((level - 10) * 0.4), 1, 24) : 9
}

/** A level known by its name; of others, the place among the logger's own: as its more severe neighbour, else the next. */
export function numberOfName(name: string, order: Readonly<Record<string, number>> = {}): number {
  const known = numbersOfNames.get(name.toLowerCase())
  if (known !== undefined) return known
  const place = order[name] ?? Infinity
  let best = { place: -Infinity, number: 0 }
  let next = { place: Infinity, number: 9 }
  for (const [other, at] of Object.entries(order)) {
    const number = numbersOfNames.get(other.toLowerCase())
    if (number === undefined) continue
    if (at <= place && at > best.place) best = { place: at, number }
    if (at > place && at < next.place) next = { place: at, number }
  }
  return best.number || next.number
}

const numbersOfNames = new Map<string, number>([
  ['emerg', 23],
  ['emergency', 23],
  ['alert', 22],
  ['crit', 21],
  ['critical', 21],
  ['fatal', 21],
  ['error', 17],
  ['warning', 13],
  ['warn', 13],
  ['notice', 10],
  ['info', 9],
  ['help', 9],
  ['data', 9],
  ['http', 7],
  ['verbose', 6],
  ['debug', 5],
  ['prompt', 5],
  ['trace', 1],
  ['silly', 1],
  ['input', 1]
])
