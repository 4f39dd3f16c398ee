import { formatCount } from '../../base/units.ts'
import { ancestorsOf } from '../../recording/span-index.ts'
import { mostOfKind } from './finding.ts'
import type { Finding, Looked } from './finding.ts'
import { placeOfSpan } from './span-place.ts'

const longestMessage = 120
const mostCallers = 3
/** Of a trace that is a chain of thousands. */
const mostAround = 100

/**
 * Names whose spans failed, those with the most failures first, with the message that came most often. What failed because
 * something below it did is named there.
 */
export function findFailedSpans({ recording, index, spans: names }: Looked): Finding[] {
  const { spans, strings } = recording
  const hasFailed = (row: number): boolean => spans.statusCode[row] === 2
  const nameOf = new Map<number, string>()
  for (const { name, rows, errors } of names) {
    for (const row of errors > 0 ? rows : []) if (hasFailed(row)) nameOf.set(row, name)
  }
  const failedBelow = new Set<number>()
  for (const row of nameOf.keys()) {
    for (const ancestor of ancestorsOf(index, row)) {
      if (failedBelow.has(ancestor)) break
      failedBelow.add(ancestor)
    }
  }
  /** Names of the spans around these that failed, too. */
  const callersOf = (name: string, rows: readonly number[]): string[] => {
    const around = rows.flatMap(row => [...ancestorsOf(index, row)].slice(0, mostAround))
    const callers = new Set(around.flatMap(ancestor => nameOf.get(ancestor) ?? []))
    callers.delete(name)
    return [...callers]
  }
  return names
    .map(({ name, rows }) => ({
      name,
      count: rows.length,
      failed: rows.filter(row => hasFailed(row) && !failedBelow.has(row))
    }))
    .filter(({ failed }) => failed.length > 0)
    .sort((a, b) => b.failed.length - a.failed.length)
    .slice(0, mostOfKind)
    .map(({ name, count, failed }) => {
      const message = mostFrequent(failed.map(row => strings[spans.statusMessage[row]!]!))
      const example = failed.find(row => strings[spans.statusMessage[row]!] === message)!
      const callers = callersOf(name, failed)
      const withThem = callers.length === 0 ? '' : `, and with them ${listed(callers)}`
      return {
        kind: 'failed',
        text: `${formatCount(failed.length)} of ${formatCount(count)} ${name} failed${withThem}${message ? `: ${cut(message)}` : '.'}`,
        cost: failed.reduce((sum, row) => sum + spans.end[row]! - spans.start[row]!, 0),
        places: [placeOfSpan(recording, example)]
      }
    })
}

const list = new Intl.ListFormat('en-GB')

function listed(names: readonly string[]): string {
  const more = names.length - mostCallers
  return list.format(more > 0 ? [...names.slice(0, mostCallers), `${formatCount(more)} more`] : names)
}

function mostFrequent(texts: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? ''
}

/** In one line. */
function cut(message: string): string {
  const line = message.trim().replace(/\s+/g, ' ')
  return line.length > longestMessage ? `${line.slice(0, longestMessage)}…` : line
}
