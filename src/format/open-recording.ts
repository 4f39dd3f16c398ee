import { crc32c } from '../base/crc32c.ts'
import { ByteReader } from '../base/byte-reader.ts'
import { MicrologError } from '../base/errors.ts'
import type { Part } from '../recording/rows-within.ts'
import type { Recording } from '../recording/schema.ts'
import type { StackCounts } from '../recording/stack-counts.ts'
import type { StatusRollup } from '../recording/status-rollup.ts'
import type { Codec } from './codec.ts'
import { BlockStore, inflate } from './decode/block-store.ts'
import type { ByteSource } from './decode/block-store.ts'
import { decodeFooter } from './decode/footer.ts'
import { inBlock } from './decode/in-block.ts'
import { decodePart, decodeRecording } from './decode/recording.ts'
import { decodeStackCounts, decodeStatusRollup } from './decode/rollups.ts'
import { decodeTracePaths } from './decode/trace-paths.ts'
import type { TracePathColumn } from './decode/trace-paths.ts'
import type { BlockEntry, SegmentFooter } from './footer.ts'
import {
  blockEncoding,
  blockKind,
  formatVersion,
  groups as allGroups,
  limits,
  magic,
  rollupStepsMs,
  tailChecked,
  tailLength
} from './layout.ts'
import type { Group } from './layout.ts'
import type { TimeRange } from '../recording/time-range.ts'

export interface RecordingFile {
  readonly byteLength: number
  /** Of these it holds so many: the blocks that came along with the footer. */
  readonly heldBytes: number
  readonly footer: SegmentFooter
  /**
   * Tables with the rows of these groups; the other tables are empty. Only blocks that are needed are read; what lies
   * in them beside the window comes along.
   * @param window in ns since the footer's epoch
   */
  read(groups?: readonly Group[], window?: TimeRange): Promise<Recording>
  /** Samples as `read` gives them, but without the spans that they were taken for: the ids of these aren't read. */
  readUnlinkedSamples(window?: TimeRange): Promise<Recording>
  /** Of what `read` gives what a part needs; see cutRecording. */
  readPart(groups: readonly Group[], window: TimeRange, part: Part): Promise<Recording>
  /** The paths of traces that are named by an HTTP method alone; undefined where it doesn't tell, see `tellsPaths`. */
  readTracePaths(): Promise<TracePathColumn | undefined>
  /** Where its time went; undefined where it doesn't tell in short. */
  readStackCounts(): Promise<StackCounts | undefined>
  /** Its statuses in steps of one of `rollupStepsMs`; undefined where it has none, or doesn't tell in short. */
  readStatusRollup(stepMs: number): Promise<StatusRollup | undefined>
}

/** Most footers are in this, and small segments as a whole. */
const firstRead = 64 * 1024

