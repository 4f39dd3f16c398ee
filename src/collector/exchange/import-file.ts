// Takes a file into the store, sealed at once: nothing of it stays open, so it needs no journal. Its segments are
// named after its bytes, so that importing it again changes nothing.
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { MicrologError } from '../../base/errors.ts'
import { looksLikeOtlp, splitOtlpFile } from '../../convert/otlp-file.ts'
import type { OtlpFileRequest } from '../../convert/otlp-file.ts'
import { readMicrologPython } from '../../convert/read-microlog-python.ts'
import { encodeRecording, openRecording } from '../../format/index.ts'
import type { RecordingFile } from '../../format/index.ts'
import { memorySource } from '../../format/memory-source.ts'
import { defaultLimits } from '../../otlp/sink.ts'
import type { ReadOutcome } from '../../otlp/sink.ts'
import { OpenRecordings } from '../ingest/open-recordings.ts'
import { readRequest } from '../ingest/read-request.ts'
import { isRecordingId, recordingId } from '../store/recording-id.ts'
import { Sealer } from '../ingest/sealer.ts'
import type { Catalog } from '../store/catalog.ts'
import { importedJournal, segmentId } from '../store/keys.ts'
import { nodeCodec } from '../store/node-codec.ts'
import { encodeProfileAside } from './encode-profile-aside.ts'
import { inflateZstd, isZstd } from './inflate-zstd.ts'
import { cpuprofile, detectProfileFormat, looksLikeCpuprofile } from './profile-formats.ts'
import type { ProfileFormat } from './profile-formats.ts'
import { SendersByTime } from './senders-by-time.ts'
import { StoredRows } from './stored-rows.ts'

/** A file may hold a whole recording; the process that imports it has the memory of one. */
const fileLimits = { ...defaultLimits, items: 50_000_000 }
const fileBytes = { receivedBytes: Infinity, inflatedBytes: Infinity }
const sealWeight = 1_000_000
const largestInflated = 1024 * 1024 * 1024
/** Every pickle that is read begins with it. */
const pickleProtocol = 0x80
const gunzipAside = promisify(gunzip)

export interface ImportTarget {
  catalog: Catalog
  /** True for a recording that this collector has data of which isn't stored yet. */
  isOpen?(recording: string): boolean
}

export interface ImportOutcome extends ReadOutcome {
  /** Of the recordings that the file's data went to. */
  ids: string[]
}

/** @param name the file's, for a label where it has no other */
export async function importFile(
  name: string,
  file: Uint8Array,
  target: ImportTarget
): Promise<ImportOutcome> {
  const bytes = withoutByteOrderMark(file)
  if (!isGzip(bytes)) return importPlain(name, bytes, target)
  const innerName = name.replace(/\.gz$/i, '')
  const inflated = withoutByteOrderMark(await inflate(bytes))
  if (!isGzip(inflated)) return importPlain(innerName, inflated, target)
  throw new MicrologError(
    'unsupported',
    `Expected a file that is gzipped once at most: gunzip ${innerName || 'it'} first`
  )
}

async function importPlain(name: string, bytes: Uint8Array, target: ImportTarget): Promise<ImportOutcome> {
  const { catalog } = target
  const journal = importedJournal(bytes)
  if (startsWith(bytes, 'MICROLOG')) return whole(await importSegment(name, bytes, journal, target))
  // What says itself that it is a profile: pprof begins as OTLP profiles do.
  const profile = detectProfileFormat(bytes)
  if (profile) return whole(await importProfile(name, bytes, profile, journal, catalog))
  if (looksLikeOtlp(bytes)) return importOtlp(splitOtlpFile(bytes), journal, catalog)
  if (looksLikeCpuprofile(bytes)) return whole(await importProfile(name, bytes, cpuprofile, journal, catalog))
  if (isZstd(bytes)) return whole(await importMicrologPython(name, bytes, journal, catalog))
  throw new MicrologError(
    'invalid-input',
    `Expected OTLP (JSON, JSON lines or protobuf), a .cpuprofile, pprof, speedscope or .microlog file or a .zip of Microlog for Python; ${name || 'this'} is none of them`
  )
}

/** Of a file that is taken as it is, or refused. */
function whole(id: string): ImportOutcome {
  return { ids: [id], accepted: 1, rejected: 0, message: '' }
}

/** Editors put it before text. */
function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

