// Numbers as their magnitude and the bits below it: for noise, whose upper part says something and whose lower bits
// no compressor makes smaller.
import { magnitudeOf } from '../layout.ts'

interface Magnitudes {
  readonly zigzags: Float64Array
  /** Bit lengths of the zigzags. */
  readonly magnitudes: Uint8Array
  /** How many there are below the highest ones. */
  readonly bits: number
}

export function magnitudesOf(values: Float64Array): Magnitudes {
  const magnitudes = new Uint8Array(values.length)
  const zigzags = new Float64Array(values.length)
  let bits = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const zigzag = value < 0 ? -value * 2 - 1 : value * 2
    const magnitude = magnitudeOf(zigzag)
    zigzags[i] = zigzag
    magnitudes[i] = magnitude
    if (magnitude > 1) bits += magnitude - 1
  }
  return { zigzags, magnitudes, bits }
}

/** All but the highest bit of each, lowest first. */
export function packBits({ zigzags, magnitudes, bits }: Magnitudes): Uint8Array {
  const packed = new Uint8Array(Math.ceil(bits / 8))
  let at = 0
  let pending = 0
  let pendingBits = 0
  for (let i = 0; i < zigzags.length; i++) {
    let rest = zigzags[i]!
    for (let left = magnitudes[i]! - 1; left > 0; left -= 24) {
      const count = left < 24 ? left : 24
      const low = rest % 0x1000000
      rest = (rest - low) / 0x1000000
      pending |= (low & ((1 << count) - 1)) << pendingBits
      for (pendingBits += count; pendingBits >= 8; pendingBits -= 8) {
        packed[at++] = pending
        pending >>>= 8
      }
    }
  }
  if (pendingBits > 0) packed[at] = pending
  return packed
}
