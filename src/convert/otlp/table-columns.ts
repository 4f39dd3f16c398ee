import { copyId } from '../../otlp/copy-id.ts'
import type { GrowingTable } from '../../recording/growing-table.ts'
import type { Row, TableName } from '../../recording/schema.ts'

type Column = GrowingTable<TableName>['columns'][number]

/** The columns of a table by name, to fill row by row without an object for each row; arrays change as it grows. */
export type TableColumns<Name extends TableName> = { readonly [Field in keyof Row<Name>]: Column }

export function tableColumns<Name extends TableName>(table: GrowingTable<Name>): TableColumns<Name> {
  return Object.fromEntries(table.columns.map(column => [column.name, column])) as TableColumns<Name>
}

/** A row more, its cells yet to be filled. */
export function addRow(table: GrowingTable<TableName>): number {
  table.reserve(1)
  return table.length++
}

export function setId(column: Column, row: number, id: Uint8Array): void {
  copyId(id, 0, column.array as Uint8Array, row * id.length, id.length)
}
