import { MicrologError } from '../base/errors.ts'
import { ProtobufCursor } from './protobuf-cursor.ts'
import type { OtlpSignal } from './sink.ts'

/**
 * The signal of a protobuf export request, by the shape of its first item, since all have the same frame: profiles come
 * with a dictionary, a span begins with ids of 16 and 8 bytes, a log record with numbers, a metric with its name.
 * 'none' for a request without items, undefined where the bytes are no request.
 */
export function detectSignal(bytes: Uint8Array): OtlpSignal | 'none' | undefined {
  try {
    const cursor = new ProtobufCursor(bytes)
    const top = lengths(cursor, 0, bytes.length)
    if (top.has(2)) return top.has(1) ? 'profiles' : undefined
    const item = firstItem(cursor)
    return item ? signalOf(cursor, item) : 'none'
  } catch (error) {
    if (error instanceof MicrologError) return undefined
    throw error
  }
}

interface Range {
  from: number
  to: number
}

function signalOf(cursor: ProtobufCursor, { from, to }: Range): OtlpSignal {
  const fields = lengths(cursor, from, to)
  if (fields.get(1) === 16 && fields.get(2) === 8) return 'traces'
  const isMetric = fields.has(1) && [5, 7, 9, 10, 11].some(field => fields.has(field))
  return isMetric ? 'metrics' : 'logs'
}

/** The fields that tell messages apart; of others there may be millions. */
const highestField = 15

/** Lengths of the length-delimited fields of a message, by their numbers; the first of each. */
function lengths(cursor: ProtobufCursor, from: number, to: number): Map<number, number> {
  const found = new Map<number, number>()
  cursor.position = from
  cursor.end = to
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    if ((tag & 7) === 2) {
      const end = cursor.enter()
      if (tag >>> 3 <= highestField && !found.has(tag >>> 3)) found.set(tag >>> 3, end - cursor.position)
      cursor.position = end
    } else cursor.skip(tag)
  }
  return found
}

function firstItem(cursor: ProtobufCursor): Range | undefined {
  for (const resource of messages(cursor, { from: 0, to: cursor.bytes.length }, 0x0a))
    for (const scope of messages(cursor, resource, 0x12))
      for (const item of messages(cursor, scope, 0x12)) return item
  return undefined
}

/** One after the other: a request may claim any number of them. The cursor may be elsewhere meanwhile. */
function* messages(cursor: ProtobufCursor, { from, to }: Range, wanted: number): Generator<Range> {
  for (let at = from; at < to;) {
    cursor.position = at
    cursor.end = to
    const tag = cursor.tag()
    if (tag === wanted) {
      const end = cursor.enter()
      const found = { from: cursor.position, to: end }
      at = end
      yield found
    } else {
      cursor.skip(tag)
      at = cursor.position
    }
  }
}
