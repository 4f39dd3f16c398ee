import { HashIndex } from './hash-index.ts'
import { finishHash, hashSeed, mixInteger } from './hash.ts'
import { schema } from './schema.ts'
import type { ColumnKind, Row, Table, TableName } from './schema.ts'

type AnyArray = Float64Array | Uint32Array | Uint8Array | Int32Array

interface Column {
  readonly name: string
  readonly kind: ColumnKind
  /** Array elements a row. */
  readonly width: number
  array: AnyArray
}

/** Of a table that has any. */
const fewestRows = 16

/** So that every column of a buffer begins at a whole double. */
const rowsAtOnce = 8

/** A table that rows are pushed to, or interned: then it finds equal rows through a hash index. */
export class GrowingTable<Name extends TableName> {
  readonly columns: readonly Column[]
  length = 0
  /** None before the first row: most tables of a request stay empty. */
  #capacity = 0
  readonly #index = new HashIndex((known, candidate) => this.#equal(known, candidate))

  constructor(name: Name) {
    this.columns = Object.entries(schema[name] as Record<string, ColumnKind>).map(([column, kind]) => ({
      name: column,
      kind,
      width: columnWidth(kind),
      array: createColumnArray(kind, this.#capacity)
    }))
  }

  push(row: Row<Name>): number {
    this.reserve(1)
    const at = this.length++
    const cells = row as Record<string, number | Uint8Array>
    for (const column of this.columns) {
      const cell = cells[column.name]!
      if (column.width === 1) column.array[at] = cell as number
      else column.array.set(cell as Uint8Array, at * column.width)
    }
    return at
  }

  /** The row equal to this one, pushed if there was none. */
  intern(row: Row<Name>): number {
    this.push(row)
    return this.internLast()
  }

  /** The same for the last row, as it stands in the columns; taken off again where there was one. */
  internLast(): number {
    const candidate = this.length - 1
    const found = this.#index.intern(this.#hash(candidate), candidate)
    if (found !== candidate) this.length--
    return found
  }

  /** See HashIndex. */
  get probes(): number {
    return this.#index.probes
  }

  /** Makes room for so many more rows. */
  reserve(count: number): void {
    const needed = this.length + count
    if (needed <= this.#capacity) return
    const capacity = Math.max(needed, this.#capacity * 2, fewestRows)
    this.#capacity = Math.ceil(capacity / rowsAtOnce) * rowsAtOnce
    this.#move()
  }

  /** To larger columns; they share a buffer, as one of its own costs more than what it holds. */
  #move(): void {
    const bytesOf = ({ kind }: Column) => columnBytes(kind) * this.#capacity
    const buffer = new ArrayBuffer(this.columns.reduce((bytes, column) => bytes + bytesOf(column), 0))
    let offset = 0
    for (const column of this.columns) {
      const grown = new (arrayOf(column.kind))(buffer, offset, this.#capacity * column.width)
      grown.set(column.array.subarray(0, this.length * column.width) as never)
      column.array = grown
      offset += bytesOf(column)
    }
  }

  /** Forgets all rows, and keeps the room they took. */
  clear(): void {
    this.length = 0
    this.#index.clear()
  }

  /** A copy of the rows so far. */
  snapshot(): Table<Name> {
    return this.#freeze((array, end) => array.slice(0, end))
  }

  /** The rows themselves: the table must not grow any more. */
  finish(): Table<Name> {
    return this.#freeze((array, end) => (end === array.length ? array : array.subarray(0, end)))
  }

  #freeze(cut: (array: AnyArray, end: number) => AnyArray): Table<Name> {
    const table: Record<string, unknown> = { length: this.length }
    for (const { name, array, width } of this.columns) table[name] = cut(array, this.length * width)
    return Object.freeze(table) as Table<Name>
  }

  #hash(row: number): number {
    let hash = hashSeed
    for (const { array, width } of this.columns) {
      for (let i = row * width; i < (row + 1) * width; i++) hash = mixInteger(hash, array[i]!)
    }
    return finishHash(hash)
  }

  #equal(a: number, b: number): boolean {
    for (const { array, width } of this.columns) {
      for (let i = 0; i < width; i++) {
        if (!Object.is(array[a * width + i], array[b * width + i])) return false
      }
    }
    return true
  }
}

export function columnWidth(kind: ColumnKind): number {
  return kind === 'id16' ? 16 : kind === 'id8' ? 8 : 1
}

/** Of a row. */
export function columnBytes(kind: ColumnKind): number {
  return arrayOf(kind).BYTES_PER_ELEMENT * columnWidth(kind)
}

export function createColumnArray(kind: ColumnKind, rows: number): AnyArray {
  return new (arrayOf(kind))(rows * columnWidth(kind))
}

function arrayOf(kind: ColumnKind) {
  switch (kind) {
    case 'time':
    case 'f64':
      return Float64Array
    case 'u32':
      return Uint32Array
    case 'u8':
    case 'id16':
    case 'id8':
      return Uint8Array
    default:
      return Int32Array
  }
}
