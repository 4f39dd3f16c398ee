// Spans and logs as OTLP/JSON (opentelemetry/proto/trace/v1 and logs/v1, proto 1.11).
import type { Json, JsonObject } from '../../otlp/decode-message.ts'
import { compact, idJson } from './attributes-json.ts'
import type { RecordingJson } from './attributes-json.ts'

export function spanJson(json: RecordingJson, row: number): JsonObject {
  const { spans } = json.recording
  return compact({
    traceId: idJson(spans.traceId, row, 16),
    spanId: idJson(spans.spanId, row, 8),
    traceState: json.text(spans.traceState[row]!),
    parentSpanId: idJson(spans.parentSpanId, row, 8),
    flags: spans.flags[row]!,
    name: json.text(spans.name[row]!),
    kind: spans.kind[row]!,
    startTimeUnixNano: json.time(spans.start[row]!),
    endTimeUnixNano: json.time(spans.end[row]!),
    attributes: json.attributes(spans.attributes[row]!),
    droppedAttributesCount: spans.droppedAttributes[row]!,
    events: list(spans.eventStart[row]!, spans.eventCount[row]!, event => eventJson(json, event)),
    droppedEventsCount: spans.droppedEvents[row]!,
    links: list(spans.linkStart[row]!, spans.linkCount[row]!, link => spanLinkJson(json, link)),
    droppedLinksCount: spans.droppedLinks[row]!,
    status: statusJson(json, row)
  })
}

export function logJson(json: RecordingJson, row: number): JsonObject {
  const { logs, links, sets } = json.recording
  const link = logs.link[row]!
  const body = logs.body[row]!
  return compact({
    timeUnixNano: json.time(logs.time[row]!),
    observedTimeUnixNano: json.time(logs.observedTime[row]!),
    severityNumber: logs.severity[row]!,
    severityText: json.text(logs.severityText[row]!),
    body: body > 0 ? json.value(sets.start[body]!) : undefined,
    attributes: json.attributes(logs.attributes[row]!),
    droppedAttributesCount: logs.droppedAttributes[row]!,
    flags: logs.flags[row]!,
    traceId: idJson(links.traceId, link, 16),
    spanId: idJson(links.spanId, link, 8),
    eventName: json.text(logs.eventName[row]!)
  })
}

function eventJson(json: RecordingJson, row: number): JsonObject {
  const { events } = json.recording
  return compact({
    timeUnixNano: json.time(events.time[row]!),
    name: json.text(events.name[row]!),
    attributes: json.attributes(events.attributes[row]!),
    droppedAttributesCount: events.droppedAttributes[row]!
  })
}

function spanLinkJson(json: RecordingJson, row: number): JsonObject {
  const { spanLinks, links } = json.recording
  const link = spanLinks.link[row]!
  return compact({
    traceId: idJson(links.traceId, link, 16),
    spanId: idJson(links.spanId, link, 8),
    traceState: json.text(spanLinks.traceState[row]!),
    attributes: json.attributes(spanLinks.attributes[row]!),
    droppedAttributesCount: spanLinks.droppedAttributes[row]!,
    flags: spanLinks.flags[row]!
  })
}

function statusJson(json: RecordingJson, row: number): JsonObject | undefined {
  const { spans } = json.recording
  const status = compact({ message: json.text(spans.statusMessage[row]!), code: spans.statusCode[row]! })
  return Object.keys(status).length > 0 ? status : undefined
}

function list(start: number, count: number, item: (row: number) => JsonObject): Json[] | undefined {
  return count === 0 ? undefined : Array.from({ length: count }, (_, at) => item(start + at))
}
