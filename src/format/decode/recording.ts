import { ByteReader } from '../../base/byte-reader.ts'
import { MicrologError } from '../../base/errors.ts'
import { columnBytes, createColumnArray } from '../../recording/growing-table.ts'
import { tableNames } from '../../recording/recording-builder.ts'
import type { Part } from '../../recording/rows-within.ts'
import type { AttributeSets, Recording, TableName } from '../../recording/schema.ts'
import { ownedStarts } from '../arrange/arrange-recording.ts'
import { columnsOf } from '../arrange/mutable-tables.ts'
import type { MutableTable, MutableTables } from '../arrange/mutable-tables.ts'
import type { BlockEntry, SegmentFooter } from '../footer.ts'
import { blockKind, blockTables, limits } from '../layout.ts'
import type { BlockKind, Group } from '../layout.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import type { BlockStore } from './block-store.ts'
import { cutRecording } from '../cut-recording.ts'
import { checkReferences } from './check-references.ts'
import { inBlock } from './in-block.ts'
import { decodeLinks } from './links.ts'
import type { SpanIdentity } from './links.ts'
import { isLate, withLateStrings } from './late-strings.ts'
import { decodeLogs } from './logs.ts'
import { selectBlocks } from './select-blocks.ts'
import { decodeSets } from './sets.ts'
import type { SetSection } from './sets.ts'
import { decodeSpanIds, decodeSpans } from './spans.ts'
import { decodeStacks } from './stacks.ts'
import { decodeBlobs, decodeStrings } from './strings.ts'
import { decodeColumns } from './table.ts'

/** @param links whether to read them; else rows say that they belong to no span, and no ids are read */
export async function decodeRecording(
  footer: SegmentFooter,
  store: BlockStore,
  groups: readonly Group[],
  window: TimeRange | undefined,
  links = true
): Promise<Recording> {
  const blocks = openBlocks(await store.read(selectBlocks(footer, groups, window, links)))
  const recording = decodeBlocks(footer, blocks, groups, links)
  Object.freeze(recording.strings)
  return recording
}

/** A part of what is read: texts of spans and logs that it doesn't name are not put together. */
export async function decodePart(
  footer: SegmentFooter,
  store: BlockStore,
  groups: readonly Group[],
  window: TimeRange,
  part: Part
): Promise<Recording> {
  const blocks = [...openBlocks(await store.read(selectBlocks(footer, groups, window)))]
  const [late, early] = [
    blocks.filter(([entry]) => isLate(entry)),
    blocks.filter(([entry]) => !isLate(entry))
  ]
  const cut = cutRecording(decodeBlocks(footer, new Map(early), groups), part)
  return { ...cut, strings: withLateStrings(footer, new Map(late), cut) }
}

/** Frozen but for its strings. */
function decodeBlocks(
  footer: SegmentFooter,
  blocks: OpenBlocks,
  groups: readonly Group[],
  links = true
): Recording {
  const tables = decodeTables(
    footer,
    blocks,
    links && (groups.includes('logs') || groups.includes('samples'))
  )
  if (!links) tables.samples.link = new Int32Array(tables.samples.length)
  const recording = {
    epoch: footer.epoch,
    strings: decodeDictionary(footer, blocks, blockKind.strings, [''], '', decodeStrings),
    blobs: decodeDictionary(footer, blocks, blockKind.blobs, [], emptyBlob, decodeBlobs),
    sets: decodeSetSections(footer, blocks),
    ...tables
  } as unknown as Recording
  checkReferences(recording)
  for (const name of tableNames) Object.freeze(recording[name])
  Object.freeze(recording.blobs)
  return Object.freeze(recording)
}

type OpenBlocks = ReadonlyMap<BlockEntry, ByteReader>

function openBlocks(bytes: ReadonlyMap<BlockEntry, Uint8Array>): OpenBlocks {
  return new Map(Array.from(bytes, ([entry, bytes]) => [entry, new ByteReader(bytes)]))
}

const emptyBlob = new Uint8Array(0)

/** All entries at their rows, those of sections that weren't read as `missing`. */
function decodeDictionary<T>(
  footer: SegmentFooter,
  blocks: OpenBlocks,
  kind: BlockKind,
  head: readonly T[],
  missing: T,
  decode: (reader: ByteReader, count: number) => T[]
): T[] {
  const sections = footer.blocks.filter(block => block.kind === kind)
  checkRows(sections.reduce((rows, { count }) => rows + count, 0))
  const parts = sections.map(entry => {
    const reader = blocks.get(entry)
    return reader
      ? inBlock(entry, reader, reader => decode(reader, entry.count))
      : new Array<T>(entry.count).fill(missing)
  })
  return [...head].concat(...parts)
}

function decodeSetSections(footer: SegmentFooter, blocks: OpenBlocks): AttributeSets {
  const sections = footer.blocks.filter(block => block.kind === blockKind.sets)
  const length = 1 + sections.reduce((rows, { count }) => rows + count, 0)
  checkRows(length)
  const start = new Uint32Array(length + 1)
  const parts: SetSection[] = []
  let row = 1
  let filled = 0
  for (const entry of sections) {
    const reader = blocks.get(entry)
    const most = limits.rows - filled
    const part = reader && inBlock(entry, reader, reader => decodeSets(reader, entry.count, most))
    if (part) parts.push(part)
    for (let i = 0; i < entry.count; i++) start[++row] = filled += part ? part.length[i]! : 0
  }
  const key = new Int32Array(filled)
  const type = new Uint8Array(filled)
  const value = new Float64Array(filled)
  let at = 0
  for (const part of parts) {
    key.set(part.key, at)
    type.set(part.type, at)
    value.set(part.value, at)
    at += part.key.length
  }
  return Object.freeze({ length, start, key, type, value })
}

