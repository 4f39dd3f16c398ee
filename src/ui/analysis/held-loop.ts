import { formatDuration, formatShare } from '../../base/units.ts'
import { mostOfKind } from './finding.ts'
import type { Finding, Looked } from './finding.ts'
import { placeOfSpan } from './span-place.ts'

/** Of a span's time. */
const leastShare = 0.3
/** ns, for each span. */
const leastEach = 5e6
/** Of fewer, chance tells. */
const fewest = 10

/** Names whose spans lasted long because the event loop ran something else. */
export function findHeldLoop({ recording, spans, loop }: Looked): Finding[] {
  return spans
    .map((ofName, i) => ({ ...ofName, others: loop[i]!.others }))
    .filter(
      ({ rows, total, others }) =>
        rows.length >= fewest && others >= leastShare * total && others >= leastEach * rows.length
    )
    .sort((a, b) => b.others - a.others)
    .slice(0, mostOfKind)
    .map(({ name, rows, total, others }) => ({
      kind: 'held loop',
      text: `While ${name} lasted, others held the event loop for ${formatShare(others / total)} of the time, ${formatDuration(others / rows.length)} each on average. Its longest tells who.`,
      place: placeOfSpan(recording, rows.at(-1)!)
    }))
}
