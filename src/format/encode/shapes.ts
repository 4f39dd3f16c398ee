// Columns that go together: rows that agree in all of them have the same shape, and only its number is kept per row.
import type { ByteWriter } from '../../base/byte-writer.ts'
import type { Recording, TableName } from '../../recording/schema.ts'
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
  const arrays = columns.map(column => (recording[table] as unknown as Record<string, Numbers>)[column]!)
  const shapes = new Map<string, number>()
  const heads: number[] = []
  const shapeOf = new Uint32Array(to - from)
  for (let row = from; row < to; row++) {
    let name = ''
    for (const array of arrays) name += `${array[row]!} `
    let shape = shapes.get(name)
    if (shape === undefined) {
      shape = shapes.size
      shapes.set(name, shape)
      heads.push(row)
    }
    shapeOf[row - from] = shape
  }
  writer.varint(heads.length)
  for (const array of arrays) {
    encodeNumbers(
      writer,
      Float64Array.from(heads, row => array[row]!)
    )
  }
  encodeNumbers(writer, shapeOf)
}
