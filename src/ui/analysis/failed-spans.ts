import { formatCount } from '../../base/units.ts'
import { mostOfKind } from './finding.ts'
import type { Finding, Looked } from './finding.ts'
import { placeOfSpan } from './span-place.ts'

const longestMessage = 120

/** Names whose spans failed, the most first, with the message that came most often. */
export function findFailedSpans({ recording, spans: names }: Looked): Finding[] {
  const { spans, strings } = recording
  return names
    .filter(({ errors }) => errors > 0)
    .sort((a, b) => b.errors - a.errors)
    .slice(0, mostOfKind)
    .map(({ name, rows, errors }) => {
      const failed = rows.filter(row => spans.statusCode[row] === 2)
      const message = mostFrequent(failed.map(row => strings[spans.statusMessage[row]!]!))
      const example = failed.find(row => strings[spans.statusMessage[row]!] === message)!
      return {
        kind: 'failed',
        text: `${formatCount(errors)} of ${formatCount(rows.length)} ${name} failed${message ? `: ${cut(message)}` : '.'}`,
        cost: failed.reduce((sum, row) => sum + spans.end[row]! - spans.start[row]!, 0),
        places: [placeOfSpan(recording, example)]
      }
    })
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
