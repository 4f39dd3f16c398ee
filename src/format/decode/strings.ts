// Mirrors encode/strings.ts.
import type { ByteReader } from '../../base/byte-reader.ts'
import { decodeNumbers } from './numbers.ts'

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

export function decodeStrings(reader: ByteReader, count: number): string[] {
  const ends = decodeEnds(reader, count)
  const bytes = reader.raw(count === 0 ? 0 : ends[count - 1]!)
  const whole = utf8.decode(bytes)
  const strings = new Array<string>(count)
  let from = 0
  // As long as each byte is a character, cutting the whole is many times faster than decoding each.
  const plain = whole.length === bytes.length
  for (let i = 0; i < count; i++) {
    const to = ends[i]!
    strings[i] = plain ? whole.slice(from, to) : utf8.decode(bytes.subarray(from, to))
    from = to
  }
  return strings
}

export function decodeBlobs(reader: ByteReader, count: number): Uint8Array[] {
  const ends = decodeEnds(reader, count)
  return Array.from(ends, (end, i) => reader.raw(end - (i === 0 ? 0 : ends[i - 1]!)).slice())
}

function decodeEnds(reader: ByteReader, count: number): Float64Array {
  const ends = new Float64Array(count)
  decodeNumbers(reader, ends)
  for (let i = 1; i < count; i++) ends[i]! += ends[i - 1]!
  return ends
}
