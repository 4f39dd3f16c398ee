// Numbers as their magnitude and the bits below it: for noise, whose upper part says something and whose lower bits
// no compressor makes smaller.
import type { ByteWriter } from '../../base/byte-writer.ts'
import { magnitudeOf } from '../layout.ts'
import type { Numbers } from './numbers.ts'

/** For each row the bit length of its zigzag as a byte, then of all rows the bits below the highest, lowest first. Gives the bytes of these. */
export function encodeMagnitudes(writer: ByteWriter, values: Numbers): number {
  const magnitudes = new Uint8Array(values.length)
  const zigzags = new Float64Array(values.length)
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const zigzag = value < 0 ? -value * 2 - 1 : value * 2
    zigzags[i] = zigzag
    magnitudes[i] = magnitudeOf(zigzag)
    total += Math.max(0, magnitudes[i]! - 1)
  }
  const bits = new Uint8Array(Math.ceil(total / 8))
  let at = 0
  for (let i = 0; i < values.length; i++) {
    let rest = zigzags[i]!
    for (let left = magnitudes[i]! - 1; left > 0;) {
      const count = Math.min(left, 8 - (at & 7))
      const size = 2 ** count
      bits[at >> 3]! |= (rest % size) << (at & 7)
      rest = Math.floor(rest / size)
      at += count
      left -= count
    }
  }
  writer.raw(magnitudes)
  writer.raw(bits)
  return bits.length
}
