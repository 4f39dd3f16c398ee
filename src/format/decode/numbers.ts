// Mirrors encode/numbers.ts. The loops write straight into the table's array; nothing is allocated per row.
import type { ByteReader } from '../../base/byte-reader.ts'
import { MicrologError } from '../../base/errors.ts'
import { numberEncoding } from '../layout.ts'
import { decodeMagnitudes } from './magnitudes.ts'
import type { Numbers } from '../numbers.ts'

/** Fills `out`; its length says how many rows there are. */
export function decodeNumbers(reader: ByteReader, out: Numbers, depth = 0): void {
  if (out.length === 0) return
  if (depth > maximumDepth) throw corrupt(reader, 'Expected columns nested less deeply')
  const encoding = reader.u8()
  switch (encoding) {
    case numberEncoding.constant:
      out.fill(reader.zigzag())
      return
    case numberEncoding.varints:
      for (let i = 0; i < out.length; i++) out[i] = reader.varint()
      return
    case numberEncoding.zigzags:
      for (let i = 0; i < out.length; i++) out[i] = reader.zigzag()
      return
    case numberEncoding.deltas:
      return decodeDeltas(reader, out, depth)
    case numberEncoding.doubles:
      return decodeDoubles(reader, out)
    case numberEncoding.scaled:
      return decodeScaled(reader, out, depth)
    case numberEncoding.sparse:
      return decodeSparse(reader, out, depth)
    case numberEncoding.dictionary:
      return decodeDictionary(reader, out, depth)
    case numberEncoding.planes:
      return decodePlanes(reader, out)
    case numberEncoding.stepped:
      return decodeStepped(reader, out, depth)
    case numberEncoding.runs:
      return decodeRuns(reader, out, depth)
    case numberEncoding.magnitudes:
      return decodeMagnitudes(reader, out)
    default:
      throw corrupt(reader, `Expected a column encoding, found ${encoding}`)
  }
}

/** The writer nests sparse, scaled, stepped, dictionary or runs, and again inside these. */
const maximumDepth = 16

function decodeDeltas(reader: ByteReader, out: Numbers, depth: number): void {
  let value = reader.zigzag()
  // Where the rows are unsigned, differences needn't be.
  const differences = out instanceof Float64Array ? out.subarray(1) : new Float64Array(out.length - 1)
  decodeNumbers(reader, differences, depth + 1)
  out[0] = value
  for (let i = 0; i < differences.length; i++) out[i + 1] = value += differences[i]!
}

function decodeDoubles(reader: ByteReader, out: Numbers): void {
  const count = out.length
  const planes = reader.raw(count * 8)
  const bytes = new Uint8Array(8)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < count; i++) {
    for (let plane = 0; plane < 8; plane++) bytes[plane] = planes[plane * count + i]!
    out[i] = view.getFloat64(0, true)
  }
}

function decodeScaled(reader: ByteReader, out: Numbers, depth: number): void {
  const power = 10 ** reader.u8()
  decodeNumbers(reader, out, depth + 1)
  for (let i = 0; i < out.length; i++) out[i] = out[i]! / power
}

function decodeStepped(reader: ByteReader, out: Numbers, depth: number): void {
  const base = reader.zigzag()
  const factor = reader.varint()
  decodeNumbers(reader, out, depth + 1)
  for (let i = 0; i < out.length; i++) out[i] = base + out[i]! * factor
}

function decodeSparse(reader: ByteReader, out: Numbers, depth: number): void {
  const lengths = new Float64Array(reader.count())
  let rows = 0
  let set = 0
  for (let i = 0; i < lengths.length; i++) {
    const length = reader.varint()
    lengths[i] = length
    rows += length
    if (i % 2 === 0) set += length
  }
  if (rows !== out.length) throw corrupt(reader, `Expected runs of ${out.length} rows, found ${rows}`)
  const values = new Float64Array(set)
  decodeNumbers(reader, values, depth + 1)
  let row = 0
  let value = 0
  for (let i = 0; i < lengths.length; i++) {
    for (const end = row + lengths[i]!; row < end; row++) out[row] = i % 2 === 0 ? values[value++]! : NaN
  }
}

function decodeDictionary(reader: ByteReader, out: Numbers, depth: number): void {
  const size = reader.varint()
  if (size > out.length) throw corrupt(reader, `Expected at most ${out.length} values, found ${size}`)
  if (out.length > reader.remaining) throw corrupt(reader, `Expected ${out.length} more bytes, one a row`)
  const values = new Float64Array(size)
  decodeNumbers(reader, values, depth + 1)
  let next = 0
  for (let i = 0; i < out.length; i++) {
    const token = reader.varint()
    const index = token === 0 ? next++ : token - 1
    if (index >= size) throw corrupt(reader, `Expected one of ${size} values, found ${index}`)
    out[i] = values[index]!
  }
}

function decodePlanes(reader: ByteReader, out: Numbers): void {
  const width = reader.u8()
  if (width < 1 || width > 7) throw corrupt(reader, `Expected 1 to 7 planes, found ${width}`)
  const base = reader.zigzag()
  const count = out.length
  const planes = reader.raw(count * width)
  for (let i = 0; i < count; i++) {
    let value = 0
    for (let at = (width - 1) * count + i; at >= 0; at -= count) value = value * 256 + planes[at]!
    out[i] = base + value
  }
}

function decodeRuns(reader: ByteReader, out: Numbers, depth: number): void {
  const count = reader.varint()
  // Each level of runs within runs is read twice: it must be half as long, or the levels double the time.
  const most = Math.floor(out.length / 2)
  if (count > most) throw corrupt(reader, `Expected at most ${most} runs, found ${count}`)
  const values = new Float64Array(count)
  const lengths = new Float64Array(count)
  decodeNumbers(reader, values, depth + 1)
  decodeNumbers(reader, lengths, depth + 1)
  let row = 0
  for (let run = 0; run < count; run++) {
    const length = lengths[run]!
    const end = row + length
    if (!(length >= 0 && end <= out.length))
      throw corrupt(reader, `Expected runs of ${out.length} rows, found one of ${length}`)
    out.fill(values[run]!, row, end)
    row = end
  }
  if (row !== out.length) throw corrupt(reader, `Expected runs of ${out.length} rows, found ${row}`)
}

function corrupt(reader: ByteReader, message: string): MicrologError {
  return new MicrologError('corrupt', message, { offset: reader.position })
}
