// Mirrors encode/table.ts.
import type { ByteReader } from '../../base/byte-reader.ts'
import { columnWidth } from '../../recording/growing-table.ts'
import type { TableName } from '../../recording/schema.ts'
import { columnArray, columnsOf } from '../arrange/mutable-tables.ts'
import type { MutableTables } from '../arrange/mutable-tables.ts'
import { decodeNumbers } from './numbers.ts'

/** Fills rows `from` to `to`, but for the columns that the caller reads in its own way. */
export function decodeColumns(
  reader: ByteReader,
  tables: MutableTables,
  table: TableName,
  from: number,
  to: number,
  except: ReadonlySet<string> = none
): void {
  for (const place of columnsOf(table)) {
    if (except.has(place.column)) continue
    const width = columnWidth(place.kind)
    const cells = columnArray(tables, place).subarray(from * width, to * width)
    if (width > 1) cells.set(reader.raw(cells.length))
    else decodeNumbers(reader, cells)
  }
}

const none: ReadonlySet<string> = new Set()
