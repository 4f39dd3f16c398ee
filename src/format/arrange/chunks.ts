import { blockKind, chunkRows, groupId } from '../layout.ts'
import type { BlockKind, Owner } from '../layout.ts'
import type { MutableTables } from './mutable-tables.ts'

/** Rows of a table that become one block, with the rows of other tables that belong to them. */
export interface Chunk {
  readonly kind: BlockKind
  readonly owner: Owner
  readonly parts: readonly { readonly table: ChunkedTable; readonly from: number; readonly to: number }[]
}

type ChunkedTable = 'spans' | 'events' | 'spanLinks' | 'logs' | 'samples' | 'points' | 'opaque'

export function planChunks(tables: MutableTables): Chunk[] {
  return [
    ...split(tables, 'samples', blockKind.samples, groupId.samples),
    ...splitSpans(tables),
    ...split(tables, 'logs', blockKind.logs, groupId.logs),
    ...split(tables, 'points', blockKind.points, groupId.statuses),
    ...split(tables, 'opaque', blockKind.opaque, groupId.opaque)
  ]
}

function split(tables: MutableTables, table: ChunkedTable, kind: BlockKind, group: number): Chunk[] {
  return ranges(tables[table].length).map(({ from, to }, i) => ({
    kind,
    owner: { group, chunk: i + 1 },
    parts: [{ table, from, to }]
  }))
}

/** Spans with their events and links; rows that no span owns go with the last. */
function splitSpans(tables: MutableTables): Chunk[] {
  const { spans, events, spanLinks } = tables
  const counts = [
    { table: 'events', count: spans.eventCount as Uint32Array, length: events.length },
    { table: 'spanLinks', count: spans.linkCount as Uint32Array, length: spanLinks.length }
  ] as const
  const next = [0, 0]
  const spanRanges = ranges(spans.length)
  if (spanRanges.length === 0 && events.length + spanLinks.length > 0) spanRanges.push({ from: 0, to: 0 })
  return spanRanges.map(({ from, to }, i) => ({
    kind: blockKind.spans,
    owner: { group: groupId.spans, chunk: i + 1 },
    parts: [
      { table: 'spans', from, to },
      ...counts.map(({ table, count, length }, part) => {
        const start = next[part]!
        const end = to === spans.length ? length : start + sumOf(count, from, to)
        next[part] = end
        return { table, from: start, to: end }
      })
    ]
  }))
}

function sumOf(count: Uint32Array, from: number, to: number): number {
  let sum = 0
  for (let row = from; row < to; row++) sum += count[row]!
  return sum
}

function ranges(length: number): { from: number; to: number }[] {
  return Array.from({ length: Math.ceil(length / chunkRows) }, (_, i) => ({
    from: i * chunkRows,
    to: Math.min(length, (i + 1) * chunkRows)
  }))
}
