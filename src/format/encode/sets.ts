// Attribute sets by shape: a shape is the list of keys and types that many sets share, and the values of each key and
// type lie together in one column.
import type { ByteWriter } from '../../base/byte-writer.ts'
import { MicrologError } from '../../base/errors.ts'
import type { AttributeSets } from '../../recording/schema.ts'
import { limits } from '../layout.ts'
import { encodeNumbers } from './numbers.ts'

/** Sets `from` to `to`. */
export function encodeSets(writer: ByteWriter, sets: AttributeSets, from: number, to: number): void {
  const shapes = new Map<string, number>()
  const shapeLengths: number[] = []
  const shapeKeys: number[] = []
  const shapeTypes: number[] = []
  const shapeOf = new Uint32Array(to - from)
  const columns = new Map<number, number[]>()
  for (let set = from; set < to; set++) {
    const first = sets.start[set]!
    const last = sets.start[set + 1]!
    if (last - first > limits.attributesOfSet) {
      throw new MicrologError(
        'too-large',
        `Expected at most ${limits.attributesOfSet} attributes in a set, found ${last - first}`
      )
    }
    let name = ''
    for (let i = first; i < last; i++) {
      const column = sets.key[i]! * 8 + sets.type[i]!
      name += `${column} `
      const values = columns.get(column)
      if (values) values.push(sets.value[i]!)
      else columns.set(column, [sets.value[i]!])
    }
    let shape = shapes.get(name)
    if (shape === undefined) {
      shape = shapes.size
      shapes.set(name, shape)
      shapeLengths.push(last - first)
      shapeKeys.push(...sets.key.subarray(first, last))
      shapeTypes.push(...sets.type.subarray(first, last))
    }
    shapeOf[set - from] = shape
  }
  writer.varint(shapes.size)
  encodeNumbers(writer, Uint32Array.from(shapeLengths))
  encodeNumbers(writer, Int32Array.from(shapeKeys))
  encodeNumbers(writer, Uint8Array.from(shapeTypes))
  encodeNumbers(writer, shapeOf)
  for (const values of columns.values()) encodeNumbers(writer, Float64Array.from(values))
}
