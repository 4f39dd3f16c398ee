import type { ByteWriter } from '../../base/byte-writer.ts'
import type { Recording } from '../../recording/schema.ts'
import type { SpanRows } from '../arrange/span-rows.ts'
import type { TraceIndex } from '../arrange/trace-index.ts'
import { encodeNumbers } from './numbers.ts'

/** Links from row 1 on: the row of a span that is here, else trace and span id. */
export function encodeLinks(
  writer: ByteWriter,
  { links }: Recording,
  traces: TraceIndex,
  rows: SpanRows
): void {
  const spanRow = new Int32Array(links.length - 1)
  const trace: number[] = []
  const elsewhere: number[] = []
  for (let link = 1; link < links.length; link++) {
    const row = rows.find(links.spanId, link)
    const here = row >= 0 && traces.ofSpan[row] === traces.ofLink[link]
    spanRow[link - 1] = here ? row + 1 : 0
    if (here) continue
    trace.push(traces.ofLink[link]! + 1)
    elsewhere.push(link)
  }
  encodeNumbers(writer, spanRow)
  encodeNumbers(writer, Int32Array.from(trace))
  for (const link of elsewhere) writer.raw(links.spanId.subarray(link * 8, link * 8 + 8))
}
