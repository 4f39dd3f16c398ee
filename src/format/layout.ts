// The one place that knows how a .microlog segment is laid out; docs/format.md explains every byte of it.
//
//   magic (8) · blocks · footer · tail (24)
//
// A reader takes the tail, then the footer, and knows from its directory where each block lies.
import type { TableName } from '../recording/schema.ts'

/** 'MICROLOG', first and last in a file. */
export const magic = Uint8Array.of(0x4d, 0x49, 0x43, 0x52, 0x4f, 0x4c, 0x4f, 0x47)

/** Of the layout as a whole. */
export const formatVersion = 1

/** footer length u32 · footer size u32 · codec u8 · version u8 · zero u16 · CRC32C u32 · magic. All little-endian. */
export const tailLength = 24
/** What of the tail, after the footer's stored bytes, the CRC32C covers. */
export const tailChecked = 12

export const codecId = { stored: 0, deflateRaw: 1 } as const
export type CodecId = (typeof codecId)[keyof typeof codecId]

export const blockKind = {
  strings: 1,
  blobs: 2,
  sets: 3,
  context: 4,
  links: 5,
  stacks: 6,
  profiles: 7,
  samples: 8,
  spanIds: 9,
  spans: 10,
  logs: 11,
  series: 12,
  points: 13,
  opaque: 14,
  stackCounts: 15,
  statusRollup: 16,
  tracePaths: 17
} as const
export type BlockKind = (typeof blockKind)[keyof typeof blockKind]

/** The encoding id of each kind that this build writes and reads. */
export const blockEncoding = 0

/** The tables whose rows a block of a kind holds, one after the other. The other kinds hold a dictionary. */
export const blockTables: ReadonlyMap<BlockKind, readonly TableName[]> = new Map([
  [blockKind.context, ['resources', 'scopes', 'threads']],
  [blockKind.links, ['links']],
  [blockKind.stacks, ['frames', 'stacks']],
  [blockKind.profiles, ['profiles']],
  [blockKind.samples, ['samples']],
  [blockKind.spans, ['spans', 'events', 'spanLinks']],
  [blockKind.logs, ['logs']],
  [blockKind.series, ['series']],
  [blockKind.points, ['points']],
  [blockKind.opaque, ['opaque']]
] as const satisfies [BlockKind, readonly TableName[]][])

/** Columns of spans and logs that mostly depend on each other: kept once per combination (encode/shapes.ts). */
export const spanShapeColumns = [
  'name',
  'kind',
  'traceState',
  'flags',
  'statusCode',
  'statusMessage',
  'droppedAttributes',
  'droppedEvents',
  'linkCount',
  'droppedLinks',
  'resource',
  'scope'
] as const
export const logShapeColumns = [
  'severity',
  'severityText',
  'eventName',
  'flags',
  'droppedAttributes',
  'resource',
  'scope'
] as const

/** Columns that are in shapes, in the block of span ids, relative to others, or follow from others. */
export const specialSpanColumns: ReadonlySet<string> = new Set([
  ...spanShapeColumns,
  'traceId',
  'spanId',
  'parentSpanId',
  'start',
  'end',
  'eventStart',
  'linkStart'
])
export const specialLogColumns: ReadonlySet<string> = new Set([...logShapeColumns, 'observedTime'])

/** Bits of a block's flags. A reader that doesn't know a required block must refuse the segment. */
export const blockFlag = { required: 1, timed: 2 } as const

/** What can be read apart from the rest. Shared dictionaries are group 0; rollups repeat in short what the others hold. */
export const groupId = {
  shared: 0,
  spans: 1,
  logs: 2,
  samples: 3,
  statuses: 4,
  opaque: 5,
  rollups: 6
} as const
export type Group = Exclude<keyof typeof groupId, 'shared' | 'rollups'>
export const groups = ['spans', 'logs', 'samples', 'statuses', 'opaque'] as const satisfies Group[]

