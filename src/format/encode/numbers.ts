// A column of numbers as bytes: integers in the way that suits them, rows that aren't set apart, and all else as decimals
// or doubles.
import type { ByteWriter } from '../../base/byte-writer.ts'
import { exactInteger, numberEncoding } from '../layout.ts'
import type { Numbers } from '../numbers.ts'
import { tryDictionary } from './dictionary.ts'
import { encodeIntegers } from './integers.ts'

/** Writes the encoding's id and the rows; the reader knows how many there are. */
export function encodeNumbers(writer: ByteWriter, values: Numbers): void {
  if (values.length === 0) return
  if (values instanceof Float64Array) {
    if (values.some(Number.isNaN)) return encodeSparse(writer, values)
    if (!values.every(isExact)) return encodeDoubles(writer, values)
  }
  encodeIntegers(writer, values)
}

function isExact(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= exactInteger && !Object.is(value, -0)
}

function encodeSparse(writer: ByteWriter, values: Float64Array): void {
  const lengths: number[] = []
  let set = true
  let length = 0
  for (const value of values) {
    if (Number.isNaN(value) === set) {
      lengths.push(length)
      length = 0
      set = !set
    }
    length++
  }
  lengths.push(length)
  writer.u8(numberEncoding.sparse)
  writer.varint(lengths.length)
  for (const run of lengths) writer.varint(run)
  encodeNumbers(writer, setRows(values))
}

function setRows(values: Float64Array): Float64Array {
  const rows = new Float64Array(values.length)
  let filled = 0
  for (const value of values) if (!Number.isNaN(value)) rows[filled++] = value
  return rows.subarray(0, filled)
}

function encodeDoubles(writer: ByteWriter, values: Float64Array): void {
  for (let exponent = 1; exponent <= 12; exponent++) {
    const scaled = scale(values, 10 ** exponent)
    if (!scaled) continue
    writer.u8(numberEncoding.scaled)
    writer.u8(exponent)
    return encodeIntegers(writer, scaled)
  }
  const dictionary = values.some(value => Object.is(value, -0)) ? undefined : tryDictionary(values)
  if (dictionary && dictionary.values.length * 8 + dictionary.indexes.length < values.length * 4) {
    writer.u8(numberEncoding.dictionary)
    writer.varint(dictionary.values.length)
    encodeNumbers(writer, dictionary.values)
    return writer.raw(dictionary.indexes)
  }
  writer.u8(numberEncoding.doubles)
  const bytes = new Uint8Array(values.length * 8)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < values.length; i++) view.setFloat64(i * 8, values[i]!, true)
  for (let plane = 0; plane < 8; plane++) {
    for (let i = plane; i < bytes.length; i += 8) writer.u8(bytes[i]!)
  }
}

/** The rows as integers; undefined where one isn't a decimal of so many places. */
function scale(values: Float64Array, power: number): Float64Array | undefined {
  const scaled = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const integer = Math.round(values[i]! * power)
    if (!isExact(integer) || !Object.is(integer / power, values[i])) return undefined
    scaled[i] = integer
  }
  return scaled
}
