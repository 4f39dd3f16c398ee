import { ProtobufWriter, type AttributeMap } from './protobuf-writer.ts'

/** Who sends: the resource and the scope all items of a request share. */
export interface Sender {
  resource: AttributeMap
  scopeName: string
  scopeVersion: string
}

/** Ids are lower-case hex. */
export interface WritableLog {
  timeUnixNano: bigint
  severityNumber: number
  severityText: string
  body: string
  uid: string
  threadId: number
  span: { traceId: string; spanId: string; flags: number } | undefined
  attributes: AttributeMap
  /** Of the recorder's own entries; the program's log calls have none. */
  eventName?: string
}

/** ExportLogsServiceRequest (opentelemetry/proto/logs/v1/logs.proto) of one resource and scope. */
export function encodeLogsRequest(sender: Sender, logs: readonly WritableLog[]): Uint8Array<ArrayBuffer> {
  const writer = new ProtobufWriter()
  writer.message(1, () => {
    writer.resource(1, sender.resource)
    writer.message(2, () => {
      writer.scope(1, sender.scopeName, sender.scopeVersion)
      for (const log of logs) writer.message(2, () => writeLog(writer, log))
    })
  })
  return writer.finish()
}

function writeLog(writer: ProtobufWriter, log: WritableLog): void {
  writer.fixed64(1, log.timeUnixNano)
  writer.varint(2, log.severityNumber)
  writer.string(3, log.severityText)
  writer.anyValue(5, log.body)
  writer.keyValue(6, 'log.record.uid', log.uid)
  if (log.threadId !== 0) writer.keyValue(6, 'thread.id', log.threadId)
  writer.attributes(6, log.attributes)
  if (log.span !== undefined) {
    writer.fixed32(8, log.span.flags)
    writer.hex(9, log.span.traceId)
    writer.hex(10, log.span.spanId)
  }
  writer.fixed64(11, log.timeUnixNano)
  if (log.eventName !== undefined) writer.string(12, log.eventName)
}
