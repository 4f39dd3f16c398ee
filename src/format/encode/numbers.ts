// A column of numbers as bytes: tries the ways that fit what is in it and takes the one that deflate would make least of.
import { ByteWriter } from '../../base/byte-writer.ts'
import { exactInteger, numberEncoding } from '../layout.ts'
import type { Numbers } from '../numbers.ts'
import { estimateDeflated } from './deflate-estimate.ts'
import { encodeMagnitudes } from './magnitudes.ts'

/** Writes the encoding's id and the rows; the reader knows how many there are. */
export function encodeNumbers(writer: ByteWriter, values: Numbers): void {
  if (values.length === 0) return
  if (values instanceof Float64Array) {
    if (values.some(Number.isNaN)) return encodeSparse(writer, values)
    if (!values.every(isExact)) return encodeDoubles(writer, values)
  }
  writer.raw(integers(values).bytes)
}

interface Candidate {
  readonly bytes: Uint8Array
  /** About what is left of them when deflated. */
  readonly cost: number
}

function isExact(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= exactInteger && !Object.is(value, -0)
}

/** The smallest way to write integers; some hold columns of their own, in which the same is tried but for differences. */
function integers(values: Numbers, mayDelta = true): Candidate {
  const first = values[0]!
  let factor = 0
  let min = first
  let max = first
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value < min) min = value
    else if (value > max) max = value
    if (factor !== 1 && value !== first) factor = commonFactor(factor, Math.abs(value - first))
  }
  if (factor === 0) return constant(first)
  if (factor > 1) return stepped(values, min, factor, mayDelta)
  const ways: Way[] = [rows => simple(rows, min >= 0 ? numberEncoding.varints : numberEncoding.zigzags)]
  if (mayDelta && values.length > 2) ways.push(deltas)
  if (max - min >= 0x80) ways.push(rows => planes(rows, min, max), magnitudes)
  if (countRuns(values) * 4 < values.length) ways.push(writeRuns)
  ways.push(writeDictionary)
  return smallest(values, ways)
}

type Way = (values: Numbers) => Candidate | undefined

/** Long columns are judged by a sample of their rows. */
function smallest(values: Numbers, ways: readonly Way[]): Candidate {
  const sampled = values.length > 2 * sampleRows ? sampleOf(values) : values
  let best: Candidate | undefined
  let bestWay = ways[0]!
  for (const way of ways) {
    const candidate = way(sampled)
    if (!candidate || (best && candidate.cost >= best.cost)) continue
    best = candidate
    bestWay = way
  }
  const chosen = sampled === values ? best : bestWay(values)
  return chosen ?? ways[0]!(values)!
}

const sampleRows = 4096
const sampleSlices = 4

/** Slices from all over the column, each long enough to show how its rows follow each other. */
function sampleOf(values: Numbers): Float64Array {
  const sample = new Float64Array(sampleRows)
  const length = sampleRows / sampleSlices
  for (let slice = 0; slice < sampleSlices; slice++) {
    const from = Math.floor((slice * (values.length - length)) / (sampleSlices - 1))
    sample.set(values.subarray(from, from + length), slice * length)
  }
  return sample
}

function constant(value: number): Candidate {
  const writer = new ByteWriter(16)
  writer.u8(numberEncoding.constant)
  writer.zigzag(value)
  return candidate(writer)
}

function stepped(values: Numbers, min: number, factor: number, mayDelta: boolean): Candidate {
  const steps = integers(
    Float64Array.from(values, value => (value - min) / factor),
    mayDelta
  )
  const writer = new ByteWriter(steps.bytes.length + 24)
  writer.u8(numberEncoding.stepped)
  writer.zigzag(min)
  writer.varint(factor)
  return containing(writer, steps)
}

function simple(values: Numbers, encoding: 1 | 2): Candidate {
  const writer = new ByteWriter(values.length * 2 + 16)
  writer.u8(encoding)
  for (let i = 0; i < values.length; i++) {
    if (encoding === numberEncoding.varints) writer.varint(values[i]!)
    else writer.zigzag(values[i]!)
  }
  return candidate(writer)
}

