// OTLP/JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding) → protobuf, driven by the table of
// messages: hex ids, 64-bit integers as string or number, enums as numbers or names, unknown fields ignored.
import { isInt64, readBytes, readDouble, readInteger, wrongType } from './json-scalars.ts'
import { MessageBuffer } from './message-buffer.ts'
import { messageType, requestTypes, scalarWireType } from './otlp-messages.ts'
import type { MessageField, MessageType } from './otlp-messages.ts'
import { parseJson } from './parse-json.ts'
import { oldWire } from './profile-tables.ts'
import type { OtlpLimits, OtlpSignal } from './sink.ts'

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

export function encodeOtlpJson(signal: OtlpSignal, bytes: Uint8Array, limits: OtlpLimits): Uint8Array {
  const request = parseJson(bytes, frameDepth + limits.depth * depthPerValue, true)
  return encodeMessage(requestTypes[signal], request)
}

/** What JSON.parse made of a message as protobuf; nothing in it nests deeper than the caller has checked. */
export function encodeMessage(type: MessageType, value: unknown): Uint8Array {
  const out = new MessageBuffer()
  writeMessage(out, type, value)
  return out.finish()
}

function writeMessage(out: MessageBuffer, type: MessageType, value: unknown): void {
  if (!isObject(value)) throw wrongType(type.name, 'an object', value)
  for (const name of Object.keys(value)) {
    const field = type.byName.get(name)
    const content = value[name]
    if (type === profile && oldProfileNames.has(name)) throw oldWire()
    if (!field || content === null || content === undefined) continue
    if (!field.repeated) writeField(out, field, content)
    else if (!Array.isArray(content)) throw wrongType(`${type.name}.${name}`, 'an array', content)
    else if (scalarWireType(field) !== 2) writePacked(out, field, content)
    else for (const item of content as unknown[]) writeField(out, field, item)
  }
}

function writePacked(out: MessageBuffer, field: MessageField, items: readonly unknown[]): void {
  const begin = out.begin(field.number * 8 + 2)
  for (const item of items) writeScalar(out, field, item)
  out.end(begin)
}

function writeField(out: MessageBuffer, field: MessageField, value: unknown): void {
  if (field.message) {
    const begin = out.begin(field.number * 8 + 2)
    writeMessage(out, field.message, value)
    out.end(begin)
    return
  }
  // JavaScript senders call every whole number an integer, 1e300 too.
  const own = field === intValue && !isInt64(value) ? doubleValue : field
  out.varint(own.number * 8 + scalarWireType(own))
  writeScalar(out, own, value)
}

function writeScalar(out: MessageBuffer, { name, scalar }: MessageField, value: unknown): void {
  const kind = scalar!
  switch (kind) {
    case 'string':
      if (typeof value !== 'string') throw wrongType(name, 'a string', value)
      out.text(value)
      return
    case 'id':
    case 'bytes':
      out.bytes(readBytes(value, kind, name))
      return
    case 'bool':
      if (typeof value !== 'boolean') throw wrongType(name, 'true or false', value)
      out.u8(value ? 1 : 0)
      return
    case 'double':
      out.f64(readDouble(value, name))
      return
    case 'fixed32':
      out.u32(readInteger(value, kind, name).low)
      return
    case 'fixed64':
    case 'sfixed64': {
      const { high, low } = readInteger(value, kind, name)
      out.u64(high, low)
      return
    }
    case 'sint32': {
      const signed = readInteger(value, kind, name).low | 0
      out.varint(((signed << 1) ^ (signed >> 31)) >>> 0)
      return
    }
    default: {
      const { high, low } = readInteger(value, kind, name)
      out.varint64(high, low)
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
