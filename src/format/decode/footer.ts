// Mirrors encode/footer.ts.
import { ByteReader } from '../../base/byte-reader.ts'
import { MicrologError } from '../../base/errors.ts'
import type { BlockEntry, LevelCounts, SegmentCounts, SegmentFooter, TraceColumns } from '../footer.ts'
import { blockFlag, countNames, formatVersion, levelNames, limits, magic } from '../layout.ts'
import type { JournalRange, SegmentMeta } from '../segment-meta.ts'
import { checkTimes } from './check-times.ts'
import { decodeNumbers } from './numbers.ts'

export function decodeFooter(bytes: Uint8Array): SegmentFooter {
  const reader = new ByteReader(bytes)
  const minimumReader = reader.varint()
  if (minimumReader > formatVersion) {
    throw new MicrologError(
      'unsupported',
      `This segment needs a reader of format version ${minimumReader}, this one reads up to ${formatVersion}: update microlog`
    )
  }
  const low = reader.u32()
  const epoch = BigInt.asIntN(64, (BigInt(reader.u32()) << 32n) | BigInt(low))
  const from = decodeTime(reader)
  const to = decodeTime(reader)
  const meta = decodeMeta(reader)
  const counts = decodeCounts(reader)
  const threads = Array.from({ length: itemCount(reader, 2) }, () => ({
    id: reader.varint(),
    name: reader.text()
  }))
  const blocks = decodeBlockEntries(reader)
  const traces = decodeTraces(reader)
  return Object.freeze({
    version: formatVersion,
    minimumReader,
    epoch,
    from,
    to,
    meta,
    counts,
    threads,
    blocks,
    traces
  })
}

function itemCount(reader: ByteReader, bytesEach: number): number {
  const count = reader.count(bytesEach)
  if (count <= limits.footerItems) return count
  throw new MicrologError(
    'corrupt',
    `Expected at most ${limits.footerItems} items in a footer, found ${count}`
  )
}

function decodeTime(reader: ByteReader): number {
  const time = reader.f64()
  checkTimes([time], 'a time of the footer')
  return time
}

function decodeMeta(reader: ByteReader): SegmentMeta {
  const pairs = Array.from({ length: itemCount(reader, 2) }, (): [string, string] => [
    reader.text(),
    reader.text()
  ])
  const resource = Object.create(null) as Record<string, string>
  const journals: JournalRange[] = []
  for (const [name, value] of pairs) {
    if (name.startsWith('resource.')) resource[name.slice(9)] = value
    if (name.startsWith('journal.')) journals.push(...journalRanges(name.slice(8), value))
  }
  const named = new Map(pairs)
  const replaces = pairs.filter(([name]) => name === 'replaces').map(([, segment]) => segment)
  return {
    recording: named.get('recording') ?? '',
    label: named.get('label') ?? '',
    journals,
    resource,
    replaces,
    writtenMs: named.has('written') ? decimal(named.get('written')!) : undefined
  }
}

function journalRanges(file: string, places: string): JournalRange[] {
  const numbers = places.split(' ', 2 * limits.footerItems + 1).map(decimal)
  if (numbers.length > 2 * limits.footerItems)
    throw new MicrologError('corrupt', `Expected at most ${limits.footerItems} stretches of a journal`)
  const ranges: JournalRange[] = []
  let end = 0
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    const from = end + numbers[i]!
    end = from + numbers[i + 1]!
    ranges.push({ file, from, to: end })
  }
  return ranges
}

function decimal(text: string): number {
  const number = Number(text)
  if (/^-?\d{1,16}$/.test(text) && Number.isSafeInteger(number)) return number
  throw new MicrologError('corrupt', 'Expected a decimal number among the names and values')
}

/** Counts that an older writer doesn't tell are 0. */
function decodeCounts(reader: ByteReader): SegmentCounts {
  const values = Array.from({ length: itemCount(reader, 1) }, () => reader.varint())
  const named = (names: readonly string[], at: number): Record<string, number> =>
    Object.fromEntries(names.map((name, i) => [name, values[at + i] ?? 0]))
  const levels = named(levelNames, countNames.length) as unknown as LevelCounts
  return { ...named(countNames, 0), levels } as unknown as SegmentCounts
}

function decodeBlockEntries(reader: ByteReader): BlockEntry[] {
  const count = reader.count(12)
  if (count > limits.blocks) throw new MicrologError('corrupt', `Expected fewer blocks, found ${count}`)
  let offset = magic.length
  return Array.from({ length: count }, () => {
    const kind = reader.u8()
    const flags = reader.u8()
    const codec = reader.u8()
    const encoding = reader.u8()
    const owner = { group: reader.u8(), chunk: reader.varint() }
    const count = reader.varint()
    const length = reader.varint()
    const size = reader.varint()
    const checksum = reader.u32()
    const timed = (flags & blockFlag.timed) !== 0
    const from = timed ? reader.f64() : NaN
    const to = timed ? reader.f64() : NaN
    const required = (flags & blockFlag.required) !== 0
    const entry = { kind, required, codec, encoding, owner, count, offset, length, size, checksum, from, to }
    offset += length
    return entry
  })
}

function decodeTraces(reader: ByteReader): TraceColumns {
  const length = reader.count(16)
  const id = reader.raw(length * 16).slice()
  const texts = Array.from({ length: reader.count() }, () => reader.text())
  const service = new Int32Array(length)
  const name = new Int32Array(length)
  const root = new Uint8Array(length)
  const start = new Float64Array(length)
  const duration = new Float64Array(length)
  const [spans, errors, logs, samples] = Array.from({ length: 4 }, () => new Uint32Array(length))
  for (const column of [service, name, root, start, duration, spans!, errors!, logs!, samples!])
    decodeNumbers(reader, column)
  for (const column of [start, duration]) checkTimes(column, 'times of traces')
  return {
    length,
    id,
    texts,
    service,
    name,
    root,
    start,
    duration,
    spans: spans!,
    errors: errors!,
    logs: logs!,
    samples: samples!
  }
}
