// Mirrors encode/sets.ts.
import type { ByteReader } from '../../base/byte-reader.ts'
import { MicrologError } from '../../base/errors.ts'
import { limits } from '../layout.ts'
import { decodeNumbers } from './numbers.ts'

/** A section of attribute sets: `length[s]` entries each. */
export interface SetSection {
  readonly length: Uint32Array
  readonly key: Int32Array
  readonly type: Uint8Array
  readonly value: Float64Array
}

/** @param most entries that there may be */
export function decodeSets(reader: ByteReader, count: number, most: number): SetSection {
  const shapeCount = reader.varint()
  if (shapeCount > count) throw corrupt(reader, `Expected at most ${count} shapes, found ${shapeCount}`)
  const shapeLength = new Uint32Array(shapeCount)
  decodeNumbers(reader, shapeLength)
  if (shapeLength.some(length => length > limits.attributesOfSet)) {
    throw corrupt(reader, `Expected at most ${limits.attributesOfSet} attributes in a set`)
  }
  const shapeStart = startsOf(reader, shapeLength, most)
  const shapeEntries = shapeStart[shapeCount]!
  const shapeKey = new Int32Array(shapeEntries)
  const shapeType = new Uint8Array(shapeEntries)
  decodeNumbers(reader, shapeKey)
  decodeNumbers(reader, shapeType)
  const shapeOf = new Uint32Array(count)
  decodeNumbers(reader, shapeOf)

  const length = new Uint32Array(count)
  for (let set = 0; set < count; set++) {
    if (shapeOf[set]! >= shapeCount) throw corrupt(reader, `Expected one of ${shapeCount} shapes`)
    length[set] = shapeLength[shapeOf[set]!]!
  }
  const start = startsOf(reader, length, most)
  const columnOf = columnsOfShapes(reader, shapeKey, shapeType)
  const columns = readColumns(reader, shapeOf, shapeStart, columnOf)
  return { length, ...fill(start, shapeOf, shapeStart, shapeKey, shapeType, columnOf, columns) }
}

/** For each entry of each shape the column that its values are in, numbered in the order they appear. */
function columnsOfShapes(reader: ByteReader, key: Int32Array, type: Uint8Array): Int32Array {
  const columns = new Map<number, number>()
  const most = reader.remaining
  return Int32Array.from(key, (row, i) => {
    const name = row * 8 + type[i]!
    const known = columns.get(name)
    if (known !== undefined) return known
    // Each takes a byte at least: a map of more than fit would take gigabytes.
    if (columns.size === most) throw corrupt(reader, `Expected at most ${most} columns of attributes`)
    columns.set(name, columns.size)
    return columns.size - 1
  })
}

function readColumns(
  reader: ByteReader,
  shapeOf: Uint32Array,
  shapeStart: Float64Array,
  columnOf: Int32Array
): Float64Array[] {
  const lengths: number[] = []
  const uses = new Uint32Array(shapeStart.length)
  for (const shape of shapeOf) uses[shape]!++
  for (let shape = 0; shape + 1 < shapeStart.length; shape++) {
    for (let i = shapeStart[shape]!; i < shapeStart[shape + 1]!; i++) {
      const column = columnOf[i]!
      lengths[column] = (lengths[column] ?? 0) + uses[shape]!
    }
  }
  return lengths.map(length => {
    const values = new Float64Array(length)
    decodeNumbers(reader, values)
    return values
  })
}

function fill(
  start: Float64Array,
  shapeOf: Uint32Array,
  shapeStart: Float64Array,
  shapeKey: Int32Array,
  shapeType: Uint8Array,
  columnOf: Int32Array,
  columns: readonly Float64Array[]
): Pick<SetSection, 'key' | 'type' | 'value'> {
  const entries = start[shapeOf.length]!
  const key = new Int32Array(entries)
  const type = new Uint8Array(entries)
  const value = new Float64Array(entries)
  const next = new Uint32Array(columns.length)
  let filled = 0
  for (const shape of shapeOf) {
    for (let i = shapeStart[shape]!; i < shapeStart[shape + 1]!; i++) {
      const column = columnOf[i]!
      key[filled] = shapeKey[i]!
      type[filled] = shapeType[i]!
      value[filled++] = columns[column]![next[column]!++]!
    }
  }
  return { key, type, value }
}

function startsOf(reader: ByteReader, lengths: Uint32Array, most: number): Float64Array {
  const starts = new Float64Array(lengths.length + 1)
  for (let i = 0; i < lengths.length; i++) starts[i + 1] = starts[i]! + lengths[i]!
  if (starts[lengths.length]! > most) throw corrupt(reader, `Expected at most ${most} attributes`)
  return starts
}

function corrupt(reader: ByteReader, message: string): MicrologError {
  return new MicrologError('corrupt', message, { offset: reader.position })
}