/** Opens a segment by reading its end. Throws `corrupt` where the bytes aren't whole, `unsupported` where they are newer. */
export async function openRecording(source: ByteSource, codec: Codec): Promise<RecordingFile> {
  const { byteLength } = source
  if (byteLength < magic.length + tailLength) {
    throw new MicrologError('corrupt', `Expected a .microlog segment, found ${byteLength} bytes`)
  }
  const from = Math.max(0, byteLength - firstRead)
  const end = await readRange(source, from, byteLength)
  const tail = decodeTail(end.subarray(end.length - tailLength), byteLength)
  if (from === 0) checkMagic(end, 0)
  const footerFrom = byteLength - tailLength - tail.footerLength
  const stored =
    footerFrom >= from
      ? end.subarray(footerFrom - from, end.length - tailLength)
      : await readRange(source, footerFrom, byteLength - tailLength)
  const checksum = crc32c(tail.checked, crc32c(stored))
  if (checksum !== tail.checksum) {
    throw new MicrologError('corrupt', 'Expected a whole footer: its checksum differs', {
      offset: footerFrom
    })
  }
  const footer = decodeFooter(await inflate(stored, tail.codec, tail.footerSize, codec, footerFrom))
  const last = footer.blocks.at(-1)
  const blocksEnd = last ? last.offset + last.length : magic.length
  if (blocksEnd !== footerFrom) {
    throw new MicrologError('corrupt', `Expected the blocks to end at the footer, they end at ${blocksEnd}`, {
      offset: footerFrom
    })
  }
  // A copy, so that the footer's bytes, which are many more, can go.
  const held = end.slice(0, Math.max(0, footerFrom - from))
  const store = new BlockStore(source, codec, { from, bytes: held })
  async function readRollup<T>(
    kind: number,
    chunk: number,
    decode: RollupDecoder<T>
  ): Promise<T | undefined> {
    const entry = rollupEntry(footer, kind, chunk)
    if (!entry) return undefined
    const bytes = await store.read([entry])
    return inBlock(entry, new ByteReader(bytes.get(entry)!), reader => decode(reader, entry.count))
  }
  return Object.freeze({
    byteLength,
    heldBytes: held.length,
    footer,
    readTracePaths: () =>
      readRollup(blockKind.tracePaths, 0, (reader, count) =>
        decodeTracePaths(reader, count, footer.traces.length)
      ),
    readStackCounts: () => readRollup(blockKind.stackCounts, 0, decodeStackCounts),
    readStatusRollup: (stepMs: number) =>
      readRollup(
        blockKind.statusRollup,
        1 + (rollupStepsMs as readonly number[]).indexOf(stepMs),
        decodeStatusRollup
      ),
    read: (groups: readonly Group[] = allGroups, window?: TimeRange) =>
      decodeRecording(footer, store, groups, window),
    readUnlinkedSamples: (window?: TimeRange) => decodeRecording(footer, store, ['samples'], window, false),
    readPart: (groups: readonly Group[], window: TimeRange, part: Part) =>
      decodePart(footer, store, groups, window, part)
  })
}

function rollupEntry({ blocks }: SegmentFooter, kind: number, chunk: number): BlockEntry | undefined {
  return blocks.find(
    block => block.kind === kind && block.owner.chunk === chunk && block.encoding === blockEncoding
  )
}

/** Whether a segment has the paths of its traces by themselves: those without any, and older ones, don't. */
export function tellsPaths(footer: SegmentFooter): boolean {
  return rollupEntry(footer, blockKind.tracePaths, 0) !== undefined
}

type RollupDecoder<T> = (reader: ByteReader, count: number) => T

async function readRange(source: ByteSource, from: number, to: number): Promise<Uint8Array> {
  const bytes = await source.slice(from, to)
  if (bytes.length === to - from) return bytes
  throw new MicrologError('corrupt', `Expected ${to - from} bytes, found ${bytes.length}`, { offset: from })
}

interface Tail {
  readonly footerLength: number
  readonly footerSize: number
  readonly codec: number
  readonly checksum: number
  readonly checked: Uint8Array
}

function decodeTail(bytes: Uint8Array, byteLength: number): Tail {
  const offset = byteLength - tailLength
  checkMagic(bytes.subarray(tailLength - magic.length), byteLength - magic.length)
  const reader = new ByteReader(bytes)
  const footerLength = reader.u32()
  const footerSize = reader.u32()
  const codec = reader.u8()
  const version = reader.u8()
  if (version !== formatVersion) {
    throw new MicrologError(
      'unsupported',
      version < formatVersion
        ? `This segment was written before the format was frozen (version ${version}): only the release that wrote it reads it`
        : `This segment has format version ${version}, this reader knows ${formatVersion}: update microlog`
    )
  }
  const checked = bytes.subarray(0, tailChecked)
  reader.position = tailChecked
  const checksum = reader.u32()
  if (footerLength > offset - magic.length || footerSize > limits.footerBytes) {
    throw new MicrologError('corrupt', `Expected a shorter footer than ${footerLength} bytes`, { offset })
  }
  return { footerLength, footerSize, codec, checksum, checked }
}

function checkMagic(bytes: Uint8Array, offset: number): void {
  if (magic.every((byte, i) => bytes[i] === byte)) return
  throw new MicrologError('corrupt', 'Expected a .microlog segment: it begins and ends with MICROLOG', {
    offset
  })
}
