// Numbers, ids and bytes as OTLP/JSON has them → the bits of protobuf.
import { MicrologError } from '../base/errors.ts'
import { enumNumbers } from './otlp-messages.ts'
import type { ScalarKind } from './otlp-messages.ts'
import type { U64 } from './sink.ts'

const two32 = 0x100000000
const digits = /^-?\d{1,20}$/
const latest = 2n ** 64n - 1n

/** Filled anew by each call of `readInteger`. */
const integer: U64 = { high: 0, low: 0 }

/**
 * A number, or decimal digits, as 64 bits. A time that is none becomes the last one there is, which no reader takes:
 * its record is rejected, the rest of the request isn't.
 */
export function readInteger(value: unknown, kind: ScalarKind, name: string): U64 {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)
    return setInteger(Math.floor(value / two32), value % two32)
  if (typeof value === 'string' && value.length > 0 && value.length < 20 && readDigits(value)) return integer
  const exact = toBigInt(value, kind)
  if (exact === undefined) throw wrongType(name, 'an integer', value)
  const bits = exact > latest ? latest : BigInt.asUintN(64, exact)
  return setInteger(Number(bits >> 32n), Number(bits & 0xffffffffn))
}

/** False for whole numbers that int64 can't hold, and for what is no whole number. */
export function isInt64(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 63
  if (typeof value !== 'string' || !digits.test(value)) return false
  if (value.length < 19) return true
  const exact = BigInt(value)
  return exact === BigInt.asIntN(64, exact)
}

export function readDouble(value: unknown, name: string): number {
  if (typeof value === 'number') return value
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value)
  if (typeof value === 'string' && value !== '' && Number.isFinite(Number(value))) return Number(value)
  throw wrongType(name, 'a number', value)
}

/** An id that is no hex becomes one of a wrong length, so that its record alone is rejected where it needs one. */
export function readBytes(value: unknown, kind: 'id' | 'bytes', name: string): Uint8Array {
  if (typeof value !== 'string') throw wrongType(name, 'a string', value)
  if (kind === 'bytes') return fromBase64(value, name)
  const bytes = fromHex(value)
  if (bytes) return bytes
  return name === 'profileId' ? fromBase64(value, name) : invalidId
}

export function wrongType(name: string, expected: string, value: unknown): MicrologError {
  const found = Array.isArray(value) ? 'an array' : value === null ? 'null' : typeof value
  return new MicrologError('invalid-input', `Expected ${expected} in ${name}, found ${found}`)
}

const invalidId = new Uint8Array(1)

function setInteger(high: number, low: number): U64 {
  integer.high = high
  integer.low = low
  return integer
}

/** Up to 19 digits, without bigint: it is most of the numbers there are. Upper digits × 10⁹ + the last nine. */
function readDigits(text: string): boolean {
  let upper = 0
  let lower = 0
  const split = text.length - 9
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) return false
    if (i < split) upper = upper * 10 + digit
    else lower = lower * 10 + digit
  }
  // upper < 2^34; in two parts, so that no product goes beyond 2^53.
  const above = Math.floor(upper / 0x10000) * 1e9
  const below = (upper % 0x10000) * 1e9 + lower + (above % 0x10000) * 0x10000
  setInteger(Math.floor(above / 0x10000) + Math.floor(below / two32), below % two32)
  return true
}

function toBigInt(value: unknown, kind: ScalarKind): bigint | undefined {
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 2 ** 64) return BigInt(value)
  if (typeof value === 'string' && digits.test(value)) return BigInt(value)
  if (kind === 'enum' && typeof value === 'string') return BigInt(enumNumbers.get(value) ?? 0)
  return kind === 'fixed64' && (typeof value === 'number' || typeof value === 'string') ? latest : undefined
}

function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0) return undefined
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) {
    const high = nibble(text.charCodeAt(i * 2))
    const low = nibble(text.charCodeAt(i * 2 + 1))
    if (high < 0 || low < 0) return undefined
    bytes[i] = high * 16 + low
  }
  return bytes
}

function nibble(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/** Standard or URL-safe, with or without padding. */
function fromBase64(text: string, name: string): Uint8Array {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return Uint8Array.from(binary, character => character.charCodeAt(0))
  } catch (cause) {
    throw new MicrologError('invalid-input', `Expected base64 in ${name}`, { cause })
  }
}
