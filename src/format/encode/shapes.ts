// Columns that go together: rows that agree in all of them have the same shape, and only its number is kept per row.
import type { ByteWriter } from '../../base/byte-writer.ts'
import type { Recording, TableName } from '../../recording/schema.ts'
import { NumberIndex } from './number-index.ts'
import { encodeNumbers } from './numbers.ts'
import type { Numbers } from '../numbers.ts'

/** varint shapes · for each column its values by shape · the shape of each row, in order of first use. */
export function encodeShapes(
  writer: ByteWriter,
  recording: Recording,
  table: TableName,
  columns: readonly string[],
  from: number,
  to: number
): void {
  const arrays = columns.map(column =>
    (recording[table] as unknown as Record<string, Numbers>)[column]!.subarray(from, to)
  )
  const { shapeOf, heads } = shapesOf(arrays, to - from)
  writer.varint(heads.length)
  for (const array of arrays) encodeNumbers(writer, cellsOf(array, heads))
  encodeNumbers(writer, shapeOf)
}

function cellsOf(array: Numbers, rows: readonly number[]): Float64Array {
  const cells = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) cells[i] = array[rows[i]!]!
  return cells
}

const index = new NumberIndex()

/** Splits the rows by one column after the other. A chunk has so few rows that pairs of row numbers fit an Int32Array. */
function shapesOf(arrays: readonly Numbers[], length: number): { shapeOf: Int32Array; heads: number[] } {
  let shapeOf = new Int32Array(length)
  let shapes = Math.min(length, 1)
  for (const array of arrays) {
    index.fill(array)
    const values = index.length
    if (values === 1) continue
    const pairs = index.rows.slice()
    for (let row = 0; row < length; row++) pairs[row]! += shapeOf[row]! * values
    index.fill(pairs)
    shapeOf = index.rows.slice()
    shapes = index.length
  }
  const heads = new Array<number>(shapes)
  for (let row = length - 1; row >= 0; row--) heads[shapeOf[row]!] = row
  return { shapeOf, heads }
}
