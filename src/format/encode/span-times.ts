import type { ByteWriter } from '../../base/byte-writer.ts'
import type { Recording } from '../../recording/schema.ts'
import type { TraceColumns } from '../footer.ts'
import { exactInteger } from '../layout.ts'
import { encodeNumbers } from './numbers.ts'

/**
 * u8 0 · starts · ends, as they are; or, where all are integers,
 * u8 1 · starts after the parent's start, else after the trace's · durations, a trace's first span's less the trace's.
 * @param parentRow for each row that of its parent, where that comes before it in the block, else -1
 */
export function encodeSpanTimes(
  writer: ByteWriter,
  { spans }: Recording,
  from: number,
  to: number,
  parentRow: Int32Array,
  traceOf: Int32Array,
  traces: TraceColumns
): void {
  const start = spans.start.subarray(from, to)
  const end = spans.end.subarray(from, to)
  const relative = start.every(isExact) && end.every(isExact)
  writer.u8(relative ? 1 : 0)
  if (!relative) {
    encodeNumbers(writer, start)
    encodeNumbers(writer, end)
    return
  }
  const delay = new Float64Array(to - from)
  const duration = new Float64Array(to - from)
  let previousTrace = -1
  for (let i = 0; i < delay.length; i++) {
    const trace = traceOf[from + i]!
    const parent = parentRow[i]!
    delay[i] = start[i]! - (parent >= 0 ? start[parent]! : trace >= 0 ? traces.start[trace]! : 0)
    duration[i] = end[i]! - start[i]!
    if (trace !== previousTrace && trace >= 0) duration[i]! -= traces.duration[trace]!
    previousTrace = trace
  }
  encodeNumbers(writer, delay)
  encodeNumbers(writer, duration)
}

/** Half of what is exact, so that differences are exact too. */
function isExact(time: number): boolean {
  return Number.isInteger(time) && Math.abs(time) < exactInteger / 4
}
