// What segments tell of traces: each in its footer, a row for each trace that one process had a part in.
import type { SegmentFooter, TraceColumns } from '../../format/index.ts'
import { traceIdAt } from '../../recording/ids.ts'
import { inSteps } from './in-steps.ts'

export const idBytes = 16

export interface TracePart {
  recording: string
  segment: string
  footer: SegmentFooter
  /** Where the footer has but one row of the segment's: which. */
  onlyRow?: number
}

/** The parts of one trace, with its row only. @param traceId hex */
export async function partsOfTrace(parts: readonly TracePart[], traceId: string): Promise<TracePart[]> {
  const found: TracePart[] = []
  const look = (part: TracePart): void => {
    const { traces } = part.footer
    const row = rowOfTrace(traces, traceId)
    if (row >= 0)
      found.push({ ...part, footer: { ...part.footer, traces: rowOf(traces, row) }, onlyRow: row })
  }
  await inSteps(parts.length, part => look(parts[part]!), 1)
  return found
}

/** -1 where there is none. @param traceId hex, or what is none */
export function rowOfTrace(traces: TraceColumns, traceId: string): number {
  if (!/^[0-9a-f]{32}$/.test(traceId)) return -1
  const heads = headsOf(traces)
  const head = Buffer.from(traceId, 'hex').readInt32BE()
  let row = heads.indexOf(head)
  while (row >= 0 && traceIdAt(traces.id, row) !== traceId) row = heads.indexOf(head, row + 1)
  return row
}

const knownHeads = new WeakMap<TraceColumns, Int32Array>()

/** The first four bytes of each id, close to each other: a million are looked through in a fraction of a millisecond. */
function headsOf(traces: TraceColumns): Int32Array {
  let heads = knownHeads.get(traces)
  if (heads) return heads
  heads = new Int32Array(traces.length)
  const view = new DataView(traces.id.buffer, traces.id.byteOffset, traces.id.byteLength)
  for (let row = 0; row < heads.length; row++) heads[row] = view.getInt32(row * idBytes)
  knownHeads.set(traces, heads)
  return heads
}

function rowOf({ length: _length, id, texts, ...columns }: TraceColumns, row: number): TraceColumns {
  const cells = Object.entries(columns).map(([name, column]) => [name, column.slice(row, row + 1)])
  return {
    length: 1,
    id: id.slice(row * idBytes, (row + 1) * idBytes),
    texts,
    ...(Object.fromEntries(cells) as typeof columns)
  }
}
