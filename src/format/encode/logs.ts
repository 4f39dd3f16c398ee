import type { ByteWriter } from '../../base/byte-writer.ts'
import type { Recording } from '../../recording/schema.ts'
import { logShapeColumns, specialLogColumns } from '../layout.ts'
import { encodeNumbers } from './numbers.ts'
import { encodeShapes } from './shapes.ts'
import { encodeColumns } from './table.ts'

/** The observed time as its difference from the log's: mostly nothing. */
export function encodeLogs(writer: ByteWriter, recording: Recording, from: number, to: number): void {
  const { time, observedTime } = recording.logs
  encodeShapes(writer, recording, 'logs', logShapeColumns, from, to)
  encodeColumns(writer, recording, 'logs', from, to, specialLogColumns)
  const late = observedTime.subarray(from, to).map((observed, i) => observed - time[from + i]!)
  const exact = late.every((difference, i) => time[from + i]! + difference === observedTime[from + i])
  writer.u8(exact ? 1 : 0)
  encodeNumbers(writer, exact ? late : observedTime.subarray(from, to))
}
