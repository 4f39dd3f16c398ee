// The bytes of a journal file: a magic, then frames. docs/decisions/0002-journal-and-segments.md has the table.
import { crc32 } from 'node:zlib'
import { ByteReader } from '../../base/byte-reader.ts'
import { ByteWriter } from '../../base/byte-writer.ts'
import { crc32c } from '../../base/crc32c.ts'
import { MicrologError } from '../../base/errors.ts'
import type { OtlpSignal } from '../../otlp/sink.ts'

/** A request as it came in, and where each of its slices goes. */
export interface JournalEntry {
  /** Place of its first slice in the journal; each slice takes one place. */
  position: number
  /** When it came, Unix ms. */
  receivedMs: number
  signal: OtlpSignal
  encoding: 'protobuf' | 'json'
  coding: 'identity' | 'gzip'
  /** Id of the recording of each slice, in the order in which the reader gives them. */
  recordings: string[]
  body: Uint8Array
}

export const journalMagic = Uint8Array.of(0x4d, 0x4c, 0x4a, 0x4f, 0x55, 0x52, 0x4e, 0x31) // 'MLJOURN1'
/** Of files whose checksums are CRC-32C, as they were before the first release: still taken over. */
const firstMagic = Uint8Array.of(0x4d, 0x4c, 0x4a, 0x4f, 0x55, 0x52, 0x4e, 0x30) // 'MLJOURN0'

const signals: OtlpSignal[] = ['traces', 'logs', 'metrics', 'profiles']
const encodings: JournalEntry['encoding'][] = ['protobuf', 'json']
const codings: JournalEntry['coding'][] = ['identity', 'gzip']
/** Length and checksum before the payload. */
const frameHead = 8
/** More than any request may have. */
const largestPayload = 64 * 1024 * 1024

/** The frame of an entry, in parts that are written one after the other. */
export function encodeJournalEntry(entry: JournalEntry): Uint8Array[] {
  const writer = new ByteWriter(128 + entry.recordings.length * 27)
  writer.u32(0)
  writer.u32(0)
  writer.varint(entry.position)
  writer.varint(entry.receivedMs)
  writer.u8(signals.indexOf(entry.signal))
  writer.u8(encodings.indexOf(entry.encoding))
  writer.u8(codings.indexOf(entry.coding))
  writer.varint(entry.recordings.length)
  for (const recording of entry.recordings) writer.text(recording)
  const head = writer.length
  writer.setU32(0, head - frameHead + entry.body.length)
  const bytes = writer.finish()
  const checksum = crc32(entry.body, crc32(bytes.subarray(frameHead)))
  new DataView(bytes.buffer).setUint32(4, checksum, true)
  return [bytes, entry.body]
}

export interface JournalContent {
  entries: JournalEntry[]
  /** Bytes that hold no whole entry; 0 for a file that is as it was written. */
  damagedBytes: number
}

/** Reads every entry that is whole. Never throws: a file cut by a crash ends somewhere in an entry. */
export function decodeJournal(bytes: Uint8Array): JournalContent {
  const entries: JournalEntry[] = []
  const checksum = checksumOf(bytes)
  if (!checksum) return { entries, damagedBytes: bytes.length }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let intact = journalMagic.length
  let at = journalMagic.length
  while (at + frameHead <= bytes.length) {
    const length = view.getUint32(at, true)
    const from = at + frameHead
    if (length > largestPayload || from + length > bytes.length) break
    const payload = bytes.subarray(from, from + length)
    at = from + length
    // A flipped bit costs its own entry only: the next frame starts where this one's length says.
    if (checksum(payload) !== view.getUint32(from - 4, true)) continue
    const entry = decodePayload(payload)
    if (entry === undefined) continue
    entries.push(entry)
    intact += frameHead + length
  }
  return { entries, damagedBytes: bytes.length - intact }
}

/** Which one a file has, by its magic; undefined where it isn't a journal. */
function checksumOf(bytes: Uint8Array): ((payload: Uint8Array) => number) | undefined {
  const magic = bytes.subarray(0, journalMagic.length)
  if (Buffer.compare(magic, journalMagic) === 0) return crc32
  return Buffer.compare(magic, firstMagic) === 0 ? crc32c : undefined
}

function decodePayload(payload: Uint8Array): JournalEntry | undefined {
  try {
    const reader = new ByteReader(payload)
    const position = reader.varint()
    const receivedMs = reader.varint()
    const signal = signals[reader.u8()]
    const encoding = encodings[reader.u8()]
    const coding = codings[reader.u8()]
    if (!signal || !encoding || !coding) return undefined
    const recordings = Array.from({ length: reader.count() }, () => reader.text())
    return { position, receivedMs, signal, encoding, coding, recordings, body: reader.raw(reader.remaining) }
  } catch (thrown) {
    if (thrown instanceof MicrologError) return undefined
    throw thrown
  }
}