async function importOtlp(
  requests: readonly OtlpFileRequest[],
  journal: string,
  catalog: Catalog
): Promise<ImportOutcome> {
  const stored = new Map<string, StoredRows>()
  const senders = await SendersByTime.of(catalog)
  const open = new OpenRecordings({ afterMs: Infinity, weight: sealWeight })
  const sealer = new Sealer(open, journal, catalog)
  const ids = new Set<string>()
  let position = 1
  const total: ReadOutcome = { accepted: 0, rejected: 0, message: '' }
  for (const { signal, encoding, bytes } of requests) {
    const { slices, outcome } = await readRequest(
      { signal, encoding, coding: 'identity', body: bytes },
      { limits: fileBytes, itemLimits: fileLimits }
    )
    total.accepted += outcome.accepted
    total.rejected += outcome.rejected
    total.message ||= outcome.message
    for (const { resource, tables } of slices) {
      const recording = senders.recordingOf(resource, tables)
      if (!ids.has(recording)) {
        stored.set(recording, await storedRows(catalog, recording, journal))
        await catalog.undelete(recording)
      }
      ids.add(recording)
      if (await stored.get(recording)!.holdAll(tables)) throw isHere(recording)
      open.add({ recording, resource, tables }, position++, 0)
    }
    await sealer.run()
  }
  open.closeDue(0, true)
  await sealer.run()
  if (ids.size === 0)
    throw new MicrologError('invalid-input', total.message || 'Expected a file with something in it')
  return { ids: [...ids], ...total }
}

/** What is there of a recording that this file isn't the source of. */
async function storedRows(catalog: Catalog, recording: string, journal: string): Promise<StoredRows> {
  const files: RecordingFile[] = []
  for (const segment of await catalog.segments(recording)) {
    const file = await catalog.readable(segment)
    if (file) files.push(file)
  }
  const isAgain = files.some(({ footer }) => footer.meta.journals?.some(({ file }) => file === journal))
  return new StoredRows(isAgain ? [] : files)
}

function isHere(id: string): MicrologError {
  return new MicrologError(
    'conflict',
    `Recording ${id} is here already: microlog rm ${id} makes room for the file's`
  )
}

async function importSegment(
  name: string,
  bytes: Uint8Array,
  journal: string,
  { catalog, isOpen = () => false }: ImportTarget
): Promise<string> {
  const file = await openRecording(memorySource(bytes), nodeCodec)
  // Every block is read once: what doesn't decode is refused now, not when somebody looks at it.
  await file.read()
  const { recording } = file.footer.meta
  const id = isRecordingId(recording) ? recording : recordingId({ namespace: '', name, instance: journal })
  const segment = segmentId(journal, 1, 2)
  const same = (await catalog.segments(id)).find(other => other.id === segment)
  if (same ? await catalog.readable(same) : await catalog.holds(id, segment)) return id
  if (isOpen(id) || (await catalog.segments(id)).length > 0) throw isHere(id)
  await catalog.undelete(id)
  await catalog.addSegment(id, segment, bytes)
  return id
}

async function importProfile(
  name: string,
  bytes: Uint8Array,
  { name: format, suffix, label: noName }: ProfileFormat,
  journal: string,
  catalog: Catalog
): Promise<string> {
  const label = name.replace(suffix, '') || noName
  const startUnixNano = BigInt(Date.now()) * 1_000_000n
  return addForeign(label, journal, catalog, recording =>
    encodeProfileAside({ format, bytes, label, recording, startUnixNano })
  )
}

async function importMicrologPython(
  name: string,
  bytes: Uint8Array,
  journal: string,
  catalog: Catalog
): Promise<string> {
  const pickle = await inflateZstd(bytes)
  if (pickle[0] !== pickleProtocol)
    throw new MicrologError(
      'unsupported',
      `Expected nothing but Microlog for Python in zstd: decompress ${name || 'it'} first (zstd -d)`
    )
  const read = readMicrologPython(pickle, { name, savedUnixMs: Date.now() })
  const { label, recording: tables, resource } = read
  return addForeign(label, journal, catalog, recording =>
    encodeRecording(tables, { recording, label, resource }, nodeCodec)
  )
}

/** A file without an id of its own is one recording, named after its bytes: known ones aren't read again. */
async function addForeign(
  label: string,
  journal: string,
  catalog: Catalog,
  encode: (recording: string) => Promise<Uint8Array>
): Promise<string> {
  const id = recordingId({ namespace: '', name: label, instance: journal })
  const known = (await catalog.segments(id)).length > 0
  if (known) return id
  const segment = await encode(id)
  await catalog.undelete(id)
  await catalog.addSegment(id, segmentId(journal, 1, 2), segment)
  return id
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return await gunzipAside(bytes, { maxOutputLength: largestInflated })
  } catch (thrown) {
    throw new MicrologError(
      'invalid-input',
      'Expected a file in gzip that is whole and at most 1 GiB inflated',
      { cause: thrown }
    )
  }
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return (
    Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, text.length)).toString('latin1') ===
    text
  )
}
