import { ByteWriter } from '../../base/byte-writer.ts'
import type { BlockEntry, SegmentCounts, SegmentFooter, TraceColumns } from '../footer.ts'
import { blockFlag, countNames, levelNames } from '../layout.ts'
import type { SegmentMeta } from '../segment-meta.ts'
import { encodeNumbers } from './numbers.ts'

export function encodeFooter(footer: SegmentFooter): Uint8Array {
  const writer = new ByteWriter(4096)
  writer.varint(footer.minimumReader)
  const epoch = BigInt.asUintN(64, footer.epoch)
  writer.u64(Number(epoch >> 32n), Number(epoch & 0xffffffffn))
  writer.f64(footer.from)
  writer.f64(footer.to)
  encodeMeta(writer, footer.meta)
  encodeCounts(writer, footer.counts)
  writer.varint(footer.threads.length)
  for (const { id, name } of footer.threads) {
    writer.varint(id)
    writer.text(name)
  }
  encodeBlockEntries(writer, footer.blocks)
  encodeTraces(writer, footer.traces)
  return writer.view()
}

/** Pairs of text; readers pass over names they don't know. */
function encodeMeta(writer: ByteWriter, meta: SegmentMeta): void {
  const pairs: [string, string][] = [
    ['recording', meta.recording],
    ['label', meta.label]
  ]
  if (meta.journal) {
    pairs.push(['journal.file', meta.journal.file])
    pairs.push(['journal.from', String(meta.journal.from)])
    pairs.push(['journal.to', String(meta.journal.to)])
  }
  for (const segment of meta.replaces ?? []) pairs.push(['replaces', segment])
  for (const [name, value] of Object.entries(meta.resource ?? {})) pairs.push([`resource.${name}`, value])
  writer.varint(pairs.length)
  for (const [name, value] of pairs) {
    writer.text(name)
    writer.text(value)
  }
}

function encodeCounts(writer: ByteWriter, counts: SegmentCounts): void {
  writer.varint(countNames.length + levelNames.length)
  for (const name of countNames) writer.varint(counts[name])
  for (const name of levelNames) writer.varint(counts.levels[name])
}

function encodeBlockEntries(writer: ByteWriter, blocks: readonly BlockEntry[]): void {
  writer.varint(blocks.length)
  for (const block of blocks) {
    const timed = !Number.isNaN(block.from)
    writer.u8(block.kind)
    writer.u8((block.required ? blockFlag.required : 0) | (timed ? blockFlag.timed : 0))
    writer.u8(block.codec)
    writer.u8(block.encoding)
    writer.u8(block.owner.group)
    writer.varint(block.owner.chunk)
    writer.varint(block.count)
    writer.varint(block.length)
    writer.varint(block.size)
    writer.u32(block.checksum)
    if (!timed) continue
    writer.f64(block.from)
    writer.f64(block.to)
  }
}

function encodeTraces(writer: ByteWriter, traces: TraceColumns): void {
  writer.varint(traces.length)
  writer.raw(traces.id)
  const texts = new Map<string, number>()
  const rowOf = (text: string): number => {
    const row = texts.get(text) ?? texts.size
    texts.set(text, row)
    return row
  }
  const service = Int32Array.from(traces.service, rowOf)
  const name = Int32Array.from(traces.name, rowOf)
  writer.varint(texts.size)
  for (const text of texts.keys()) writer.text(text)
  encodeNumbers(writer, service)
  encodeNumbers(writer, name)
  for (const column of [traces.root, traces.start, traces.duration]) encodeNumbers(writer, column)
  for (const column of [traces.spans, traces.errors, traces.logs, traces.samples])
    encodeNumbers(writer, column)
}
