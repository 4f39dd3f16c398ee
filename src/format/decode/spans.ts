// Mirrors encode/spans.ts.
import type { ByteReader } from '../../base/byte-reader.ts'
import { MicrologError } from '../../base/errors.ts'
import type { MutableTables } from '../arrange/mutable-tables.ts'
import { derivedSpanColumns } from '../layout.ts'
import { copyTraceId } from './links.ts'
import type { SpanIdentity } from './links.ts'
import { decodeNumbers } from './numbers.ts'
import { decodeColumns } from './table.ts'

export function decodeSpanIds(reader: ByteReader, count: number, traceId: Uint8Array): SpanIdentity {
  const traceOfSpan = new Int32Array(count)
  decodeNumbers(reader, traceOfSpan)
  for (let row = 0; row < count; row++) traceOfSpan[row]!--
  return { traceId, traceOfSpan, spanId: reader.raw(count * 8) }
}

/** Fills rows `from` to `to` of spans with the segment's rows from `first` on. */
export function decodeSpans(
  reader: ByteReader,
  tables: MutableTables,
  from: number,
  to: number,
  first: number,
  identity: SpanIdentity
): void {
  const { spans } = tables
  if (first + to - from > identity.traceOfSpan.length) throw corrupt(reader, 'Expected an id for each span')
  for (let row = from; row < to; row++) {
    const trace = identity.traceOfSpan[first + row - from]!
    copyTraceId(reader, identity.traceId, trace, spans.traceId as Uint8Array, row)
  }
  const ids = identity.spanId.subarray(first * 8, (first + to - from) * 8)
  ;(spans.spanId as Uint8Array).set(ids, from * 8)
  decodeParents(reader, spans.parentSpanId as Uint8Array, from, to, first, identity.spanId)
  decodeColumns(reader, tables, 'spans', from, to, derivedSpanColumns)
}

function decodeParents(
  reader: ByteReader,
  out: Uint8Array,
  from: number,
  to: number,
  first: number,
  ids: Uint8Array
): void {
  const distance = new Float64Array(to - from)
  decodeNumbers(reader, distance)
  for (let i = 0; i < distance.length; i++) {
    const code = distance[i]!
    const at = (from + i) * 8
    if (code === 1) out.set(reader.raw(8), at)
    else if (code !== 0) {
      const back = code - 2
      const parent = first + i - (back % 2 === 0 ? back / 2 : -(back + 1) / 2)
      if (!(parent >= 0 && parent * 8 < ids.length)) throw corrupt(reader, 'Expected the row of a parent')
      for (let j = 0; j < 8; j++) out[at + j] = ids[parent * 8 + j]!
    }
  }
}

function corrupt(reader: ByteReader, message: string): MicrologError {
  return new MicrologError('corrupt', message, { offset: reader.position })
}
