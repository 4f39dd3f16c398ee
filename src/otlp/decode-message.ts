// Protobuf → the objects of OTLP/JSON, driven by the table of messages: hex ids, base64 bytes, 64-bit integers and
// doubles beyond JSON as strings. What is on the wire is there, default or not; unknown fields are left out.
import { MicrologError } from '../base/errors.ts'
import { hexBytes } from '../base/units.ts'
import { scalarWireType } from './otlp-messages.ts'
import type { MessageField, MessageType } from './otlp-messages.ts'
import { ProtobufCursor } from './protobuf-cursor.ts'

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }
export type JsonObject = { [name: string]: Json }

/** Deeper than whatever readOtlp takes: 64 values, each of three messages, in their frame. */
const deepest = 256
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

export function decodeMessage(type: MessageType, bytes: Uint8Array): JsonObject {
  return decode(type, new ProtobufCursor(bytes), 0)
}

function decode(type: MessageType, cursor: ProtobufCursor, depth: number): JsonObject {
  if (depth > deepest) throw new MicrologError('too-large', `Expected at most ${deepest} levels of messages`)
  const object: JsonObject = {}
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    const field = type.byNumber.get(tag >>> 3)
    const wireType = tag & 7
    const ownWireType = field && scalarWireType(field)
    if (!field || (wireType !== ownWireType && !(field.repeated && wireType === 2))) {
      cursor.skip(tag)
      continue
    }
    if (!field.repeated) object[field.name] = value(field, cursor, depth)
    else {
      const list = (object[field.name] ??= []) as Json[]
      if (wireType === ownWireType) list.push(value(field, cursor, depth))
      else pushPacked(list, field, cursor, depth)
    }
  }
  return object
}

function pushPacked(list: Json[], field: MessageField, cursor: ProtobufCursor, depth: number): void {
  const { end } = cursor
  cursor.end = cursor.enter()
  while (cursor.position < cursor.end) list.push(value(field, cursor, depth))
  cursor.end = end
}

function value(field: MessageField, cursor: ProtobufCursor, depth: number): Json {
  switch (field.scalar) {
    case undefined: {
      const { end } = cursor
      cursor.end = cursor.enter()
      const object = decode(field.message!, cursor, depth + 1)
      cursor.end = end
      return object
    }
    case 'string':
      return utf8.decode(bytesOf(cursor))
    case 'id':
      return hex(bytesOf(cursor))
    case 'bytes':
      return base64(bytesOf(cursor))
    case 'bool':
      return cursor.varint32() !== 0
    case 'double':
      return doubleJson(cursor.double())
    case 'fixed32':
      return cursor.fixed32()
    case 'uint32':
      return cursor.varint32()
    case 'int32':
    case 'enum':
      return cursor.varint32() | 0
    case 'sint32': {
      const bits = cursor.varint32()
      return (bits >>> 1) ^ -(bits & 1)
    }
    case 'fixed64':
      return integerText(cursor.fixed64(), cursor.high)
    case 'uint64':
      return integerText(cursor.varint64(), cursor.high)
    case 'sfixed64':
      return integerText(cursor.fixed64(), cursor.high | 0)
    case 'int64':
      return integerText(cursor.varint64(), cursor.high | 0)
  }
}

function bytesOf(cursor: ProtobufCursor): Uint8Array {
  const to = cursor.enter()
  const from = cursor.position
  cursor.position = to
  return cursor.bytes.subarray(from, to)
}

function integerText(low: number, high: number): string {
  return String((BigInt(high) << 32n) | BigInt(low))
}

/** What JSON has no number for becomes a string, as proto3's JSON mapping has it. */
export function doubleJson(double: number): Json {
  if (Object.is(double, -0)) return '-0'
  return Number.isFinite(double) ? double : String(double)
}

export function hex(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i++) text += hexBytes[bytes[i]!]!
  return text
}

export function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let i = 0; i < bytes.length; i++) binary += String.fromCharCode(bytes[i]!)
  return btoa(binary)
}
