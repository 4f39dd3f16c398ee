import { formatCount, formatDuration } from '../../base/units.ts'
import { mostOfKind } from './finding.ts'
import type { Finding, Looked } from './finding.ts'
import { placeOfSpan } from './span-place.ts'

const fewest = 10
/** Of a parent's time. */
const leastShare = 0.3
/** ns: OpenTelemetry's SDK begins spans at whole milliseconds, and ends them when they ended. */
const mostOverlap = 1e6

/** Many like children of one parent, each begun when the one before had ended: one request for all of them may do. */
export function findSpansOneByOne({ recording, index, range }: Looked): Finding[] {
  const { spans, strings } = recording
  const children = new Uint32Array(spans.length)
  for (const parent of index.parentOf) if (parent >= 0) children[parent]!++
  const groups = new Map<number, { parent: number; rows: number[] }>()
  for (let row = 0; row < spans.length; row++) {
    const start = spans.start[row]!
    if (!(start >= range.from && start <= range.to && spans.end[row]! >= start)) continue
    const parent = index.parentOf[row]!
    if (parent < 0 || children[parent]! < fewest) continue
    const key = parent * strings.length + spans.name[row]!
    const known = groups.get(key)
    if (known) known.rows.push(row)
    else groups.set(key, { parent, rows: [row] })
  }
  const worstOfNames = new Map<string, { parent: number; rows: number[]; time: number; cost: number }>()
  for (const group of groups.values()) {
    if (group.rows.length < fewest || !isOneByOne(looked(group.rows))) continue
    const time = group.rows.reduce((sum, row) => sum + spans.end[row]! - spans.start[row]!, 0)
    if (time < leastShare * (spans.end[group.parent]! - spans.start[group.parent]!)) continue
    const names = `${spans.name[group.parent]} ${spans.name[group.rows[0]!]}`
    const worst = worstOfNames.get(names)
    // Side by side they take as long as the longest of them.
    const longest = group.rows.reduce((most, row) => Math.max(most, spans.end[row]! - spans.start[row]!), 0)
    const cost = (worst?.cost ?? 0) + time - longest
    worstOfNames.set(names, worst && worst.time >= time ? { ...worst, cost } : { ...group, time, cost })
  }
  return [...worstOfNames.values()]
    .sort((a, b) => b.cost - a.cost)
    .slice(0, mostOfKind)
    .map(({ parent, rows, time, cost }) => ({
      kind: 'one by one',
      text: `${strings[spans.name[parent]!]!} waited for ${formatCount(rows.length)} ${strings[spans.name[rows[0]!]!]!}, one after the other: ${formatDuration(time)} of its ${formatDuration(spans.end[parent]! - spans.start[parent]!)}.`,
      cost,
      places: [placeOfSpan(recording, parent)]
    }))

  function looked(rows: readonly number[]): { start: number; end: number }[] {
    return rows.map(row => ({ start: spans.start[row]!, end: spans.end[row]! }))
  }
}

function isOneByOne(stretches: readonly { start: number; end: number }[]): boolean {
  const ordered = stretches.toSorted((a, b) => a.start - b.start)
  return ordered.every(({ start }, i) => i === 0 || start >= ordered[i - 1]!.end - mostOverlap)
}
