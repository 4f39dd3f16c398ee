// Mirrors encode/shapes.ts.
import type { ByteReader } from '../../base/byte-reader.ts'
import { MicrologError } from '../../base/errors.ts'
import type { MutableTable } from '../arrange/mutable-tables.ts'
import type { Numbers } from '../numbers.ts'
import { decodeNumbers } from './numbers.ts'

/** Fills these columns of rows `from` to `to`. */
export function decodeShapes(
  reader: ByteReader,
  table: MutableTable,
  columns: readonly string[],
  from: number,
  to: number
): void {
  const count = reader.varint()
  if (count > to - from) {
    throw new MicrologError('corrupt', `Expected at most ${to - from} shapes, found ${count}`, {
      offset: reader.position
    })
  }
  const values = columns.map(() => {
    const column = new Float64Array(count)
    decodeNumbers(reader, column)
    return column
  })
  const shapeOf = new Uint32Array(to - from)
  decodeNumbers(reader, shapeOf)
  for (const shape of shapeOf) {
    if (shape >= count) throw new MicrologError('corrupt', `Expected one of ${count} shapes, found ${shape}`)
  }
  columns.forEach((column, i) => {
    const out = table[column] as Numbers
    const ofShape = values[i]!
    for (let row = from; row < to; row++) out[row] = ofShape[shapeOf[row - from]!]!
  })
}
