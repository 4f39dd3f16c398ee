import type { ByteWriter } from '../../base/byte-writer.ts'
import type { Recording } from '../../recording/schema.ts'
import type { SpanRows } from '../arrange/span-rows.ts'
import type { TraceIndex } from '../arrange/trace-index.ts'
import type { TraceColumns } from '../footer.ts'
import { isZeroId } from '../id-index.ts'
import { spanShapeColumns, specialSpanColumns } from '../layout.ts'
import { encodeNumbers } from './numbers.ts'
import { encodeShapes } from './shapes.ts'
import { encodeSpanTimes } from './span-times.ts'
import { encodeColumns } from './table.ts'

/** What the spans of a segment refer to. */
export interface SpanContext {
  readonly rows: SpanRows
  readonly traces: TraceIndex
  readonly summaries: TraceColumns
}

/** Trace rows and ids of all spans: links need them as well, so they are a block of their own. */
export function encodeSpanIds(writer: ByteWriter, { spans }: Recording, traces: TraceIndex): void {
  const rows = new Int32Array(spans.length)
  for (let row = 0; row < rows.length; row++) rows[row] = traces.ofSpan[row]! + 1
  encodeNumbers(writer, rows)
  writer.raw(spans.spanId)
}

export function encodeSpans(
  writer: ByteWriter,
  recording: Recording,
  from: number,
  to: number,
  { rows, traces, summaries }: SpanContext
): void {
  const parentRow = encodeParents(writer, recording, from, to, rows)
  encodeShapes(writer, recording, 'spans', spanShapeColumns, from, to)
  encodeSpanTimes(writer, recording, from, to, parentRow, traces.ofSpan, summaries)
  encodeColumns(writer, recording, 'spans', from, to, specialSpanColumns)
}

/**
 * 0 no parent · 1 its id follows · 2 + zigzag of how many rows the parent lies before.
 * Gives for each row that of its parent, where that comes before it in the block, else -1.
 */
function encodeParents(
  writer: ByteWriter,
  { spans }: Recording,
  from: number,
  to: number,
  rows: SpanRows
): Int32Array {
  const distance = new Float64Array(to - from)
  const parentRow = new Int32Array(to - from).fill(-1)
  const elsewhere: number[] = []
  for (let row = from; row < to; row++) {
    if (isZeroId(spans.parentSpanId, row, 8)) continue
    const parent = rows.find(spans.parentSpanId, row)
    if (parent < 0) {
      distance[row - from] = 1
      elsewhere.push(row)
    } else distance[row - from] = 2 + (parent <= row ? (row - parent) * 2 : (parent - row) * 2 - 1)
    if (parent >= from && parent < row) parentRow[row - from] = parent - from
  }
  encodeNumbers(writer, distance)
  for (const row of elsewhere) writer.raw(spans.parentSpanId.subarray(row * 8, row * 8 + 8))
  return parentRow
}
