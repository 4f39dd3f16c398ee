// The blocks of an arranged recording, in the order they are written, not yet compressed.
import { ByteWriter } from '../../base/byte-writer.ts'
import type { Recording, TableName } from '../../recording/schema.ts'
import { buildStackCounts } from '../../recording/stack-counts.ts'
import { buildStatusRollup } from '../../recording/status-rollup.ts'
import { rangeOfRows } from '../../recording/time-range.ts'
import { rowsOfTexts } from '../../recording/text-row.ts'
import type { ArrangedRecording } from '../arrange/arrange-recording.ts'
import type { Chunk } from '../arrange/chunks.ts'
import type { Section } from '../arrange/sections.ts'
import { SpanRows } from '../arrange/span-rows.ts'
import type { TraceIndex } from '../arrange/trace-index.ts'
import type { TraceColumns } from '../footer.ts'
import { blockKind, blockTables, groupId, rollupStepsMs } from '../layout.ts'
import type { BlockKind, Owner } from '../layout.ts'
import { estimateDeflated } from './deflate-estimate.ts'
import { encodeLinks } from './links.ts'
import { encodeStackCounts, encodeStatusRollup } from './rollups.ts'
import type { EncodedBlock } from './segment.ts'
import { encodeSets } from './sets.ts'
import { encodeLogs } from './logs.ts'
import { encodeSpanIds, encodeSpans } from './spans.ts'
import type { SpanContext } from './spans.ts'
import { encodeStacks } from './stacks.ts'
import { encodeBlobs, encodeStrings } from './strings.ts'
import { encodeColumns } from './table.ts'
import { encodeTracePaths } from './trace-paths.ts'

const shared: Owner = { group: groupId.shared, chunk: 0 }

export function* encodeBlocks(
  arranged: ArrangedRecording,
  traces: TraceIndex,
  summaries: TraceColumns
): Generator<EncodedBlock> {
  const { recording } = arranged
  const { strings, blobs, sets, links, spans } = recording
  yield* dictionary(blockKind.strings, arranged.strings, (writer, from, to) =>
    encodeStrings(writer, strings.slice(from, to))
  )
  yield* dictionary(blockKind.sets, arranged.sets, (writer, from, to) => encodeSets(writer, sets, from, to))
  yield* dictionary(blockKind.blobs, arranged.blobs, (writer, from, to) =>
    encodeBlobs(writer, blobs.slice(from, to))
  )
  yield* wholeTables(recording, blockKind.context, shared)
  const context = { rows: new SpanRows(spans), traces, summaries }
  if (spans.length > 0) {
    const ids = block(blockKind.spanIds, shared, spans.length, writer =>
      encodeSpanIds(writer, recording, traces)
    )
    yield { ...ids, isNoise: isNoise(ids.bytes, spans.length) }
  }
  if (links.length > 1) {
    yield block(blockKind.links, shared, links.length, writer =>
      encodeLinks(writer, recording, traces, context.rows)
    )
  }
  yield* wholeTables(recording, blockKind.stacks, { group: groupId.samples, chunk: 0 })
  yield* wholeTables(recording, blockKind.profiles, { group: groupId.samples, chunk: 0 })
  yield* wholeTables(recording, blockKind.series, { group: groupId.statuses, chunk: 0 })
  for (const chunk of arranged.chunks) yield encodeChunk(recording, chunk, context)
}

/** Rows of traces, which deflate makes smaller, are in a block of ids, too; and some number their spans. */
function isNoise(bytes: Uint8Array, spans: number): boolean {
  const lastIds = bytes.subarray(-Math.min(4096, spans * 8))
  return bytes.length < spans * 8 * 1.05 && estimateDeflated(lastIds) > lastIds.length * 0.97
}

/** Last in the file, so that they mostly come along with the read of the footer. Readers may pass over them. */
export function* encodeRollups(recording: Recording): Generator<EncodedBlock> {
  const owner = (chunk: number): Owner => ({ group: groupId.rollups, chunk })
  for (const [i, stepMs] of rollupStepsMs.entries()) {
    const rollup = buildStatusRollup(recording, stepMs)
    if (rollup.curves.length === 0) continue
    yield optional(
      block(blockKind.statusRollup, owner(i + 1), rollup.curves.length, writer =>
        encodeStatusRollup(writer, rollup)
      )
    )
  }
  if (recording.samples.length === 0) return
  const counts = buildStackCounts(recording)
  yield optional(
    block(blockKind.stackCounts, owner(0), counts.node.length, writer => encodeStackCounts(writer, counts))
  )
}

/** Texts of all paths of a segment, in characters: more than that would be as much as all else. */
const mostCharacters = 8 * 1024 * 1024

/** Of traces that are named by an HTTP method alone; nothing where none has a path. @param paths '' for none */
export function* encodePaths(paths: readonly string[]): Generator<EncodedBlock> {
  const rows = new Map([['', 0]])
  const row = rowsOfTexts(rows, paths)
  const [, ...texts] = rows.keys()
  const characters = texts.reduce((sum, text) => sum + text.length, 0)
  if (texts.length === 0 || characters > mostCharacters) return
  yield optional(
    block(blockKind.tracePaths, { group: groupId.rollups, chunk: 0 }, texts.length, writer =>
      encodeTracePaths(writer, texts, row)
    )
  )
}

function optional(encoded: EncodedBlock): EncodedBlock {
  return { ...encoded, required: false }
}

function* dictionary(
  kind: BlockKind,
  sections: readonly Section[],
  encode: (writer: ByteWriter, from: number, to: number) => void
): Generator<EncodedBlock> {
  for (const { owner, from, to } of sections) {
    yield block(kind, owner, to - from, writer => encode(writer, from, to))
  }
}

/** Tables that are never split: how many rows each has, then its columns. */
function* wholeTables(recording: Recording, kind: BlockKind, owner: Owner): Generator<EncodedBlock> {
  const tables = blockTables.get(kind)!
  if (tables.every(table => recording[table].length === 0)) return
  yield block(kind, owner, recording[tables[0]!].length, writer => {
    for (const table of tables.slice(1)) writer.varint(recording[table].length)
    for (const table of tables) {
      if (table === 'stacks') encodeStacks(writer, recording)
      else encodeColumns(writer, recording, table, 0, recording[table].length)
    }
  })
}

function encodeChunk(recording: Recording, chunk: Chunk, context: SpanContext): EncodedBlock {
  const [first, ...rest] = chunk.parts
  const { table, from, to } = first!
  const encoded = block(chunk.kind, chunk.owner, to - from, writer => {
    for (const part of rest) writer.varint(part.to - part.from)
    if (table === 'spans') encodeSpans(writer, recording, from, to, context)
    else if (table === 'logs') encodeLogs(writer, recording, from, to)
    else encodeColumns(writer, recording, table, from, to)
    for (const part of rest) encodeColumns(writer, recording, part.table, part.from, part.to)
  })
  return { ...encoded, range: rangeOfRows(recording, table as TableName, from, to) }
}

function block(
  kind: BlockKind,
  owner: Owner,
  count: number,
  encode: (writer: ByteWriter) => void
): EncodedBlock {
  const writer = new ByteWriter(4096)
  encode(writer)
  return { kind, required: true, owner, count, range: undefined, bytes: writer.view() }
}
