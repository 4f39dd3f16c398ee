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

function* requests(recording: Recording): Generator<JsonObject> {
  const json = new RecordingJson(recording)
  const { spans, logs, opaque, blobs, profiles } = recording
  for (const { resource, scope, rows } of rowGroups(spans.resource, spans.scope)) {
    const items = rows.map(row => spanJson(json, row))
    const scopeSpans = [{ ...json.scope(scope), spans: items }]
    yield { resourceSpans: [{ ...json.resource(resource), scopeSpans }] }
  }
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
