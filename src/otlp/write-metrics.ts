import { ProtobufWriter } from './protobuf-writer.ts'
import type { Sender } from './write-logs.ts'

/** Gauges read together; NaN was not measured and makes no data point. */
export interface WritableGauges {
  threadId: number
  threadName?: string
  timeUnixNano: BigInt64Array
  metrics: readonly { name: string; unit: string; values: Float64Array }[]
}

/** A count that only grows, from `startUnixNano` on. */
export interface WritableSum {
  name: string
  unit: string
  startUnixNano: bigint
  timeUnixNano: bigint
  /** Whole. */
  value: number
}

const cumulative = 2

/** ExportMetricsServiceRequest (opentelemetry/proto/metrics/v1/metrics.proto): each name once, all batches' points in it. */
export function encodeMetricsRequest(
  sender: Sender,
  batches: readonly WritableGauges[],
  sums: readonly WritableSum[] = []
): Uint8Array<ArrayBuffer> {
  const writer = new ProtobufWriter()
  writer.message(1, () => {
    writer.resource(1, sender.resource)
    writer.message(2, () => {
      writer.scope(1, sender.scopeName, sender.scopeVersion)
      for (const [name, unit] of metricNames(batches)) {
        writer.message(2, () => {
          writer.string(1, name)
          writer.string(3, unit)
          writer.message(5, () => writePoints(writer, batches, name))
        })
      }
      for (const sum of sums) writer.message(2, () => writeSum(writer, sum))
    })
  })
  return writer.finish()
}

/** Those that were measured, with their units. */
function metricNames(batches: readonly WritableGauges[]): Map<string, string> {
  const names = new Map<string, string>()
  for (const { metrics } of batches)
    for (const { name, unit, values } of metrics)
      if (!names.has(name) && values.some(value => !Number.isNaN(value))) names.set(name, unit)
  return names
}

function writePoints(writer: ProtobufWriter, batches: readonly WritableGauges[], name: string): void {
  for (const { threadId, threadName, timeUnixNano, metrics } of batches) {
    const values = metrics.find(metric => metric.name === name)?.values
    values?.forEach((value, i) => {
      if (Number.isNaN(value)) return
      writer.message(1, () => {
        writer.fixed64(3, timeUnixNano[i]!)
        writer.presentDouble(4, value)
        if (threadId !== 0) writer.keyValue(7, 'thread.id', threadId)
        if (threadName !== undefined) writer.keyValue(7, 'thread.name', threadName)
      })
    })
  }
}

function writeSum(writer: ProtobufWriter, sum: WritableSum): void {
  writer.string(1, sum.name)
  writer.string(3, sum.unit)
  writer.message(7, () => {
    writer.message(1, () => {
      writer.fixed64(2, sum.startUnixNano)
      writer.fixed64(3, sum.timeUnixNano)
      writer.fixed64(6, BigInt(sum.value))
    })
    writer.varint(2, cumulative)
    writer.boolean(3, true)
  })
}
