// What a segment tells of itself in short: where its time went, and its statuses by second and minute.
import type { ByteWriter } from '../../base/byte-writer.ts'
import type { StackCounts } from '../../recording/stack-counts.ts'
import type { StatusRollup } from '../../recording/status-rollup.ts'
import { encodeNumbers } from './numbers.ts'
import { encodeTextRows } from './text-rows.ts'

/** The directory has the number of rows. */
export function encodeStackCounts(writer: ByteWriter, counts: StackCounts): void {
  const { frames, nodes, endpoints } = counts
  const [name, url, endpoint] = encodeTextRows(writer, [frames.name, frames.url, endpoints]) as [
    Int32Array,
    Int32Array,
    Int32Array
  ]
  writer.varint(name.length)
  encodeNumbers(writer, name)
  encodeNumbers(writer, url)
  encodeNumbers(writer, Uint32Array.from(frames.line))
  writer.varint(nodes.frame.length)
  encodeNumbers(writer, Int32Array.from(nodes.frame))
  encodeNumbers(
    writer,
    Int32Array.from(nodes.parent, (parent, node) => node - parent)
  )
  writer.varint(endpoint.length)
  encodeNumbers(writer, endpoint)
  encodeNumbers(writer, counts.endpoint)
  encodeNumbers(writer, counts.node)
  encodeNumbers(writer, counts.samples)
  encodeNumbers(writer, counts.self)
}

/** The directory has the number of curves. */
export function encodeStatusRollup(writer: ByteWriter, { stepMs, curves }: StatusRollup): void {
  writer.varint(stepMs)
  for (const { metric, time, min, mean, max } of curves) {
    writer.text(metric)
    writer.varint(time.length)
    for (const column of [time, min, mean, max]) encodeNumbers(writer, column)
  }
}
