// Numbers as their magnitude and the bits below it: for noise, whose upper part says something and whose lower bits
// no compressor makes smaller.
import type { ByteWriter } from '../../base/byte-writer.ts'
import { magnitudeOf } from '../layout.ts'
import type { Numbers } from '../numbers.ts'

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
  const bits = packBits(zigzags, magnitudes, Math.ceil(total / 8))
  writer.raw(magnitudes)
  writer.raw(bits)
  return bits.length
}

/** All but the highest bit of each. */
function packBits(values: Float64Array, magnitudes: Uint8Array, length: number): Uint8Array {
  const bits = new Uint8Array(length)
  let at = 0
  let pending = 0
  let pendingBits = 0
  for (let i = 0; i < values.length; i++) {
    let rest = values[i]!
    for (let left = magnitudes[i]! - 1; left > 0; left -= 24) {
      const count = left < 24 ? left : 24
      const low = rest % 0x1000000
      rest = (rest - low) / 0x1000000
      pending |= (low & ((1 << count) - 1)) << pendingBits
      for (pendingBits += count; pendingBits >= 8; pendingBits -= 8) {
        bits[at++] = pending
        pending >>>= 8
      }
    }
  }
  if (pendingBits > 0) bits[at] = pending
  return bits
}
