// OTLP/JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding) → protobuf, driven by the table of
// messages: hex ids, 64-bit integers as string or number, enums as numbers or names, unknown fields ignored.
import { ByteWriter } from '../base/byte-writer.ts'
import { MicrologError } from '../base/errors.ts'
import { checkJsonDepth } from './check-json-depth.ts'
import { enumNumbers, messageType, requestTypes, scalarWireType } from './otlp-messages.ts'
import type { MessageField, MessageType, ScalarKind } from './otlp-messages.ts'
import { oldWire } from './profile-tables.ts'
import type { OtlpLimits, OtlpSignal } from './sink.ts'

const utf8 = new TextDecoder('utf-8')
const anyValue = messageType('AnyValue')

const profile = messageType('Profile')
/** What profiles had in older versions of the protocol. */
const oldProfileNames = new Set(['sample', 'timeNanos', 'locationIndices', 'locationTable', 'stringTable'])

/** The frame around values: request, resource, scope, item, event, attribute and their arrays. */
const frameDepth = 24
/** Objects and arrays that one level of values takes: value, arrayValue, values. */
const depthPerValue = 4

export function encodeOtlpJson(signal: OtlpSignal, bytes: Uint8Array, limits: OtlpLimits): Uint8Array {
  checkJsonDepth(bytes, frameDepth + limits.depth * depthPerValue)
  const encoder = new MessageEncoder()
  return encoder.encode(requestTypes[signal], parseJson(bytes))
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes)) as unknown
  } catch (cause) {
    throw new MicrologError('invalid-input', 'Expected JSON', { cause })
  }
}

/** A message of JSON.parse's values as protobuf. */
export function encodeMessage(type: MessageType, value: unknown): Uint8Array {
  return new MessageEncoder().encode(type, value)
}

class MessageEncoder {
  readonly #levels: ByteWriter[] = []
  #depth = 0

  encode(type: MessageType, value: unknown): Uint8Array {
    const out = this.#level()
    this.#message(out, type, value)
    return out.finish()
  }

  #level(): ByteWriter {
    const out = (this.#levels[this.#depth] ??= new ByteWriter())
    out.clear()
    return out
  }

  #message(out: ByteWriter, type: MessageType, value: unknown): void {
    if (!isObject(value)) throw wrongType(type.name, 'an object', value)
    for (const name of Object.keys(value)) {
      const field = type.byName.get(name)
      const content = value[name]
      if (type === profile && oldProfileNames.has(name)) throw oldWire()
      if (!field || content === null || content === undefined) continue
      if (!field.repeated) this.#field(out, type, field, content)
      else if (!Array.isArray(content)) throw wrongType(`${type.name}.${name}`, 'an array', content)
      else if (scalarWireType(field) !== 2) this.#packed(out, field, content)
      else for (const item of content) this.#field(out, type, field, item)
    }
  }

  #packed(out: ByteWriter, field: MessageField, items: unknown[]): void {
    this.#depth++
    const inner = this.#level()
    for (const item of items) writeValue(inner, field, item)
    this.#depth--
    out.varint(field.number * 8 + 2)
    out.bytes(inner.view())
  }

  #field(out: ByteWriter, owner: MessageType, field: MessageField, value: unknown): void {
    if (field.message) {
      this.#depth++
      const inner = this.#level()
      this.#message(inner, field.message, value)
      this.#depth--
      out.varint(field.number * 8 + 2)
      out.bytes(inner.view())
    } else if (owner === anyValue && field.name === 'intValue' && !isInt64(value)) {
      // JavaScript senders call every whole number an integer, 1e300 too.
      writeScalar(out, anyValue.byName.get('doubleValue')!, toDouble(value, 'AnyValue.intValue'))
    } else writeScalar(out, field, value)
  }
}

function writeScalar(out: ByteWriter, field: MessageField, value: unknown): void {
  out.varint(field.number * 8 + scalarWireType(field))
  writeValue(out, field, value)
}

function writeValue(out: ByteWriter, { name, scalar }: MessageField, value: unknown): void {
  const kind = scalar!
  switch (kind) {
    case 'string':
      if (typeof value !== 'string') throw wrongType(name, 'a string', value)
      out.text(value)
      return
    case 'id':
    case 'bytes':
      out.bytes(toBytes(value, kind, name))
      return
    case 'bool':
      if (typeof value !== 'boolean') throw wrongType(name, 'true or false', value)
      out.u8(value ? 1 : 0)
      return
    case 'double':
      out.f64(toDouble(value, name))
      return
    case 'fixed32':
      out.u32(Number(BigInt.asUintN(32, toInteger(value, kind, name))))
      return
    case 'fixed64':
    case 'sfixed64':
      writeFixed64(out, toInteger(value, kind, name))
      return
    case 'sint32':
      out.zigzag(Number(BigInt.asIntN(32, toInteger(value, kind, name))))
      return
    default:
      writeVarint(out, toInteger(value, kind, name))
  }
}

const latestTime = 2n ** 64n - 1n
const digits = /^-?\d{1,20}$/

/** What isn't a 64-bit integer at all is clamped to one that no reader takes for a time. */
function toInteger(value: unknown, kind: ScalarKind, name: string): bigint {
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 2 ** 64) return BigInt(value)
  if (typeof value === 'string' && digits.test(value)) return BigInt(value)
  if (kind === 'enum' && typeof value === 'string') return BigInt(enumNumbers.get(value) ?? 0)
  if (kind === 'fixed64' && (typeof value === 'number' || typeof value === 'string')) return latestTime
  throw wrongType(name, 'an integer', value)
}

function isInt64(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 63
  if (typeof value !== 'string' || !digits.test(value)) return false
  const integer = BigInt(value)
  return integer === BigInt.asIntN(64, integer)
}

function toDouble(value: unknown, name: string): number {
  if (typeof value === 'number') return value
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value)
  if (typeof value === 'string' && value !== '' && Number.isFinite(Number(value))) return Number(value)
  throw wrongType(name, 'a number', value)
}

/** An id that is no hex becomes one of no length, which the reader rejects on its own where one is needed. */
function toBytes(value: unknown, kind: 'id' | 'bytes', name: string): Uint8Array {
  if (typeof value !== 'string') throw wrongType(name, 'a string', value)
  if (kind === 'id' && /^(?:[\da-f]{2})*$/i.test(value)) return fromHex(value)
  if (kind === 'id' && name !== 'profileId') return invalidId
  return fromBase64(value, name)
}

const invalidId = new Uint8Array(1)

function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(i * 2, i * 2 + 2), 16)
  return bytes
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

function writeFixed64(out: ByteWriter, value: bigint): void {
  const bits = value > latestTime ? latestTime : BigInt.asUintN(64, value)
  out.u64(Number(bits >> 32n), Number(bits & 0xffffffffn))
}

function writeVarint(out: ByteWriter, value: bigint): void {
  let rest = BigInt.asUintN(64, value)
  while (rest >= 0x80n) {
    out.u8(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  out.u8(Number(rest))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wrongType(name: string, expected: string, value: unknown): MicrologError {
  const found = Array.isArray(value) ? 'an array' : value === null ? 'null' : typeof value
  return new MicrologError('invalid-input', `Expected ${expected} in ${name}, found ${found}`)
}