function deltas(values: Numbers): Candidate {
  const differences = new Float64Array(values.length - 1)
  for (let i = 1; i < values.length; i++) differences[i - 1] = values[i]! - values[i - 1]!
  const writer = new ByteWriter()
  writer.u8(numberEncoding.deltas)
  writer.zigzag(values[0]!)
  return containing(writer, integers(differences, false))
}

function planes(values: Numbers, min: number, max: number): Candidate {
  let width = 1
  while (max - min >= 2 ** (8 * width)) width++
  const writer = new ByteWriter(values.length * width + 16)
  let cost = 8
  writer.u8(numberEncoding.planes)
  writer.u8(width)
  writer.zigzag(min)
  for (let plane = 0; plane < width; plane++) {
    const scale = 2 ** (8 * plane)
    for (let i = 0; i < values.length; i++) writer.u8(Math.floor((values[i]! - min) / scale) % 256)
    cost += estimateDeflated(writer.view().subarray(writer.length - values.length))
  }
  return { bytes: writer.view(), cost }
}

function magnitudes(values: Numbers): Candidate {
  const writer = new ByteWriter(values.length * 4 + 16)
  writer.u8(numberEncoding.magnitudes)
  const bits = encodeMagnitudes(writer, values)
  const bytes = writer.view()
  return { bytes, cost: estimateDeflated(bytes.subarray(0, values.length + 1)) + bits }
}

function candidate(writer: ByteWriter): Candidate {
  const bytes = writer.view()
  return { bytes, cost: estimateDeflated(bytes) }
}

function containing(writer: ByteWriter, inner: Candidate): Candidate {
  const cost = writer.length + inner.cost
  writer.raw(inner.bytes)
  return { bytes: writer.view(), cost }
}

function countRuns(values: Numbers): number {
  let runs = 1
  for (let i = 1; i < values.length; i++) if (values[i] !== values[i - 1]) runs++
  return runs
}

function writeRuns(values: Numbers): Candidate {
  const count = countRuns(values)
  const heads = new Float64Array(count)
  const lengths = new Float64Array(count)
  let run = -1
  for (let i = 0; i < values.length; i++) {
    if (i === 0 || values[i] !== values[i - 1]) heads[++run] = values[i]!
    lengths[run]!++
  }
  const writer = new ByteWriter()
  writer.u8(numberEncoding.runs)
  writer.varint(count)
  encodeNumbers(writer, heads)
  encodeNumbers(writer, lengths)
  return candidate(writer)
}

/** Undefined where nearly every row is a value of its own and they don't come in order. */
function writeDictionary(values: Numbers): Candidate | undefined {
  const rows = new Map<number, number>()
  const indexes = new ByteWriter(values.length + 16)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const row = rows.get(value)
    if (row === undefined) {
      indexes.u8(0)
      rows.set(value, rows.size)
    } else indexes.varint(row + 1)
    if (i === 4096 && rows.size > 4000) return undefined
  }
  if (rows.size === values.length) return undefined
  const writer = new ByteWriter(indexes.length + rows.size * 4)
  writer.u8(numberEncoding.dictionary)
  writer.varint(rows.size)
  encodeNumbers(writer, Float64Array.from(rows.keys()))
  writer.raw(indexes.view())
  return candidate(writer)
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
  encodeNumbers(
    writer,
    values.filter(value => !Number.isNaN(value))
  )
}

function encodeDoubles(writer: ByteWriter, values: Float64Array): void {
  for (let exponent = 1; exponent <= 12; exponent++) {
    const power = 10 ** exponent
    const scaled = values.map(value => Math.round(value * power))
    if (!scaled.every((integer, i) => isExact(integer) && Object.is(integer / power, values[i]))) continue
    writer.u8(numberEncoding.scaled)
    writer.u8(exponent)
    return writer.raw(integers(scaled).bytes)
  }
  const dictionary = values.some(value => Object.is(value, -0)) ? undefined : writeDictionary(values)
  if (dictionary && dictionary.bytes.length < values.length * 4) return writer.raw(dictionary.bytes)
  writer.u8(numberEncoding.doubles)
  const bytes = new Uint8Array(values.length * 8)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < values.length; i++) view.setFloat64(i * 8, values[i]!, true)
  for (let plane = 0; plane < 8; plane++) {
    for (let i = plane; i < bytes.length; i += 8) writer.u8(bytes[i]!)
  }
}

function commonFactor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b]
  return a
}
