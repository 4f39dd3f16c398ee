import { finishHash, mixInteger } from './hash.ts'
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

/** A table that rows are pushed to; for interned tables it finds equal rows through a hash index. */
export class GrowingTable<Name extends TableName> {
  readonly columns: readonly Column[]
  length = 0
  #capacity = 16
  #index: Int32Array | undefined

  constructor(name: Name, interned: boolean) {
    this.columns = Object.entries(schema[name] as Record<string, ColumnKind>).map(([column, kind]) => ({
      name: column,
      kind,
      width: columnWidth(kind),
      array: createColumnArray(kind, this.#capacity)
    }))
    if (interned) this.#index = new Int32Array(64)
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
    const candidate = this.push(row)
    const found = this.#find(candidate)
    if (found !== candidate) this.length--
    return found
  }

  /** Makes room for so many more rows. */
  reserve(count: number): void {
    const needed = this.length + count
    if (needed <= this.#capacity) return
    this.#capacity = Math.max(needed, this.#capacity * 2)
    for (const column of this.columns) {
      const grown = createColumnArray(column.kind, this.#capacity)
      grown.set(column.array.subarray(0, this.length * column.width) as never)
      column.array = grown
    }
  }

  /** A copy of the rows so far. */
  snapshot(): Table<Name> {
    const table: Record<string, unknown> = { length: this.length }
    for (const column of this.columns) table[column.name] = column.array.slice(0, this.length * column.width)
    return Object.freeze(table) as Table<Name>
  }

  #find(row: number): number {
    let index = this.#index!
    if (this.length * 2 > index.length) index = this.#rehash(index.length * 2)
    const mask = index.length - 1
    let slot = this.#hash(row) & mask
    for (;;) {
      const other = index[slot]! - 1
      if (other < 0) {
        index[slot] = row + 1
        return row
      }
      if (this.#equal(other, row)) return other
      slot = (slot + 1) & mask
    }
  }

  #rehash(size: number): Int32Array {
    const index = new Int32Array(size)
    for (let row = 0; row < this.length - 1; row++) {
      let slot = this.#hash(row) & (size - 1)
      while (index[slot] !== 0) slot = (slot + 1) & (size - 1)
      index[slot] = row + 1
    }
    this.#index = index
    return index
  }

  #hash(row: number): number {
    let hash = 0
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

export function createColumnArray(kind: ColumnKind, rows: number): AnyArray {
  switch (kind) {
    case 'time':
    case 'f64':
      return new Float64Array(rows)
    case 'u32':
      return new Uint32Array(rows)
    case 'u8':
    case 'id16':
    case 'id8':
      return new Uint8Array(rows * columnWidth(kind))
    default:
      return new Int32Array(rows)
  }
}
