import { ProtobufWriter, type AttributeMap } from './protobuf-writer.ts'
import type { Sender } from './write-logs.ts'

/** Ids are lower-case hex, times nanoseconds since 1970. */
export interface WritableSpan {
  traceId: string
  spanId: string
  parentSpanId: string
  traceState: string
  flags: number
  name: string
  /** OTLP's numbers: internal is 1. */
  kind: number
  startUnixNano: bigint
  endUnixNano: bigint
  attributes: AttributeMap
  events: { timeUnixNano: bigint; name: string; attributes: AttributeMap; droppedAttributes: number }[]
  links: {
    traceId: string
    spanId: string
    traceState: string
    flags: number
    attributes: AttributeMap
    droppedAttributes: number
  }[]
  status: { code: number; message: string }
  dropped: { attributes: number; events: number; links: number }
  scope: { name: string; version: string; schemaUrl: string }
}

/** ExportTraceServiceRequest (opentelemetry/proto/trace/v1/trace.proto) of one resource; each span keeps its own scope. */
export function encodeTracesRequest(sender: Sender, spans: readonly WritableSpan[]): Uint8Array<ArrayBuffer> {
  const writer = new ProtobufWriter()
  writer.message(1, () => {
    writer.resource(1, sender.resource)
    for (const group of groupByScope(spans)) {
      const { name, version, schemaUrl } = group[0]!.scope
      writer.message(2, () => {
        writer.scope(1, name, version)
        for (const span of group) writer.message(2, () => writeSpan(writer, span))
        writer.string(3, schemaUrl)
      })
    }
  })
  return writer.finish()
}

function groupByScope(spans: readonly WritableSpan[]): WritableSpan[][] {
  const groups = new Map<string, WritableSpan[]>()
  for (const span of spans) {
    const { name, version, schemaUrl } = span.scope
    const key = JSON.stringify([name, version, schemaUrl])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [span])
    else group.push(span)
  }
  return [...groups.values()]
}

function writeSpan(writer: ProtobufWriter, span: WritableSpan): void {
  writer.hex(1, span.traceId)
  writer.hex(2, span.spanId)
  writer.string(3, span.traceState)
  writer.hex(4, span.parentSpanId)
  writer.string(5, span.name)
  writer.varint(6, span.kind)
  writer.fixed64(7, span.startUnixNano)
  writer.fixed64(8, span.endUnixNano)
  writer.attributes(9, span.attributes)
  writer.varint(10, span.dropped.attributes)
  for (const event of span.events) {
    writer.message(11, () => {
      writer.fixed64(1, event.timeUnixNano)
      writer.string(2, event.name)
      writer.attributes(3, event.attributes)
      writer.varint(4, event.droppedAttributes)
    })
  }
  writer.varint(12, span.dropped.events)
  for (const link of span.links) {
    writer.message(13, () => {
      writer.hex(1, link.traceId)
      writer.hex(2, link.spanId)
      writer.string(3, link.traceState)
      writer.attributes(4, link.attributes)
      writer.varint(5, link.droppedAttributes)
      writer.fixed32(6, link.flags)
    })
  }
  writer.varint(14, span.dropped.links)
  writer.message(15, () => {
    writer.string(2, span.status.message)
    writer.varint(3, span.status.code)
  })
  writer.fixed32(16, span.flags)
}