/** @param linked whether rows are read that mostly have a link: without them, and span links, nothing refers to any */
function decodeTables(footer: SegmentFooter, blocks: OpenBlocks, linked: boolean): MutableTables {
  const entries = Array.from(blocks.keys())
  const identity = decodeIdentity(footer, blocks, entries)
  const lengths = countRows(blocks, entries)
  const noLinks = !linked && lengths.get('spanLinks')!.rows === 0
  if (noLinks) lengths.get('links')!.rows = 1
  checkBytes(lengths)
  const tables = Object.fromEntries(
    tableNames.map(name => [name, createTable(name, lengths.get(name)!.rows)])
  ) as unknown as MutableTables
  const filled = new Map<TableName, number>(tableNames.map(name => [name, 0]))
  const firstSpans = firstSpansOf(footer)
  for (const entry of entries) {
    const names = blockTables.get(entry.kind as BlockKind)
    if (!names || (noLinks && entry.kind === blockKind.links)) continue
    inBlock(entry, blocks.get(entry)!, reader => {
      for (const name of names) {
        const from = filled.get(name)!
        const to = from + lengths.get(name)!.ofBlock.get(entry)!
        filled.set(name, to)
        if (name === 'links' || name === 'stacks') checkWhole(tables[name], from, to)
        if (name === 'links') decodeLinks(reader, tables.links, identity)
        else if (name === 'stacks') decodeStacks(reader, tables.stacks)
        else if (name === 'spans') {
          decodeSpans(reader, tables, from, to, firstSpans.get(entry)!, identity)
        } else if (name === 'logs') decodeLogs(reader, tables, from, to)
        else decodeColumns(reader, tables, name, from, to)
      }
    })
  }
  const { spans } = tables
  spans.eventStart = ownedStarts(spans.eventCount as Uint32Array)
  spans.linkStart = ownedStarts(spans.linkCount as Uint32Array)
  return tables
}

function decodeIdentity(footer: SegmentFooter, blocks: OpenBlocks, entries: BlockEntry[]): SpanIdentity {
  const entry = entries.find(({ kind }) => kind === blockKind.spanIds)
  const { traces } = footer
  if (!entry) return { traces, traceOfSpan: new Int32Array(0), spanId: emptyBlob }
  checkRows(entry.count)
  return inBlock(entry, blocks.get(entry)!, reader => decodeSpanIds(reader, entry.count, traces))
}

interface RowCount {
  rows: number
  readonly ofBlock: Map<BlockEntry, number>
}

/** Rows of each table in all the blocks: the first table's are in the directory, the others lead their block. */
function countRows(blocks: OpenBlocks, entries: readonly BlockEntry[]): Map<TableName, RowCount> {
  const counts = new Map<TableName, RowCount>(tableNames.map(name => [name, { rows: 0, ofBlock: new Map() }]))
  for (const entry of entries) {
    const reader = blocks.get(entry)!
    blockTables.get(entry.kind as BlockKind)?.forEach((name, i) => {
      const count = counts.get(name)!
      const rows = i === 0 ? entry.count : reader.varint()
      count.ofBlock.set(entry, rows)
      count.rows += rows
      checkRows(count.rows, entry.kind === blockKind.context ? limits.contextRows : limits.rows)
    })
  }
  const links = counts.get('links')!
  if (links.rows === 0) links.rows = 1
  return counts
}

/** The row in the segment of each block's first span. */
function firstSpansOf({ blocks }: SegmentFooter): Map<BlockEntry, number> {
  const first = new Map<BlockEntry, number>()
  let rows = 0
  for (const block of blocks) {
    if (block.kind !== blockKind.spans) continue
    first.set(block, rows)
    rows += block.count
  }
  return first
}

/** These tables are read as one: a second block would read all of it again. */
function checkWhole({ length }: MutableTable, from: number, to: number): void {
  if (from > 0 || to < length) throw new MicrologError('corrupt', 'Expected one block of this kind')
}

function createTable(name: TableName, length: number): MutableTable {
  const columns = columnsOf(name).map(({ column, kind }) => [column, createColumnArray(kind, length)])
  return { length, ...Object.fromEntries(columns) }
}

/** Before there is room for them. */
function checkBytes(lengths: ReadonlyMap<TableName, RowCount>): void {
  let bytes = 0
  for (const [name, { rows }] of lengths)
    for (const { kind } of columnsOf(name)) bytes += rows * columnBytes(kind)
  if (bytes > limits.tableBytes)
    throw new MicrologError(
      'corrupt',
      `Expected at most ${limits.tableBytes} bytes of tables, found ${bytes}`
    )
}

function checkRows(rows: number, most: number = limits.rows): void {
  if (rows > most) throw new MicrologError('corrupt', `Expected at most ${most} rows, found ${rows}`)
}
