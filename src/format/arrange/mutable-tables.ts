// Tables on their way into a segment: copies whose rows may be moved and whose references may be renumbered.
import { columnWidth, createColumnArray } from '../../recording/growing-table.ts'
import { tableNames } from '../../recording/recording-builder.ts'
import { schema } from '../../recording/schema.ts'
import type { ColumnKind, Recording, TableName, Tables } from '../../recording/schema.ts'
import type { Numbers } from '../numbers.ts'

export type MutableTable = { length: number } & Record<string, Numbers | number>
export type MutableTables = Record<TableName, MutableTable>

export interface ColumnPlace {
  readonly table: TableName
  readonly column: string
  readonly kind: ColumnKind
}

/** Every column of every table, in schema order. */
export const columnPlaces: readonly ColumnPlace[] = tableNames.flatMap(placesIn)

const placesOfTables = new Map(tableNames.map(table => [table, placesIn(table)]))

export function columnsOf(table: TableName): readonly ColumnPlace[] {
  return placesOfTables.get(table)!
}

function placesIn(table: TableName): ColumnPlace[] {
  const columns = Object.entries(schema[table] as Record<string, ColumnKind>)
  return columns.map(([column, kind]) => ({ table, column, kind }))
}

export function columnArray(tables: MutableTables | Tables, place: ColumnPlace): Numbers {
  return (tables[place.table] as unknown as Record<string, Numbers>)[place.column]!
}

/** Shallow: arrays are replaced, never written to, until `renumber` has made its copy. */
export function mutableTables(recording: Recording): MutableTables {
  return Object.fromEntries(
    tableNames.map(name => [name, { ...recording[name] }])
  ) as unknown as MutableTables
}

/** Puts the rows in this order (old rows, each as often as it is to appear). */
export function permute(tables: MutableTables, name: TableName, order: Int32Array): void {
  const table = tables[name]
  for (const place of columnsOf(name)) {
    const from = columnArray(tables, place)
    const width = columnWidth(place.kind)
    const to = createColumnArray(place.kind, order.length)
    if (width === 1) for (let i = 0; i < order.length; i++) to[i] = from[order[i]!]!
    else
      for (let i = 0; i < order.length; i++) {
        const at = order[i]! * width
        for (let j = 0; j < width; j++) to[i * width + j] = from[at + j]!
      }
    table[place.column] = to
  }
  table.length = order.length
}

/** Replaces the references of a kind: row r becomes map[r]; -1 stays. */
export function renumber(tables: MutableTables, kind: ColumnKind, map: Int32Array): void {
  for (const place of columnPlaces) {
    if (place.kind !== kind) continue
    tables[place.table][place.column] = mapped(columnArray(tables, place) as Int32Array, map)
  }
}

function mapped(rows: Int32Array, map: Int32Array): Int32Array {
  const to = new Int32Array(rows.length)
  for (let i = 0; i < rows.length; i++) to[i] = rows[i]! < 0 ? rows[i]! : map[rows[i]!]!
  return to
}

/** Where each old row went: the inverse of an order that holds every row once. */
export function inverse(order: Int32Array): Int32Array {
  const map = new Int32Array(order.length)
  for (let i = 0; i < order.length; i++) map[order[i]!] = i
  return map
}
