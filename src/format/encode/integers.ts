// A column of integers as bytes. Each way to write it that fits its bounds is judged by what deflate would leave of it,
// long columns by a sample of their rows; then it is written once, in the way that costs least.
import { ByteWriter } from '../../base/byte-writer.ts'
import { numberEncoding } from '../layout.ts'
import type { NumberEncoding } from '../layout.ts'
import type { Numbers } from '../numbers.ts'
import { estimateDeflated } from './deflate-estimate.ts'
import { buildDictionary, tryDictionary } from './dictionary.ts'
import { magnitudesOf, packBits } from './magnitudes.ts'

/** Readers take 16 columns within each other; what holds this one needs some of these. */
const deepest = 10

/** Writes exact integers (see layout.ts), at least one. @param depth columns of integers around this one */
export function encodeIntegers(writer: ByteWriter, values: Numbers, depth = 0): void {
  // Loops over one type of array are compiled to faster code than over four.
  const doubles = values instanceof Float64Array ? values : new Float64Array(values)
  write(writer, doubles, choose(doubles, true, depth), depth)
}

interface Choice {
  readonly encoding: NumberEncoding
  /** About the bytes left when deflated. */
  readonly cost: number
  readonly bounds: Bounds
  /** For encodings that hold one column of integers derived from this. */
  readonly inner?: Choice
}

interface Bounds {
  readonly min: number
  readonly max: number
  /** Of all differences from the first row; 0 where there are none. */
  readonly factor: number
  readonly runs: number
}

function choose(values: Float64Array, mayDelta: boolean, depth: number): Choice {
  const bounds = boundsOf(values)
  const { min, max, factor, runs } = bounds
  if (factor === 0) return { encoding: numberEncoding.constant, cost: 4, bounds }
  if (depth >= deepest) return plain(values, bounds)
  if (factor > 1) {
    const inner = choose(stepsOf(values, bounds), mayDelta, depth + 1)
    return { encoding: numberEncoding.stepped, cost: inner.cost + 8, bounds, inner }
  }
  const judged = values.length > 2 * sampleRows ? sampleOf(values) : values
  let best = plain(judged, bounds)
  const consider = (other: Choice | undefined): void => {
    if (other && other.cost < best.cost) best = other
  }
  const small = min >= 0 && max < 0x80
  if (mayDelta && values.length > 2 && !(small && values.length > longestSmallCounter)) {
    const inner = choose(differencesOf(judged), false, depth + 1)
    consider({ encoding: numberEncoding.deltas, cost: inner.cost + 4, bounds, inner })
  }
  const few = values.length < fewRows
  if (max - min >= 0x80 && !few) {
    consider(planes(judged, bounds))
    consider(magnitudes(judged, bounds))
  }
  if (runs * 4 < values.length) consider(inRuns(judged, bounds, depth))
  if (!small && !few) consider(dictionary(judged, bounds, depth))
  if (best.encoding !== numberEncoding.deltas || judged === values) return best
  return { ...best, inner: choose(differencesOf(values), false, depth + 1) }
}

const sampleRows = 2048
const sampleSlices = 4
/** In shorter columns there is nothing to win by more than a simple way. */
const fewRows = 12
/** Numbers below 128 that count up can't do so for long; in longer columns differences don't pay. */
const longestSmallCounter = 256

function boundsOf(values: Float64Array): Bounds {
  const first = values[0]!
  let factor = 0
  let min = first
  let max = first
  let runs = 1
  let before = first
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!
    if (value === before) continue
    before = value
    runs++
    if (value < min) min = value
    else if (value > max) max = value
    if (factor !== 1 && value !== first) factor = commonFactor(factor, Math.abs(value - first))
  }
  return { min, max, factor, runs }
}

function commonFactor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b]
  return a
}

/** Slices from all over the column, each long enough to show how its rows follow each other. */
function sampleOf(values: Float64Array): Float64Array {
  const sample = new Float64Array(sampleRows)
  const length = sampleRows / sampleSlices
  for (let slice = 0; slice < sampleSlices; slice++) {
    const from = Math.floor((slice * (values.length - length)) / (sampleSlices - 1))
    sample.set(values.subarray(from, from + length), slice * length)
  }
  return sample
}

// What is tried, one after the other, is written here; nothing of it is kept.
const scratch = new ByteWriter(64 * 1024)

function plain(values: Float64Array, bounds: Bounds): Choice {
  const encoding = bounds.min >= 0 ? numberEncoding.varints : numberEncoding.zigzags
  scratch.clear()
  writePlain(scratch, values, encoding)
  return { encoding, cost: estimateDeflated(scratch.view()), bounds }
}

