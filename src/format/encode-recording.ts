import { ByteWriter } from '../base/byte-writer.ts'
import { crc32c } from '../base/crc32c.ts'
import type { Recording } from '../recording/schema.ts'
import { arrangeRecording } from './arrange/arrange-recording.ts'
import { buildTraceIndex } from './arrange/trace-index.ts'
import type { Codec } from './codec.ts'
import { encodeBlocks } from './encode/blocks.ts'
import { encodeFooter } from './encode/footer.ts'
import type { BlockEntry } from './footer.ts'
import { blockEncoding, codecId, formatVersion, magic, tailChecked } from './layout.ts'
import type { CodecId } from './layout.ts'
import type { SegmentMeta } from './segment-meta.ts'
import { countSegment } from './segment-counts.ts'
import { wholeTimeRange } from './time-range.ts'
import { buildTraceSummaries } from './trace-summaries.ts'

/** One segment with all of the recording; its rows may come back in another order, and mean the same. */
export async function encodeRecording(
  recording: Recording,
  meta: SegmentMeta,
  codec: Codec
): Promise<Uint8Array<ArrayBuffer>> {
  const arranged = arrangeRecording(recording)
  const traces = buildTraceIndex(arranged.recording)
  const summaries = buildTraceSummaries(arranged.recording, traces)
  const file = new ByteWriter(64 * 1024)
  const blocks: BlockEntry[] = []
  file.raw(magic)
  for (const { kind, owner, count, range, bytes } of encodeBlocks(arranged, traces, summaries)) {
    const offset = file.length
    const stored = await compress(bytes, codec)
    file.raw(stored.bytes)
    blocks.push({
      kind,
      required: true,
      codec: stored.codec,
      encoding: blockEncoding,
      owner,
      count,
      offset,
      length: stored.bytes.length,
      size: bytes.length,
      checksum: crc32c(stored.bytes),
      from: range?.from ?? NaN,
      to: range?.to ?? NaN
    })
  }
  const range = wholeTimeRange(recording)
  const footer = encodeFooter({
    version: formatVersion,
    minimumReader: formatVersion,
    epoch: recording.epoch,
    from: range?.from ?? NaN,
    to: range?.to ?? NaN,
    meta,
    counts: countSegment(arranged.recording),
    threads: threadsOf(recording),
    traces: summaries,
    blocks
  })
  writeTail(file, footer, await compress(footer, codec))
  return file.finish()
}

/** Bytes that don't get smaller, such as random ids, are stored as they are. */
async function compress(bytes: Uint8Array, codec: Codec): Promise<{ codec: CodecId; bytes: Uint8Array }> {
  const deflated = await codec.deflate(bytes)
  return deflated.length < bytes.length
    ? { codec: codecId.deflateRaw, bytes: deflated }
    : { codec: codecId.stored, bytes }
}

function writeTail(
  file: ByteWriter,
  footer: Uint8Array,
  stored: { codec: CodecId; bytes: Uint8Array }
): void {
  const tail = new ByteWriter(32)
  tail.u32(stored.bytes.length)
  tail.u32(footer.length)
  tail.u8(stored.codec)
  tail.u8(formatVersion)
  tail.u8(0)
  tail.u8(0)
  tail.u32(crc32c(tail.view().subarray(0, tailChecked), crc32c(stored.bytes)))
  tail.raw(magic)
  file.raw(stored.bytes)
  file.raw(tail.view())
}

function threadsOf({ threads, strings }: Recording): { id: number; name: string }[] {
  const names = new Map<number, string>()
  for (let row = 0; row < threads.length; row++) {
    const id = threads.id[row]!
    names.set(id, names.get(id) || strings[threads.name[row]!]!)
  }
  return Array.from(names, ([id, name]) => ({ id, name }))
}
