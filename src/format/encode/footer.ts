import { ByteWriter } from '../../base/byte-writer.ts'
import type { BlockEntry, SegmentCounts, SegmentFooter, TraceColumns } from '../footer.ts'
import { blockFlag, countNames, levelNames } from '../layout.ts'
import type { JournalRange, SegmentMeta } from '../segment-meta.ts'
import { encodeNumbers } from './numbers.ts'
import { encodeTexts } from './text-rows.ts'

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
  for (const [file, places] of placesByFile(meta.journals ?? [])) pairs.push([`journal.${file}`, places])
  for (const segment of meta.replaces ?? []) pairs.push(['replaces', segment])
  if (meta.writtenMs !== undefined) pairs.push(['written', String(meta.writtenMs)])
  for (const [name, value] of Object.entries(meta.resource ?? {})) pairs.push([`resource.${name}`, value])
  writer.varint(pairs.length)
  for (const [name, value] of pairs) {
    writer.text(name)
    writer.text(value)
  }
}

/** 'gap length gap length …', each in decimal: thousands of stretches of one journal take a few bytes each. */
function placesByFile(ranges: readonly JournalRange[]): Map<string, string> {
  const numbers = new Map<string, number[]>(ranges.map(({ file }) => [file, []]))
  const ends = new Map<string, number>()
  for (const { file, from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    numbers.get(file)!.push(from - (ends.get(file) ?? 0), to - from)
    ends.set(file, to)
  }
  return new Map(Array.from(numbers, ([file, places]) => [file, places.join(' ')]))
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
  encodeTexts(writer, traces.texts)
  for (const column of [traces.service, traces.name, traces.root, traces.start, traces.duration])
    encodeNumbers(writer, column)
  for (const column of [traces.spans, traces.errors, traces.logs, traces.samples])
    encodeNumbers(writer, column)
}
