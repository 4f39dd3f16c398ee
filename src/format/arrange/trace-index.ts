import type { Recording } from '../../recording/schema.ts'
import { IdIndex, isZeroId } from '../id-index.ts'

/** The traces of a segment in the order its spans come in, then those that only links name; kept once, in the footer. */
export interface TraceIndex {
  readonly length: number
  /** 16 bytes a row. */
  readonly id: Uint8Array
  /** For each span and each link the row of its trace; -1 where the id is zero. */
  readonly ofSpan: Int32Array
  readonly ofLink: Int32Array
}

export function buildTraceIndex({ spans, links }: Recording): TraceIndex {
  const index = new IdIndex(spans.length + links.length, 16)
  const ofSpan = addIds(index, spans.traceId, spans.length)
  const ofLink = addIds(index, links.traceId, links.length)
  return { length: index.length, id: index.ids.slice(0, index.length * 16), ofSpan, ofLink }
}

/** The row of each in the index. */
function addIds(index: IdIndex, ids: Uint8Array, length: number): Int32Array {
  const rows = new Int32Array(length)
  for (let row = 0; row < length; row++) rows[row] = isZeroId(ids, row, 16) ? -1 : index.add(ids, row)
  return rows
}
