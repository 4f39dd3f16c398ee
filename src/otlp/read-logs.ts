import { timeProblem } from './read-spans.ts'
import type { RequestReader } from './request-reader.ts'
import type { LogRow } from './sink.ts'

/**
 * Reads opentelemetry.proto.logs.v1.LogRecord messages into one row that is used again and again. Ids of a wrong
 * length count as none, as the specification wants it.
 */
export function createLogReader(reader: RequestReader): () => void {
  const { cursor } = reader
  const log = createLogRow()

  return () => {
    reader.countItem()
    readFields()
    if (reader.admits(log.time) && reader.admits(log.observedTime)) {
      reader.sink.item(log)
      reader.outcome.accepted++
    } else reader.reject(timeProblem)
  }

  function readFields(): void {
    clearLog(log)
    let hasAttributes = false
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      switch (tag) {
        case 0x09:
          reader.time(log.time)
          break
        case 0x10:
          log.severity = cursor.varint32()
          break
        case 0x1a:
          log.severityText = reader.text()
          break
        case 0x2a:
          log.body = reader.body()
          break
        case 0x32:
          if (hasAttributes) cursor.skip(tag)
          else log.attributes = reader.attributes(tag)
          if (!hasAttributes) log.droppedAttributes += reader.overflow
          hasAttributes = true
          break
        case 0x38:
          log.droppedAttributes += cursor.varint32()
          break
        case 0x45:
          log.flags = cursor.fixed32()
          break
        case 0x4a:
          reader.id(log.traceId)
          break
        case 0x52:
          reader.id(log.spanId)
          break
        case 0x59:
          reader.time(log.observedTime)
          break
        case 0x62:
          log.eventName = reader.text()
          break
        default:
          cursor.skip(tag)
      }
    }
  }
}

function createLogRow(): LogRow {
  return {
    kind: 'log',
    time: { high: 0, low: 0 },
    observedTime: { high: 0, low: 0 },
    severity: 0,
    severityText: 0,
    eventName: 0,
    body: 0,
    traceId: new Uint8Array(16),
    spanId: new Uint8Array(8),
    flags: 0,
    attributes: 0,
    droppedAttributes: 0
  }
}

function clearLog(log: LogRow): void {
  log.time.high = log.time.low = log.observedTime.high = log.observedTime.low = 0
  log.traceId.fill(0)
  log.spanId.fill(0)
  log.severity = log.severityText = log.eventName = log.body = log.flags = 0
  log.attributes = log.droppedAttributes = 0
}
