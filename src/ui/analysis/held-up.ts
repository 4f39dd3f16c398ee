import { formatDuration, formatShare } from '../../base/units.ts'
import { countOf } from '../data/count-of.ts'
import { mostOfKind } from './finding.ts'
import type { Finding, Looked } from './finding.ts'
import { placeOfSpan } from './span-place.ts'

/** Of the time of its spans. */
const leastShare = 0.2
/** ns together. */
const leastTime = 100e6

/** Names whose spans were ready to go on, but other work had the event loop. */
export function findHeldUp({ recording, endpoints }: Looked): Finding[] {
  return endpoints
    .filter(({ others, duration }) => others >= leastTime && others >= leastShare * duration)
    .sort((a, b) => b.others - a.others)
    .slice(0, mostOfKind)
    .map(({ name, spans, duration, own, others, waiting, worst }) => ({
      kind: 'held up',
      text: `While ${countOf(spans, 'span')} of ${name} lasted, ${formatDuration(duration)} together, other work had the event loop for ${formatShare(others / duration)} of it; ${formatShare(own / duration)} was work of their own, ${formatShare(waiting / duration)} waiting.`,
      cost: others,
      places: [placeOfSpan(recording, worst)]
    }))
}
