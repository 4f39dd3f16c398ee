// Kinds of Microlog's markers and levels here: its own kinds are small, the others are levels of Python's logging.
import type { LogLevel } from '../../recording/log-entries.ts'

/** By the kinds that are Microlog's own. */
const ownKinds = new Map([
  [3, 9],
  [4, 13],
  [5, 5],
  [6, 17]
])

/** As Python's logging has them; the original shows others as unknown. */
export const kindOfLevel: Readonly<Record<LogLevel, number>> = {
  trace: 10,
  debug: 10,
  info: 20,
  warn: 30,
  error: 40,
  fatal: 50
}

/** An OTLP severity number. */
export function severityOfKind(kind: number): number {
  const own = ownKinds.get(kind)
  if (own !== undefined) return own
  if (kind >= 50) return 21
  if (kind >= 40) return 17
  if (kind >= 30) return 13
  if (kind >= 20) return 9
  return kind >= 10 ? 5 : 1
}
