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
  const exact = toBigInt(value, kind)
  if (exact === undefined) throw wrongType(name, 'an integer', kindOf(value))
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
  throw wrongType(name, 'a number', kindOf(value))
}

export function readBoolean(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw wrongType(name, 'true or false', kindOf(value))
  return value
}

export function readBytes(value: unknown, name: string): Uint8Array {
  if (typeof value !== 'string') throw wrongType(name, 'a string', kindOf(value))
  return fromBase64(value, name)
}

/** An id that is no hex becomes one of a wrong length, so that its record alone is rejected where it needs one. */
export function readOtherId(text: string, name: string): Uint8Array {
  return name === 'profileId' ? fromBase64(text, name) : invalidId
}

/** @param found 'a string', see JsonCursor.kind */
export function wrongType(name: string, expected: string, found: string): MicrologError {
  return new MicrologError('invalid-input', `Expected ${expected} in ${name}, found ${found}`)
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  if (value === null || typeof value === 'boolean') return String(value)
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

const invalidId = new Uint8Array(1)

function setInteger(high: number, low: number): U64 {
  integer.high = high
  integer.low = low
  return integer
}

function toBigInt(value: unknown, kind: ScalarKind): bigint | undefined {
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 2 ** 64) return BigInt(value)
  if (typeof value === 'string' && digits.test(value)) return BigInt(value)
  if (kind === 'enum' && typeof value === 'string') return BigInt(enumNumbers.get(value) ?? 0)
  return kind === 'fixed64' && (typeof value === 'number' || typeof value === 'string') ? latest : undefined
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