function planes(values: Float64Array, bounds: Bounds): Choice {
  let cost = 8
  for (let plane = 0; plane < planesIn(bounds); plane++) {
    scratch.clear()
    writePlane(scratch, values, bounds.min, plane)
    cost += estimateDeflated(scratch.view())
  }
  return { encoding: numberEncoding.planes, cost, bounds }
}

function magnitudes(values: Float64Array, bounds: Bounds): Choice {
  const { magnitudes, bits } = magnitudesOf(values)
  const cost = estimateDeflated(magnitudes) + Math.ceil(bits / 8)
  return { encoding: numberEncoding.magnitudes, cost, bounds }
}

function inRuns(values: Float64Array, bounds: Bounds, depth: number): Choice {
  const { heads, lengths } = runsOf(values)
  const cost = choose(heads, true, depth + 1).cost + choose(lengths, true, depth + 1).cost + 4
  return { encoding: numberEncoding.runs, cost, bounds }
}

function dictionary(values: Float64Array, bounds: Bounds, depth: number): Choice | undefined {
  const parts = tryDictionary(values)
  if (!parts) return undefined
  const cost = estimateDeflated(parts.indexes) + choose(parts.values, true, depth + 1).cost + 2
  return { encoding: numberEncoding.dictionary, cost, bounds }
}

function write(writer: ByteWriter, values: Float64Array, choice: Choice, depth: number): void {
  const { encoding, bounds, inner } = choice
  writer.u8(encoding)
  switch (encoding) {
    case numberEncoding.constant:
      return writer.zigzag(values[0]!)
    case numberEncoding.stepped:
      writer.zigzag(bounds.min)
      writer.varint(bounds.factor)
      return write(writer, stepsOf(values, bounds), inner!, depth + 1)
    case numberEncoding.deltas:
      writer.zigzag(values[0]!)
      return write(writer, differencesOf(values), inner!, depth + 1)
    case numberEncoding.planes:
      writer.u8(planesIn(bounds))
      writer.zigzag(bounds.min)
      for (let plane = 0; plane < planesIn(bounds); plane++) writePlane(writer, values, bounds.min, plane)
      return
    case numberEncoding.magnitudes: {
      const found = magnitudesOf(values)
      writer.raw(found.magnitudes)
      return writer.raw(packBits(found))
    }
    case numberEncoding.runs: {
      const { heads, lengths } = runsOf(values)
      writer.varint(heads.length)
      encodeIntegers(writer, heads, depth + 1)
      return encodeIntegers(writer, lengths, depth + 1)
    }
    case numberEncoding.dictionary: {
      const { values: known, indexes } = buildDictionary(values)
      writer.varint(known.length)
      encodeIntegers(writer, known, depth + 1)
      return writer.raw(indexes)
    }
    default:
      return writePlain(writer, values, encoding)
  }
}

function writePlain(writer: ByteWriter, values: Float64Array, encoding: NumberEncoding): void {
  if (encoding === numberEncoding.varints) for (let i = 0; i < values.length; i++) writer.varint(values[i]!)
  else for (let i = 0; i < values.length; i++) writer.zigzag(values[i]!)
}

function planesIn({ min, max }: Bounds): number {
  let width = 1
  while (max - min >= 2 ** (8 * width)) width++
  return width
}

function writePlane(writer: ByteWriter, values: Float64Array, base: number, plane: number): void {
  const bytes = writer.take(values.length)
  if (plane < 4) for (let i = 0; i < values.length; i++) bytes[i] = (values[i]! - base) >>> (8 * plane)
  else for (let i = 0; i < values.length; i++) bytes[i] = Math.floor((values[i]! - base) / 2 ** (8 * plane))
}

function stepsOf(values: Float64Array, { min, factor }: Bounds): Float64Array {
  const steps = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) steps[i] = (values[i]! - min) / factor
  return steps
}

function differencesOf(values: Float64Array): Float64Array {
  const differences = new Float64Array(values.length - 1)
  for (let i = 1; i < values.length; i++) differences[i - 1] = values[i]! - values[i - 1]!
  return differences
}

function runsOf(values: Float64Array): { heads: Float64Array; lengths: Float64Array } {
  const heads = new Float64Array(values.length)
  const lengths = new Float64Array(values.length)
  let run = -1
  for (let i = 0; i < values.length; i++) {
    if (i === 0 || values[i] !== values[i - 1]) heads[++run] = values[i]!
    lengths[run]!++
  }
  return { heads: heads.subarray(0, run + 1), lengths: lengths.subarray(0, run + 1) }
}
