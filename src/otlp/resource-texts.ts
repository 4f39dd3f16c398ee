import type { ByteRange } from './request-copies.ts'
import { ProtobufCursor } from './protobuf-cursor.ts'
import type { RequestReader } from './request-reader.ts'

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** The attributes of a resource that have a scalar value, as text: what identifies a sender is among them. */
export function resourceTexts(reader: RequestReader, range: ByteRange): ReadonlyMap<string, string> {
  const cursor = new ProtobufCursor(reader.cursor.bytes, range.from, range.to)
  const texts = new Map<string, string>()
  const { valueBytes } = reader.limits
  const readText = () => {
    const to = cursor.enter()
    const from = cursor.position
    cursor.position = to
    return utf8.decode(cursor.bytes.subarray(from, Math.min(to, from + valueBytes)))
  }
  const indexed = () => reader.stringAt(cursor.varint32(), valueBytes)
  const readValue = (): string | undefined => {
    let value: string | undefined
    message(cursor, tag => {
      if (tag === 0x0a) value = readText()
      else if (tag === 0x10) value = cursor.varint32() === 0 ? 'false' : 'true'
      else if (tag === 0x18) {
        const low = cursor.varint64()
        value = String((BigInt(cursor.high | 0) << 32n) | BigInt(low))
      } else if (tag === 0x21) value = String(cursor.double())
      else if (tag === 0x40) value = indexed()
      else cursor.skip(tag)
    })
    return value
  }
  fields(cursor, tag => {
    if (tag !== 0x0a || texts.size >= reader.limits.attributes) {
      cursor.skip(tag)
      return
    }
    let key = ''
    let value: string | undefined
    message(cursor, inner => {
      if (inner === 0x0a) key = readText()
      else if (inner === 0x12) value = readValue()
      else if (inner === 0x18) key = indexed()
      else cursor.skip(inner)
    })
    if (value !== undefined) texts.set(key, value)
  })
  return texts
}

function message(cursor: ProtobufCursor, read: (tag: number) => void): void {
  const { end } = cursor
  cursor.end = cursor.enter()
  fields(cursor, read)
  cursor.end = end
}

function fields(cursor: ProtobufCursor, read: (tag: number) => void): void {
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) read(tag)
}
