import type { RequestReader } from './request-reader.ts'
import type { EventRow, SpanLinkRow, SpanRow } from './sink.ts'

/** Reads opentelemetry.proto.trace.v1.Span messages into one row that is used again and again. */
export function createSpanReader(reader: RequestReader): () => void {
  const { cursor } = reader
  const span = createSpanRow()
  /** Ids are overwritten, or the span is rejected; only the parent's may be missing. */
  let hasParent = false

  return () => {
    reader.countItem()
    const problem = readFields()
    if (problem === '') {
      reader.sink.item(span)
      reader.outcome.accepted++
    } else reader.reject(problem)
  }

  /** Why the span can't be taken; '' if it can. */
  function readFields(): string {
    clearSpan(span)
    if (hasParent) span.parentSpanId.fill(0)
    hasParent = false
    let validIds = true
    let hasTraceId = false
    let hasSpanId = false
    let hasAttributes = false
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      switch (tag) {
        case 0x0a:
          validIds = reader.id(span.traceId) && validIds
          hasTraceId = true
          break
        case 0x12:
          validIds = reader.id(span.spanId) && validIds
          hasSpanId = true
          break
        case 0x1a:
          span.traceState = reader.text()
          break
        case 0x22:
          validIds = reader.id(span.parentSpanId) && validIds
          hasParent = true
          break
        case 0x2a:
          span.name = reader.text()
          break
        case 0x30:
          span.spanKind = cursor.varint32()
          break
        case 0x39:
          reader.time(span.start)
          break
        case 0x41:
          reader.time(span.end)
          break
        case 0x4a:
          if (hasAttributes) cursor.skip(tag)
          else span.attributes = reader.attributes(tag)
          if (!hasAttributes) span.droppedAttributes += reader.overflow
          hasAttributes = true
          break
        case 0x50:
          span.droppedAttributes += cursor.varint32()
          break
        case 0x5a:
          readEvent((span.events[span.eventCount++] ??= createEventRow()))
          break
        case 0x60:
          span.droppedEvents = cursor.varint32()
          break
        case 0x6a:
          readLink((span.links[span.linkCount++] ??= createLinkRow()))
          break
        case 0x70:
          span.droppedLinks = cursor.varint32()
          break
        case 0x7a:
          readStatus()
          break
        case 0x85:
          span.flags = cursor.fixed32()
          break
        default:
          cursor.skip(tag)
      }
    }
    if (!validIds || !hasTraceId || !hasSpanId || isZero(span.traceId) || isZero(span.spanId))
      return 'A span needs a trace id of 16 bytes and a span id of 8 bytes that are not all zero'
    return admitsTimes() ? '' : timeProblem
  }

  function admitsTimes(): boolean {
    if (!reader.admits(span.start) || !reader.admits(span.end)) return false
    for (let i = 0; i < span.eventCount; i++) if (!reader.admits(span.events[i]!.time)) return false
    return true
  }

  function readEvent(event: EventRow): void {
    reader.countItem()
    event.time.high = event.time.low = 0
    event.name = event.attributes = event.droppedAttributes = 0
    const { end } = cursor
    cursor.end = cursor.enter()
    let hasAttributes = false
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      if (tag === 0x09) reader.time(event.time)
      else if (tag === 0x12) event.name = reader.text()
      else if (tag === 0x1a && !hasAttributes) {
        event.attributes = reader.attributes(tag)
        event.droppedAttributes += reader.overflow
        hasAttributes = true
      } else if (tag === 0x20) event.droppedAttributes += cursor.varint32()
      else cursor.skip(tag)
    }
    cursor.end = end
  }

  function readLink(link: SpanLinkRow): void {
    reader.countItem()
    link.traceId.fill(0)
    link.spanId.fill(0)
    link.traceState = link.flags = link.attributes = link.droppedAttributes = 0
    const { end } = cursor
    cursor.end = cursor.enter()
    let hasAttributes = false
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      if (tag === 0x0a) reader.id(link.traceId)
      else if (tag === 0x12) reader.id(link.spanId)
      else if (tag === 0x1a) link.traceState = reader.text()
      else if (tag === 0x22 && !hasAttributes) {
        link.attributes = reader.attributes(tag)
        link.droppedAttributes += reader.overflow
        hasAttributes = true
      } else if (tag === 0x28) link.droppedAttributes += cursor.varint32()
      else if (tag === 0x35) link.flags = cursor.fixed32()
      else cursor.skip(tag)
    }
    cursor.end = end
  }

  function readStatus(): void {
    const { end } = cursor
    cursor.end = cursor.enter()
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      if (tag === 0x12) span.statusMessage = reader.text()
      else if (tag === 0x18) span.statusCode = cursor.varint32()
      else cursor.skip(tag)
    }
    cursor.end = end
  }
}

/** For whatever has a time that can't be kept. */
export const timeProblem = 'Expected times in Unix nanoseconds that lie within 52 days of each other'

export function isZero(id: Uint8Array): boolean {
  for (let i = 0; i < id.length; i++) if (id[i] !== 0) return false
  return true
}

function createSpanRow(): SpanRow {
  return {
    kind: 'span',
    traceId: new Uint8Array(16),
    spanId: new Uint8Array(8),
    parentSpanId: new Uint8Array(8),
    traceState: 0,
    flags: 0,
    name: 0,
    spanKind: 0,
    start: { high: 0, low: 0 },
    end: { high: 0, low: 0 },
    statusCode: 0,
    statusMessage: 0,
    attributes: 0,
    droppedAttributes: 0,
    events: [],
    eventCount: 0,
    droppedEvents: 0,
    links: [],
    linkCount: 0,
    droppedLinks: 0
  }
}

function clearSpan(span: SpanRow): void {
  span.start.high = span.start.low = span.end.high = span.end.low = 0
  span.traceState = span.flags = span.name = span.spanKind = span.statusCode = span.statusMessage = 0
  span.attributes = span.droppedAttributes = 0
  span.eventCount = span.droppedEvents = span.linkCount = span.droppedLinks = 0
}

function createEventRow(): EventRow {
  return { time: { high: 0, low: 0 }, name: 0, attributes: 0, droppedAttributes: 0 }
}

function createLinkRow(): SpanLinkRow {
  return {
    traceId: new Uint8Array(16),
    spanId: new Uint8Array(8),
    traceState: 0,
    flags: 0,
    attributes: 0,
    droppedAttributes: 0
  }
}
