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
  const rowOf = (ids: Uint8Array, row: number): number => (isZeroId(ids, row, 16) ? -1 : index.add(ids, row))
  const ofSpan = Int32Array.from({ length: spans.length }, (_, row) => rowOf(spans.traceId, row))
  const ofLink = Int32Array.from({ length: links.length }, (_, row) => rowOf(links.traceId, row))
  return { length: index.length, id: index.ids.slice(0, index.length * 16), ofSpan, ofLink }
}
