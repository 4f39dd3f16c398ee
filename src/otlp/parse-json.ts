import { MicrologError } from '../base/errors.ts'

const quote = 0x22
const backslash = 0x5c
const minus = 0x2d
const utf8 = new TextDecoder('utf-8')

/** An integer of fewer digits is a safe one. */
const safeDigits = 15

/** Text of V8 has at most 512 Mi characters, and long integers get quotes. */
const longestJson = 400 * 1024 * 1024

/**
 * JSON.parse for bytes from outside. One pass before it refuses what nests too deep, which JSON.parse would take much
 * memory for. @param exact makes strings of integers that a number would round: nanoseconds are such
 */
export function parseJson(bytes: Uint8Array, deepest: number, exact = false): unknown {
  if (bytes.length > longestJson)
    throw new MicrologError('too-large', 'Expected JSON of at most 400 MiB: send or keep it in parts')
  const longIntegers = scan(bytes, deepest)
  const text = exact && longIntegers.length > 0 ? quoted(bytes, longIntegers) : utf8.decode(bytes)
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new MicrologError('invalid-input', 'Expected JSON', { cause })
  }
}

/** @returns from and to of each long integer outside of strings */
function scan(bytes: Uint8Array, deepest: number): number[] {
  const longIntegers: number[] = []
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
    else if (isDigit(byte) || byte === minus) {
      const end = endOfNumber(bytes, i + 1)
      if (end - i > safeDigits && isInteger(bytes, i, end)) longIntegers.push(i, end)
      i = end - 1
    }
  }
  return longIntegers
}

function quoted(bytes: Uint8Array, longIntegers: readonly number[]): string {
  let text = ''
  let at = 0
  for (let i = 0; i < longIntegers.length; i += 2) {
    const from = longIntegers[i]!
    const to = longIntegers[i + 1]!
    text += `${utf8.decode(bytes.subarray(at, from))}"${utf8.decode(bytes.subarray(from, to))}"`
    at = to
  }
  return text + utf8.decode(bytes.subarray(at))
}

function endOfNumber(bytes: Uint8Array, from: number): number {
  let at = from
  // Digits, signs, '.', 'e' and 'E'.
  while (at < bytes.length && (isDigit(bytes[at]!) || [0x2b, minus, 0x2e, 0x65, 0x45].includes(bytes[at]!)))
    at++
  return at
}

function isInteger(bytes: Uint8Array, from: number, to: number): boolean {
  const first = bytes[from] === minus ? from + 1 : from
  for (let i = first; i < to; i++) if (!isDigit(bytes[i]!)) return false
  // JSON has no number of more than one digit that begins with 0.
  return bytes[first] !== 0x30
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}
