// Mirrors encode/magnitudes.ts.
import type { ByteReader } from '../../base/byte-reader.ts'
import { MicrologError } from '../../base/errors.ts'
import type { Numbers } from '../numbers.ts'

export function decodeMagnitudes(reader: ByteReader, out: Numbers): void {
  const magnitudes = reader.raw(out.length)
  let total = 0
  for (let i = 0; i < magnitudes.length; i++) {
    const magnitude = magnitudes[i]!
    if (magnitude > 53) {
      throw new MicrologError('corrupt', `Expected at most 53 bits, found ${magnitude}`, {
        offset: reader.position
      })
    }
    if (magnitude > 1) total += magnitude - 1
  }
  const bits = reader.raw(Math.ceil(total / 8))
  let at = 0
  for (let i = 0; i < magnitudes.length; i++) {
    const below = magnitudes[i]! - 1
    let zigzag = below < 0 ? 0 : 1
    if (below > 24) {
      const low = bitsAt(bits, at, 24)
      zigzag =
        low +
        2 ** 24 * (below > 48 ? highBits(bits, at + 24, below - 24) : withTop(bits, at + 24, below - 24))
    } else if (below > 0) zigzag = (1 << below) | bitsAt(bits, at, below)
    if (below > 0) at += below
    out[i] = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2
  }
}

/** Up to 24 bits and the one above them. */
function withTop(bits: Uint8Array, at: number, count: number): number {
  return (1 << count) | bitsAt(bits, at, count)
}

/** 25 to 28 bits and the one above them. */
function highBits(bits: Uint8Array, at: number, count: number): number {
  return bitsAt(bits, at, 24) + 2 ** 24 * withTop(bits, at + 24, count - 24)
}

/** Up to 24 bits; past the end there are zeros. */
function bitsAt(bits: Uint8Array, at: number, count: number): number {
  const byte = at >> 3
  const word = bits[byte]! | (bits[byte + 1]! << 8) | (bits[byte + 2]! << 16) | (bits[byte + 3]! << 24)
  return (word >>> (at & 7)) & ((1 << count) - 1)
}
