// Mirrors encode/links.ts.
import type { ByteReader } from '../../base/byte-reader.ts'
import { MicrologError } from '../../base/errors.ts'
import type { MutableTable } from '../arrange/mutable-tables.ts'
import type { TraceColumns } from '../footer.ts'
import { decodeNumbers } from './numbers.ts'

export interface SpanIdentity {
  readonly traces: TraceColumns
  /** For each span of the segment the row of its trace, or -1; and its 8 bytes. */
  readonly traceOfSpan: Int32Array
  readonly spanId: Uint8Array
}

/** Fills a table of links; its row 0 stays zero. */
export function decodeLinks(reader: ByteReader, table: MutableTable, spans: SpanIdentity): void {
  const spanRow = new Int32Array(table.length - 1)
  decodeNumbers(reader, spanRow)
  let elsewhere = 0
  for (const row of spanRow) if (row === 0) elsewhere++
  const trace = new Int32Array(elsewhere)
  decodeNumbers(reader, trace)
  const traceId = table.traceId as Uint8Array
  const spanId = table.spanId as Uint8Array
  let next = 0
  for (let i = 0; i < spanRow.length; i++) {
    const row = spanRow[i]! - 1
    if (row >= spans.traceOfSpan.length || row < -1) throw corrupt(reader, 'Expected the row of a span')
    const traceRow = row < 0 ? trace[next++]! - 1 : spans.traceOfSpan[row]!
    copyTraceId(reader, spans.traces.id, traceRow, traceId, i + 1)
    const from = row < 0 ? reader.raw(8) : spans.spanId
    const first = row < 0 ? 0 : row * 8
    for (let byte = 0; byte < 8; byte++) spanId[(i + 1) * 8 + byte] = from[first + byte]!
  }
}

/** Copies a trace's id into a column; row -1 is the zero id. */
export function copyTraceId(
  reader: ByteReader,
  ids: Uint8Array,
  trace: number,
  to: Uint8Array,
  row: number
): void {
  if (trace < -1 || trace * 16 >= ids.length) throw corrupt(reader, 'Expected the row of a trace')
  if (trace >= 0) for (let i = 0; i < 16; i++) to[row * 16 + i] = ids[trace * 16 + i]!
}

function corrupt(reader: ByteReader, message: string): MicrologError {
  return new MicrologError('corrupt', message, { offset: reader.position })
}
