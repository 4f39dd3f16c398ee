import type { ByteWriter } from '../../base/byte-writer.ts'
import { columnWidth } from '../../recording/growing-table.ts'
import type { Recording, TableName } from '../../recording/schema.ts'
import { columnArray, columnsOf } from '../arrange/mutable-tables.ts'
import { encodeNumbers } from './numbers.ts'

/** The columns of a table in schema order, but for those that the caller writes in its own way. */
export function encodeColumns(
  writer: ByteWriter,
  recording: Recording,
  table: TableName,
  from: number,
  to: number,
  except: ReadonlySet<string> = none
): void {
  for (const place of columnsOf(table)) {
    if (except.has(place.column)) continue
    const width = columnWidth(place.kind)
    const cells = columnArray(recording, place).subarray(from * width, to * width)
    if (width > 1) writer.raw(cells as Uint8Array)
    else encodeNumbers(writer, cells)
  }
}

const none: ReadonlySet<string> = new Set()
