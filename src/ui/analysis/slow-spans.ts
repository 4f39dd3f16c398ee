import { formatCount, formatDuration } from '../../base/units.ts'
import { ancestorsOf } from '../../recording/span-index.ts'
import { mostOfKind } from './finding.ts'
import type { Finding, Looked } from './finding.ts'
import { placeOfSpan } from './span-place.ts'

// As in Microlog for Python, whose calls are what spans are here.
const leastDifference = 100e6
const leastRatio = 1.3
/** Of fewer there is no average to speak of. */
const fewest = 5

/** The slowest of each name, where it took much longer than its like; its time is a part of that of the spans around it. */
export function findSlowSpans({ recording, index, spans }: Looked): Finding[] {
  return spans
    .flatMap(({ name, rows, total, longest }) => {
      const average = total / rows.length
      const stands = longest - average > leastDifference && longest / average > leastRatio
      return stands && rows.length >= fewest
        ? [{ name, row: rows.at(-1)!, count: rows.length, average, longest }]
        : []
    })
    .sort((a, b) => b.longest - b.average - (a.longest - a.average))
    .slice(0, mostOfKind)
    .map(({ name, row, count, average, longest }) => ({
      kind: 'slow',
      text: `${name} took ${formatDuration(longest)} once, ${(longest / average).toFixed(1)} times the average of its ${formatCount(count)}, ${formatDuration(average)}.`,
      cost: longest - average,
      within: [row, ...ancestorsOf(index, row)].map(at => `span ${at}`),
      places: [placeOfSpan(recording, row)]
    }))
}
