// Mirrors encode/span-times.ts.
import type { ByteReader } from '../../base/byte-reader.ts'
import type { TraceColumns } from '../footer.ts'
import { decodeNumbers } from './numbers.ts'

/**
 * Fills the starts and ends of a block's spans.
 * @param parentRow for each row that of its parent, where that comes before it in the block, else -1
 * @param traceOf for each row that of its trace, or -1
 */
export function decodeSpanTimes(
  reader: ByteReader,
  start: Float64Array,
  end: Float64Array,
  parentRow: Int32Array,
  traceOf: Int32Array,
  traces: TraceColumns
): void {
  const relative = reader.u8() === 1
  decodeNumbers(reader, start)
  decodeNumbers(reader, end)
  if (!relative) return
  let previousTrace = -1
  for (let i = 0; i < start.length; i++) {
    const trace = traceOf[i]!
    const parent = parentRow[i]!
    if (parent >= 0) start[i]! += start[parent]!
    else if (trace >= 0) start[i]! += traces.start[trace]!
    end[i]! += start[i]!
    if (trace !== previousTrace && trace >= 0) end[i]! += traces.duration[trace]!
    previousTrace = trace
  }
}
