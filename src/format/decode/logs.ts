// Mirrors encode/logs.ts.
import type { ByteReader } from '../../base/byte-reader.ts'
import type { MutableTables } from '../arrange/mutable-tables.ts'
import { logShapeColumns, specialLogColumns } from '../layout.ts'
import { decodeNumbers } from './numbers.ts'
import { decodeShapes } from './shapes.ts'
import { decodeColumns } from './table.ts'

export function decodeLogs(reader: ByteReader, tables: MutableTables, from: number, to: number): void {
  decodeShapes(reader, tables.logs, logShapeColumns, from, to)
  decodeColumns(reader, tables, 'logs', from, to, specialLogColumns)
  const late = reader.u8() === 1
  const time = (tables.logs.time as Float64Array).subarray(from, to)
  const observed = (tables.logs.observedTime as Float64Array).subarray(from, to)
  decodeNumbers(reader, observed)
  if (late) for (let i = 0; i < observed.length; i++) observed[i]! += time[i]!
}
