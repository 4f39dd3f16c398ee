// The frame around the items of every signal: ExportXServiceRequest { ResourceX { resource, schema_url, ScopeX { scope,
// schema_url, items } } }. A resource is found before its items and a scope before its own, whatever their order.
import { checkMessage } from './check-message.ts'
import { OpaqueItems } from './opaque-items.ts'
import type { ByteRange, Surroundings } from './request-copies.ts'
import { messageType } from './otlp-messages.ts'
import { ProtobufWriter } from './protobuf-writer.ts'
import type { RequestReader } from './request-reader.ts'
import { resourceTexts } from './resource-texts.ts'
import { entityRefsKey } from './sink.ts'
import type { OtlpRoute, OtlpSignal, ReadOutcome } from './sink.ts'

/** Reads the item from the cursor's position to its end; what rows can't hold is added to `opaque`. */
export type ItemReader = (opaque: OpaqueItems) => void

const entityRef = messageType('EntityRef')
const repeatedOne = 0x0a
const repeatedTwo = 0x12
const schemaUrl = 0x1a

/** @param endScope called behind the items of each scope */
export function readResources(
  reader: RequestReader,
  signal: OtlpSignal,
  route: OtlpRoute,
  readItem: ItemReader,
  endScope?: (around: Surroundings) => void
): ReadOutcome {
  const { cursor } = reader
  const opaque = new OpaqueItems(signal, cursor.bytes)
  eachMessage(reader, repeatedOne, () => {
    const resource = head(reader)
    readResource(reader, resource, route)
    eachMessage(reader, repeatedTwo, () => {
      const scope = head(reader)
      readScope(reader, scope)
      const around = {
        resource: resource.first,
        resourceSchemaUrl: resource.schemaUrl,
        scope: scope.first,
        scopeSchemaUrl: scope.schemaUrl
      }
      for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
        if (tag !== repeatedTwo) {
          cursor.skip(tag)
          continue
        }
        const { end } = cursor
        cursor.end = cursor.enter()
        readItem(opaque)
        if (opaque.isFull) opaque.flush(reader, around)
        cursor.position = cursor.end
        cursor.end = end
      }
      opaque.flush(reader, around)
      endScope?.(around)
    })
  })
  return reader.outcome
}

interface Head {
  /** The content of field 1: the resource, the scope. */
  first: ByteRange
  schemaUrl: ByteRange
}

/** Calls back inside each field with that tag, until the message ends. */
function eachMessage({ cursor }: RequestReader, wanted: number, read: () => void): void {
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    if (tag !== wanted) {
      cursor.skip(tag)
      continue
    }
    const { end } = cursor
    cursor.end = cursor.enter()
    read()
    cursor.position = cursor.end
    cursor.end = end
  }
}

/** Looks over the message for what describes it, and goes back to its beginning. */
function head({ cursor }: RequestReader): Head {
  const found: Head = { first: { from: 0, to: 0 }, schemaUrl: { from: 0, to: 0 } }
  const begin = cursor.position
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    if (tag !== repeatedOne && tag !== schemaUrl) {
      cursor.skip(tag)
      continue
    }
    const to = cursor.enter()
    const range = { from: cursor.position, to }
    if (tag === repeatedOne) found.first = range
    else found.schemaUrl = range
    cursor.position = to
  }
  cursor.position = begin
  return found
}

function readResource(reader: RequestReader, { first, schemaUrl }: Head, route: OtlpRoute): void {
  const { cursor } = reader
  reader.sink = route(resourceTexts(reader, first))
  const row = { attributes: 0, droppedAttributes: 0, schemaUrl: reader.textOf(schemaUrl.from, schemaUrl.to) }
  const refs = new ProtobufWriter()
  let hasRefs = false
  inside(reader, first, tag => {
    if (tag === 0x10) row.droppedAttributes = cursor.varint32()
    else if (tag === 0x1a) {
      const { end } = cursor
      cursor.end = cursor.enter()
      refs.bytes(3, cursor.bytes.subarray(cursor.position, cursor.end))
      checkMessage(cursor, entityRef, reader.limits, reader.countItem)
      cursor.end = end
      hasRefs = true
    } else return false
    return true
  })
  const extra = hasRefs ? refs.finish() : undefined
  row.attributes = reader.attributesIn(first, 0x0a, extra && { key: entityRefsKey, bytes: extra })
  row.droppedAttributes += reader.overflow
  reader.sink.resource(row)
}

function readScope(reader: RequestReader, { first, schemaUrl }: Head): void {
  const { cursor } = reader
  const row = {
    name: 0,
    version: 0,
    attributes: 0,
    droppedAttributes: 0,
    schemaUrl: reader.textOf(schemaUrl.from, schemaUrl.to)
  }
  inside(reader, first, tag => {
    if (tag === 0x0a) row.name = reader.text()
    else if (tag === 0x12) row.version = reader.text()
    else if (tag === 0x20) row.droppedAttributes = cursor.varint32()
    else return false
    return true
  })
  row.attributes = reader.attributesIn(first, 0x1a)
  row.droppedAttributes += reader.overflow
  reader.sink.scope(row)
}

/** Reads a message that lies elsewhere, then goes back. @param read false: a field that isn't of interest */
function inside({ cursor }: RequestReader, { from, to }: ByteRange, read: (tag: number) => boolean): void {
  const { position, end } = cursor
  cursor.position = from
  cursor.end = to
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) if (!read(tag)) cursor.skip(tag)
  cursor.position = position
  cursor.end = end
}
