// Points of gauges and sums as OTLP/JSON (opentelemetry/proto/metrics/v1, proto 1.11).
import { doubleJson } from '../../otlp/decode-message.ts'
import type { Json, JsonObject } from '../../otlp/decode-message.ts'
import { compact } from './attributes-json.ts'
import type { RecordingJson } from './attributes-json.ts'
import { rowGroups } from './row-groups.ts'

export interface MetricGroup {
  resource: number
  scope: number
  metrics: Json[]
}

/** Series that differ in their attributes or type of value alone are points of one metric. */
export function* metricsJson(json: RecordingJson): Generator<MetricGroup> {
  const { points, series } = json.recording
  const resources = points.series.map(row => series.resource[row]!)
  const scopes = points.series.map(row => series.scope[row]!)
  for (const { resource, scope, rows } of rowGroups(resources, scopes)) {
    const byMetric = new Map<string, number[]>()
    for (const row of rows) {
      const key = metricKey(json, points.series[row]!)
      const group = byMetric.get(key)
      if (group) group.push(row)
      else byMetric.set(key, [row])
    }
    const metrics = [...byMetric.values()].map(metricRows => metricJson(json, metricRows))
    yield { resource, scope, metrics }
  }
}

function metricKey({ recording }: RecordingJson, row: number): string {
  const { name, description, unit, kind, temporality, monotonic } = recording.series
  return [name, description, unit, kind, temporality, monotonic].map(column => column[row]).join()
}

function metricJson(json: RecordingJson, rows: readonly number[]): JsonObject {
  const { series, points } = json.recording
  const row = points.series[rows[0]!]!
  const dataPoints = rows.map(point => pointJson(json, point))
  const sum = compact({
    dataPoints,
    aggregationTemporality: series.temporality[row]!,
    isMonotonic: series.monotonic[row] === 1
  })
  return compact({
    name: json.text(series.name[row]!),
    description: json.text(series.description[row]!),
    unit: json.text(series.unit[row]!),
    ...(series.kind[row] === 1 ? { sum } : { gauge: { dataPoints } })
  })
}

/** The value is one of a oneof: it is written even when it is 0. */
function pointJson(json: RecordingJson, row: number): JsonObject {
  const { points, series } = json.recording
  const value = points.value[row]!
  const isInteger = series.valueType[points.series[row]!] === 0
  return {
    ...compact({
      attributes: json.attributes(series.attributes[points.series[row]!]!),
      startTimeUnixNano: json.time(points.startTime[row]!),
      timeUnixNano: json.time(points.time[row]!),
      flags: points.flags[row]!
    }),
    ...(isInteger ? { asInt: String(value) } : { asDouble: doubleJson(value) })
  }
}
