// OTLP/JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding) → protobuf in one pass over the bytes, driven
// by the table of messages: hex ids, 64-bit integers as string or number, enums as numbers or names, unknown fields ignored.
import { JsonCursor, closeBrace, closeBracket, openBrace, openBracket } from './json-cursor.ts'
import {
  isInt64,
  readBoolean,
  readBytes,
  readDouble,
  readInteger,
  readOtherId,
  wrongType
} from './json-scalars.ts'
import { MessageBuffer } from './message-buffer.ts'
import { messageType, requestTypes, scalarWireType } from './otlp-messages.ts'
import type { MessageField, MessageType } from './otlp-messages.ts'
import { oldWire } from './profile-tables.ts'
import type { OtlpLimits, OtlpSignal, U64 } from './sink.ts'

const anyValue = messageType('AnyValue')
const intValue = anyValue.byName.get('intValue')!
const doubleValue = anyValue.byName.get('doubleValue')!
const profile = messageType('Profile')
/** What profiles had in older versions of the protocol. */
const oldProfileNames = new Set(['sample', 'timeNanos', 'locationIndices', 'locationTable', 'stringTable'])

/** The frame around values: request, resource, scope, item, event, attribute and their arrays. */
const frameDepth = 24
/** Objects and arrays that one level of values takes: value, arrayValue, values. */
const depthPerValue = 4

/** Of 64 bits, and of those that are an int64 for certain. */
const [mostDigits, mostSignedDigits] = [19, 18]
/** What null begins with. */
const letterN = 0x6e

export function encodeOtlpJson(signal: OtlpSignal, bytes: Uint8Array, limits: OtlpLimits): Uint8Array {
  return encodeJson(requestTypes[signal], bytes, frameDepth + limits.depth * depthPerValue)
}

/** A message in JSON as protobuf. @param deepest levels of objects and arrays, more of them are `too-large` */
export function encodeJson(type: MessageType, bytes: Uint8Array, deepest: number): Uint8Array {
  const encoder = new JsonEncoder(new JsonCursor(bytes, deepest))
  return encoder.encode(type)
}

/** A field, and its key as most senders write it: `"name":`. */
interface Key {
  readonly field: MessageField
  readonly quoted: Uint8Array
  /** What stands before each value in protobuf, and before all of them where they are packed. */
  readonly tag: number
  readonly isPacked: boolean
}

const keys = new Map<MessageType, readonly Key[]>()

function keysOf(type: MessageType): readonly Key[] {
  let known = keys.get(type)
  if (known === undefined) {
    const utf8 = new TextEncoder()
    known = [...type.byName].map(([name, field]) => {
      const wireType = scalarWireType(field)
      const isPacked = field.repeated && wireType !== 2
      const tag = field.number * 8 + (isPacked ? 2 : wireType)
      return { field, quoted: utf8.encode(`"${name}":`), tag, isPacked }
    })
    keys.set(type, known)
  }
  return known
}

class JsonEncoder {
  readonly #json: JsonCursor
  readonly #out = new MessageBuffer()

  constructor(json: JsonCursor) {
    this.#json = json
  }

  encode(type: MessageType): Uint8Array {
    this.#message(type)
    this.#json.end()
    return this.#out.finish()
  }

  #message(type: MessageType): void {
    const json = this.#json
    if (json.peek() !== openBrace) throw wrongType(type.name, 'an object', json.kind())
    const keys = keysOf(type)
    let next = 0
    json.enter(openBrace)
    for (let isFirst = true; json.more(closeBrace, isFirst); isFirst = false) {
      let at = this.#keyAt(keys, next)
      if (at < 0) at = this.#lookUp(type, json.key())
      next = at + 1
      const key = keys[at]
      if (key === undefined || json.peek() === letterN) json.skip()
      else this.#field(type, key)
    }
  }

  /** Passes the key that comes next if it is one of these, which mostly come in their order; -1 for any other. */
  #keyAt(keys: readonly Key[], next: number): number {
    this.#json.peek()
    for (let at = next; at < keys.length; at++) if (this.#json.isKey(keys[at]!.quoted)) return at
    for (let at = 0; at < next; at++) if (this.#json.isKey(keys[at]!.quoted)) return at
    return -1
  }

  /** A key with escapes, or with a space behind it; -1 for one that isn't known. */
  #lookUp(type: MessageType, name: string): number {
    if (type === profile && oldProfileNames.has(name)) throw oldWire()
    return keysOf(type).findIndex(({ field }) => field.name === name)
  }

  #field(type: MessageType, key: Key): void {
    const json = this.#json
    const { field } = key
    if (!field.repeated) {
      this.#value(key)
      return
    }
    if (json.peek() !== openBracket) throw wrongType(`${type.name}.${field.name}`, 'an array', json.kind())
    const begin = key.isPacked ? this.#out.begin(key.tag) : 0
    json.enter(openBracket)
    for (let isFirst = true; json.more(closeBracket, isFirst); isFirst = false) {
      if (key.isPacked) this.#scalar(field)
      else this.#value(key)
    }
    if (key.isPacked) this.#out.end(begin)
  }

  #value({ field, tag }: Key): void {
    if (field.message) {
      const begin = this.#out.begin(tag)
      this.#message(field.message)
      this.#out.end(begin)
    } else if (field === intValue) this.#intValue()
    else {
      this.#out.varint(tag)
      this.#scalar(field)
    }
  }

  /** JavaScript senders call every whole number an integer, 1e300 too. */
  #intValue(): void {
    const json = this.#json
    if (json.digits(mostSignedDigits)) {
      this.#out.varint(intValue.number * 8)
      this.#out.varint64(json.bits.high, json.bits.low)
      return
    }
    const value = json.value()
    const own = isInt64(value) ? intValue : doubleValue
    this.#out.varint(own.number * 8 + scalarWireType(own))
    this.#write(own, value)
  }

  /** Most values are copied from where they stand. */
  #scalar(field: MessageField): void {
    const json = this.#json
    const out = this.#out
    switch (field.scalar) {
      case 'string':
        if (!json.string()) throw wrongType(field.name, 'a string', json.kind())
        if (json.hasEscape) out.text(json.text())
        else out.copy(json.bytes, json.from, json.to)
        return
      case 'id':
        if (!json.string()) throw wrongType(field.name, 'a string', json.kind())
        if (!out.hexBytes(json.bytes, json.from, json.to)) out.bytes(readOtherId(json.text(), field.name))
        return
      case 'bytes':
      case 'bool':
      case 'double':
        this.#write(field, json.value())
        return
      default:
        if (json.digits(mostDigits)) this.#bits(field, json.bits)
        else this.#write(field, json.value())
    }
  }

  #bits({ scalar }: MessageField, { high, low }: U64): void {
    const out = this.#out
    if (scalar === 'fixed32') out.u32(low)
    else if (scalar === 'fixed64' || scalar === 'sfixed64') out.u64(high, low)
    else if (scalar === 'sint32') out.varint(((low << 1) ^ (low >> 31)) >>> 0)
    else out.varint64(high, low)
  }

  #write(field: MessageField, value: unknown): void {
    const { name } = field
    const kind = field.scalar!
    if (kind === 'bytes') this.#out.bytes(readBytes(value, name))
    else if (kind === 'double') this.#out.f64(readDouble(value, name))
    else if (kind === 'bool') this.#out.u8(readBoolean(value, name) ? 1 : 0)
    else this.#bits(field, readInteger(value, kind, name))
  }
}