/** Who needs a part of a dictionary: a group, one chunk of its rows (from 1 on), or, with chunk 0, all of them. */
export interface Owner {
  readonly group: number
  readonly chunk: number
}

/** Steps of the rollups of statuses, ms; chunk 1 of the rollups has the first. */
export const rollupStepsMs = [1000, 60_000] as const

/** Rows of spans, logs, samples and points in one block: what a time window can skip. */
export const chunkRows = 32_768

/** The order in which the footer has its counts; new ones go to the end. */
export const countNames = [
  'samples',
  'logSamples',
  'spanSamples',
  'otherSamples',
  'spans',
  'spanErrors',
  'events',
  'logs',
  'statuses',
  'points',
  'opaque'
] as const
export const levelNames = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

/** Bounds that a reader holds against numbers it finds in a file. */
export const limits = {
  footerBytes: 256 * 1024 * 1024,
  blockBytes: 1024 * 1024 * 1024,
  /** Of all blocks that are read at once, inflated: a thousandth of that may be in the file. */
  inflatedBytes: 2 * 1024 * 1024 * 1024,
  blocks: 65_536,
  /** Threads, names and values, stretches of journals: each of a footer is an object that takes many times its bytes. */
  footerItems: 1024 * 1024,
  /** ns before and behind the epoch: what is beyond the 64 bits that OTLP has for a time can't be sorted, shown or asked for. */
  time: 2 ** 64,
  rows: 64 * 1024 * 1024,
  /** Resources, scopes, threads: each is there once, however many rows name it. */
  contextRows: 1024 * 1024,
  /** Of all tables as they are read: rows that are all alike take no bytes in a file. */
  tableBytes: 2 * 1024 * 1024 * 1024,
  /** Of one set: columns that are all alike take no bytes, so the bytes don't bound them. */
  attributesOfSet: 4096,
  /** Of the strings in one block, without their numbers. */
  characters: 256 * 1024 * 1024
}

/** How the numbers of a column are written; the byte in front of each column. */
export const numberEncoding = {
  /** zigzag: all rows hold it. */
  constant: 0,
  /** A varint a row. */
  varints: 1,
  /** A zigzag varint a row. */
  zigzags: 2,
  /** zigzag first row · column of the differences of each other row from the one before. */
  deltas: 3,
  /** The 8 bytes of each double, as eight planes: all first bytes, all second bytes … */
  doubles: 4,
  /** u8 e · column of integers n: each row is n / 10^e. */
  scaled: 5,
  /** varint count · so many varint run lengths, set rows first, then NaN rows, in turn · column of the set rows. */
  sparse: 6,
  /** varint d · column of d values · a varint a row: 0 the next value not used yet, k value k - 1. */
  dictionary: 7,
  /** u8 bytes a row (1–6) · zigzag base · planes: each row is base + its little-endian bytes. */
  planes: 8,
  /** zigzag base · varint factor · column of integers n: each row is base + n · factor. */
  stepped: 9,
  /** varint r · column of r values · column of r lengths: runs of equal rows. */
  runs: 10,
  /** u8 per row: bit length of its zigzag · the bits below the highest of each row in turn, lowest first, to a whole byte. */
  magnitudes: 11
} as const
export type NumberEncoding = (typeof numberEncoding)[keyof typeof numberEncoding]

/** Bits of a non-negative integer below 2^53. */
export function magnitudeOf(integer: number): number {
  return integer < 0x100000000 ? 32 - Math.clz32(integer) : 64 - Math.clz32(integer / 0x100000000)
}

/** Integers this far from zero can be added and subtracted exactly; beyond it a column is written as doubles. */
export const exactInteger = 2 ** 50

/** In a template, this character and a kind stand for a number; fixed kinds are followed by their width in hex. */
export const slotMark = '\u0000'
export const slotKind = {
  /** No number: the mark itself. */
  mark: 'L',
  decimal: 'D',
  base36: 'B',
  fixedDecimal: 'F',
  fixedHex: 'X'
} as const
