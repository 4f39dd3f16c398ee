import { MicrologError } from '../base/errors.ts'

const quote = 0x22
const backslash = 0x5c
const utf8 = new TextDecoder('utf-8')

/** Text of V8 has at most 512 Mi characters. */
const longestJson = 400 * 1024 * 1024
/** Objects and arrays: three bytes make one of some 70 in memory. */
const mostContainers = 20_000_000

/**
 * JSON.parse for bytes from outside. One pass before it refuses what nests too deep or has too many parts, which
 * JSON.parse would take much memory for.
 */
export function parseJson(bytes: Uint8Array, deepest: number): unknown {
  if (bytes.length > longestJson)
    throw new MicrologError('too-large', 'Expected JSON of at most 400 MiB: send or keep it in parts')
  checkNesting(bytes, deepest)
  try {
    return JSON.parse(utf8.decode(bytes)) as unknown
  } catch (cause) {
    throw new MicrologError('invalid-input', 'Expected JSON', { cause })
  }
}

function checkNesting(bytes: Uint8Array, deepest: number): void {
  let depth = 0
  let containers = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (byte === quote) i = endOfString(bytes, i + 1)
    // '[' and '{', then ']' and '}': each pair differs in one bit.
    else if ((byte & 0xdf) === 0x5b) {
      if (++depth > deepest)
        throw new MicrologError('too-large', `Expected JSON of at most ${deepest} levels`, { offset: i })
      if (++containers > mostContainers)
        throw new MicrologError('too-large', `Expected JSON of at most ${mostContainers} objects and arrays`)
    } else if ((byte & 0xdf) === 0x5d) depth--
  }
}

function endOfString(bytes: Uint8Array, from: number): number {
  let at = from
  for (; at < bytes.length; at++) {
    if (bytes[at] === quote) break
    if (bytes[at] === backslash) at++
  }
  return at
}
