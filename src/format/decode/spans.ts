// Mirrors encode/spans.ts.
import type { ByteReader } from '../../base/byte-reader.ts'
import { MicrologError } from '../../base/errors.ts'
import type { MutableTables } from '../arrange/mutable-tables.ts'
import type { TraceColumns } from '../footer.ts'
import { spanShapeColumns, specialSpanColumns } from '../layout.ts'
import { copyTraceId } from './links.ts'
import type { SpanIdentity } from './links.ts'
import { decodeNumbers } from './numbers.ts'
import { decodeShapes } from './shapes.ts'
import { decodeSpanTimes } from './span-times.ts'
import { decodeColumns } from './table.ts'

export function decodeSpanIds(reader: ByteReader, count: number, traces: TraceColumns): SpanIdentity {
  const traceOfSpan = new Int32Array(count)
  decodeNumbers(reader, traceOfSpan)
  for (let row = 0; row < count; row++) {
    const trace = --traceOfSpan[row]!
    if (trace < -1 || trace >= traces.length) throw corrupt(reader, 'Expected the row of a trace')
  }
  return { traces, traceOfSpan, spanId: reader.raw(count * 8) }
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
  const end = first + to - from
  if (end > identity.traceOfSpan.length) throw corrupt(reader, 'Expected an id for each span')
  const traceOf = identity.traceOfSpan.subarray(first, end)
  for (let i = 0; i < traceOf.length; i++) {
    copyTraceId(reader, identity.traces.id, traceOf[i]!, spans.traceId as Uint8Array, from + i)
  }
  ;(spans.spanId as Uint8Array).set(identity.spanId.subarray(first * 8, end * 8), from * 8)
  const parentIds = (spans.parentSpanId as Uint8Array).subarray(from * 8, to * 8)
  const parentRow = decodeParents(reader, parentIds, first, identity.spanId)
  decodeShapes(reader, spans, spanShapeColumns, from, to)
  const starts = (spans.start as Float64Array).subarray(from, to)
  const ends = (spans.end as Float64Array).subarray(from, to)
  decodeSpanTimes(reader, starts, ends, parentRow, traceOf, identity.traces)
  decodeColumns(reader, tables, 'spans', from, to, specialSpanColumns)
}

/** Fills the ids of parents; gives the rows of those that come before their child in the block. */
function decodeParents(reader: ByteReader, out: Uint8Array, first: number, ids: Uint8Array): Int32Array {
  const distance = new Float64Array(out.length / 8)
  const parentRow = new Int32Array(distance.length).fill(-1)
  decodeNumbers(reader, distance)
  for (let i = 0; i < distance.length; i++) {
    const code = distance[i]!
    if (code === 0) continue
    if (code === 1) {
      out.set(reader.raw(8), i * 8)
      continue
    }
    const back = code - 2
    const parent = first + i - (back % 2 === 0 ? back / 2 : -(back + 1) / 2)
    if (!(parent >= 0 && parent * 8 < ids.length)) throw corrupt(reader, 'Expected the row of a parent')
    for (let j = 0; j < 8; j++) out[i * 8 + j] = ids[parent * 8 + j]!
    if (parent >= first && parent < first + i) parentRow[i] = parent - first
  }
  return parentRow
}

function corrupt(reader: ByteReader, message: string): MicrologError {
  return new MicrologError('corrupt', message, { offset: reader.position })
}
