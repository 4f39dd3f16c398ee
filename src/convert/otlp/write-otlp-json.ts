import { bytesOfHex } from '../../base/units.ts'
import { decodeMessage } from '../../otlp/decode-message.ts'
import type { JsonObject } from '../../otlp/decode-message.ts'
import { requestTypes } from '../../otlp/otlp-messages.ts'
import type { Recording } from '../../recording/schema.ts'
import { RecordingJson } from './attributes-json.ts'
import { logJson, spanJson } from './items-json.ts'
import { metricsJson } from './metrics-json.ts'
import { profileRequests } from './profiles-json.ts'
import { rowGroups } from './row-groups.ts'

const opaqueTypes = [requestTypes.traces, requestTypes.logs, requestTypes.metrics, requestTypes.profiles]

/**
 * A recording as OTLP/JSON, one export request a line (without the line's end): all that came in, whatever table or
 * blob keeps it. A line holds one resource and scope, and some thousands of items at most.
 */
export function* writeOtlpJson(recording: Recording): Generator<string, void, undefined> {
  for (const request of requests(recording)) yield JSON.stringify(request)
}

/** The spans of one trace, as the `resourceSpans` of a request, and how many there are. @param traceId hex */
export function traceSpansJson(
  recording: Recording,
  traceId: string
): { groups: JsonObject[]; spans: number } {
  const ids = recording.spans.traceId
  const id = bytesOfHex(traceId)
  let spans = 0
  const isOfTrace = (row: number): boolean => {
    const found = id.every((byte, i) => ids[row * 16 + i] === byte)
    if (found) spans++
    return found
  }
  return { groups: [...resourceSpans(new RecordingJson(recording), isOfTrace)], spans }
}

function* resourceSpans(json: RecordingJson, isWanted?: (row: number) => boolean): Generator<JsonObject> {
  const { spans } = json.recording
  for (const { resource, scope, rows } of rowGroups(spans.resource, spans.scope, isWanted)) {
    const items = rows.map(row => spanJson(json, row))
    const scopeSpans = [{ ...json.scope(scope), spans: items }]
    yield { ...json.resource(resource), scopeSpans }
  }
}

function* requests(recording: Recording): Generator<JsonObject> {
  const json = new RecordingJson(recording)
  const { logs, opaque, blobs, profiles } = recording
  for (const group of resourceSpans(json)) yield { resourceSpans: [group] }
  for (const { resource, scope, rows } of rowGroups(logs.resource, logs.scope)) {
    const scopeLogs = [{ ...json.scope(scope), logRecords: rows.map(row => logJson(json, row)) }]
    yield { resourceLogs: [{ ...json.resource(resource), scopeLogs }] }
  }
  for (const { resource, scope, metrics } of metricsJson(json)) {
    yield {
      resourceMetrics: [{ ...json.resource(resource), scopeMetrics: [{ ...json.scope(scope), metrics }] }]
    }
  }
  yield* profileRequests(json)
  for (const blob of new Set(profiles.original)) {
    if (blob >= 0) yield decodeMessage(requestTypes.profiles, blobs[blob]!)
  }
  for (let row = 0; row < opaque.length; row++) {
    const type = opaqueTypes[opaque.signal[row]!]
    if (type) yield decodeMessage(type, blobs[opaque.request[row]!]!)
  }
}
