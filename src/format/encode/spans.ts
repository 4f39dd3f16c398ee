import type { ByteWriter } from '../../base/byte-writer.ts'
import type { Recording } from '../../recording/schema.ts'
import type { SpanRows } from '../arrange/span-rows.ts'
import type { TraceIndex } from '../arrange/trace-index.ts'
import { isZeroId } from '../id-index.ts'
import { derivedSpanColumns } from '../layout.ts'
import { encodeNumbers } from './numbers.ts'
import { encodeColumns } from './table.ts'

/** Trace rows and ids of all spans: links need them as well, so they are a block of their own. */
export function encodeSpanIds(writer: ByteWriter, { spans }: Recording, traces: TraceIndex): void {
  encodeNumbers(
    writer,
    traces.ofSpan.map(trace => trace + 1)
  )
  writer.raw(spans.spanId)
}

export function encodeSpans(
  writer: ByteWriter,
  recording: Recording,
  from: number,
  to: number,
  rows: SpanRows
): void {
  encodeParents(writer, recording, from, to, rows)
  encodeColumns(writer, recording, 'spans', from, to, derivedSpanColumns)
}

/** 0 no parent · 1 its id follows · 2 + zigzag of how many rows the parent lies before. */
function encodeParents(
  writer: ByteWriter,
  { spans }: Recording,
  from: number,
  to: number,
  rows: SpanRows
): void {
  const distance = new Float64Array(to - from)
  const elsewhere: number[] = []
  for (let row = from; row < to; row++) {
    if (isZeroId(spans.parentSpanId, row, 8)) continue
    const parent = rows.find(spans.parentSpanId, row)
    if (parent < 0) {
      distance[row - from] = 1
      elsewhere.push(row)
    } else distance[row - from] = 2 + (parent <= row ? (row - parent) * 2 : (parent - row) * 2 - 1)
  }
  encodeNumbers(writer, distance)
  for (const row of elsewhere) writer.raw(spans.parentSpanId.subarray(row * 8, row * 8 + 8))
}
