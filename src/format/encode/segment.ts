import { ByteWriter } from '../../base/byte-writer.ts'
import { crc32c } from '../../base/crc32c.ts'
import type { Codec } from '../codec.ts'
import type { BlockEntry, SegmentFooter } from '../footer.ts'
import { blockEncoding, codecId, formatVersion, magic, tailChecked } from '../layout.ts'
import type { CodecId, Owner } from '../layout.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import { encodeFooter } from './footer.ts'

export interface EncodedBlock {
  /** As blockKind says; readers pass over kinds they don't know unless they are required. */
  readonly kind: number
  readonly required: boolean
  readonly owner: Owner
  readonly count: number
  readonly range: TimeRange | undefined
  /** Not compressed yet. */
  readonly bytes: Uint8Array
  /** Nearly all of it is random: deflate would take its time and leave 99 %. */
  readonly isNoise?: boolean
}

/** Puts a file together: magic, blocks, footer, tail. */
export async function assembleSegment(
  footer: Omit<SegmentFooter, 'blocks' | 'version'>,
  blocks: Iterable<EncodedBlock>,
  codec: Codec
): Promise<Uint8Array<ArrayBuffer>> {
  const file = new ByteWriter(64 * 1024)
  const entries: BlockEntry[] = []
  file.raw(magic)
  for (const { kind, required, owner, count, range, bytes, isNoise } of blocks) {
    const offset = file.length
    const stored = isNoise ? asItIs(bytes) : await compress(bytes, codec)
    file.raw(stored.bytes)
    entries.push({
      kind,
      required,
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
  const encoded = encodeFooter({ ...footer, version: formatVersion, blocks: entries })
  writeTail(file, encoded, await compress(encoded, codec))
  return file.finish()
}

interface StoredBytes {
  readonly codec: CodecId
  readonly bytes: Uint8Array
}

function asItIs(bytes: Uint8Array): StoredBytes {
  return { codec: codecId.stored, bytes }
}

/** Bytes that don't get smaller are stored as they are. */
async function compress(bytes: Uint8Array, codec: Codec): Promise<StoredBytes> {
  const deflated = await codec.deflate(bytes)
  return deflated.length < bytes.length ? { codec: codecId.deflateRaw, bytes: deflated } : asItIs(bytes)
}

function writeTail(file: ByteWriter, footer: Uint8Array, stored: StoredBytes): void {
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
