import { MicrologError } from '../base/errors.ts'

const quote = 0x22
const backslash = 0x5c

/** Refuses JSON that nests too deep, in one pass and before JSON.parse takes memory for it. */
export function checkJsonDepth(bytes: Uint8Array, deepest: number): void {
  let depth = 0
  let inString = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (inString) {
      if (byte === backslash) i++
      else if (byte === quote) inString = false
    } else if (byte === quote) inString = true
    // '[' and '{', then ']' and '}': each pair differs in one bit.
    else if ((byte & 0xdf) === 0x5b) {
      if (++depth > deepest)
        throw new MicrologError('too-large', `Expected JSON of at most ${deepest} levels`, { offset: i })
    } else if ((byte & 0xdf) === 0x5d) depth--
  }
}
