// The dictionaries and tables of a segment, from docs/format.md alone.
import type { Bytes } from './reader-bytes.ts'
import { hex, unfold } from './reader-bytes.ts'
import type { Block, Segment } from './read-segment.ts'

/** Numbers, or ids as hexadecimal digits; NaN where nothing is set. */
export type Columns = Record<string, (number | string)[]>

export interface SetEntry {
  key: number
  type: number
  value: number
}

export interface Content {
  strings: string[]
  blobs: Uint8Array[]
  sets: SetEntry[][]
  tables: Record<string, Columns>
}

const zeroTrace = '0'.repeat(32)
const zeroSpan = '0'.repeat(16)

/** With blanks between. */
const plainColumns = {
  frames: 'name url line column packageId',
  resources: 'attributes droppedAttributes schemaUrl',
  scopes: 'name version attributes droppedAttributes schemaUrl',
  threads: 'id name resource',
  profiles:
    'resource scope thread time duration sampleType sampleUnit periodType periodUnit period profileId attributes droppedAttributes original',
  samples: 'time stack link profile value attributes',
  events: 'time name attributes droppedAttributes',
  spanLinks: 'link traceState flags attributes droppedAttributes',
  series: 'name description unit kind temporality monotonic attributes valueType resource scope',
  points: 'series time startTime value flags',
  opaque: 'signal request from to'
}

export function readTables(segment: Segment): Content {
  const of = (kind: number): Block[] => segment.blocks.filter(block => block.kind === kind)
  const strings = ['', ...of(1).flatMap(readStrings)]
  const blobs = of(2).flatMap(readBlobs)
  const sets = [[], ...of(3).flatMap(readSets)]
  const tables: Record<string, Columns> = { links: { traceId: [zeroTrace], spanId: [zeroSpan] } }
  const plain = (kind: number, ...names: (keyof typeof plainColumns)[]): void => {
    for (const { content, count } of of(kind)) {
      const counts = [count, ...names.slice(1).map(() => content.varint())]
      names.forEach((name, i) => append(tables, name, readPlain(content, name, counts[i]!)))
    }
  }
  plain(4, 'resources', 'scopes', 'threads')
  for (const { content, count } of of(6)) {
    const stacks = content.varint()
    append(tables, 'frames', readPlain(content, 'frames', count))
    append(tables, 'stacks', readStacks(content, stacks))
  }
  plain(7, 'profiles')
  plain(8, 'samples')
  const ids = of(9).map(({ content, count }) => readSpanIds(content, count, segment))
  const spanTraces = ids.flatMap(({ traces }) => traces)
  const traceIds = spanTraces.map(row => segment.traces[row - 1]?.id ?? zeroTrace)
  const spanIds = ids.flatMap(({ spans }) => spans)
  for (const { content, count } of of(5)) {
    append(tables, 'links', readLinks(content, count, { segment, traceIds, spanIds }))
  }
  let first = 0
  for (const { content, count } of of(10)) {
    const events = content.varint()
    const spanLinks = content.varint()
    append(tables, 'spans', readSpans(content, count, first, { segment, spanTraces, traceIds, spanIds }))
    append(tables, 'events', readPlain(content, 'events', events))
    append(tables, 'spanLinks', readPlain(content, 'spanLinks', spanLinks))
    first += count
  }
  for (const { content, count } of of(11)) append(tables, 'logs', readLogs(content, count))
  plain(12, 'series')
  plain(13, 'points')
  plain(14, 'opaque')
  numberOwned(tables.spans, 'eventStart', 'eventCount')
  numberOwned(tables.spans, 'linkStart', 'linkCount')
  for (const { content } of segment.blocks) {
    if (content.at !== 0 && content.at !== content.all.length)
      throw new Error('A block goes on behind its rows')
  }
  return { strings, blobs, sets, tables }
}

function append(tables: Record<string, Columns>, name: string, columns: Columns): void {
  if (Object.values(columns).every(values => values.length === 0)) return
  const table = (tables[name] ??= {})
  for (const [column, values] of Object.entries(columns)) (table[column] ??= []).push(...values)
}

function readPlain(content: Bytes, name: keyof typeof plainColumns, rows: number): Columns {
  return Object.fromEntries(plainColumns[name].split(' ').map(column => [column, content.column(rows)]))
}

function readStrings({ content, count }: Block): string[] {
  const lengths = content.column(content.varint())
  const templates = lengths.map(length =>
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(content.raw(length))
  )
  const templateOf = content.column(count)
  const numbers = templates.map((template, row) => {
    const uses = templateOf.filter(used => used === row).length
    return [...template.matchAll(placeholder)]
      .filter(([, letter]) => letter !== 'L')
      .map(() => content.column(uses))
  })
  const used = templates.map(() => 0)
  return templateOf.map(row => {
    const use = used[row]!++
    let number = 0
    return templates[row]!.replaceAll(placeholder, (_, letter: string, width: string) => {
      if (letter === 'L') return '\0'
      const value = numbers[row]![number++]![use]!
      if (letter === 'D') return String(value)
      if (letter === 'B') return value.toString(36)
      return value.toString(letter[0] === 'X' ? 16 : 10).padStart(parseInt(width, 16), '0')
    })
  })
}

const placeholder = /\0([DBL]|[FX](?=([0-9a-f]))[0-9a-f])/g

function readBlobs({ content, count }: Block): Uint8Array[] {
  return content.column(count).map(length => content.raw(length))
}

function readSets({ content, count }: Block): SetEntry[][] {
  const sizes = content.column(content.varint())
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const keys = content.column(total)
  const types = content.column(total)
  const shapes = sizes.map(size => keys.splice(0, size).map(key => ({ key, type: types.shift()! })))
  const shapeOf = content.column(count)
  const uses = new Map<string, number>()
  for (const shape of shapes) for (const { key, type } of shape) uses.set(`${key},${type}`, 0)
  for (const shape of shapeOf) {
    for (const { key, type } of shapes[shape]!) uses.set(`${key},${type}`, uses.get(`${key},${type}`)! + 1)
  }
  const values = new Map([...uses].map(([pair, count]) => [pair, content.column(count)]))
  return shapeOf.map(shape =>
    shapes[shape]!.map(({ key, type }) => ({ key, type, value: values.get(`${key},${type}`)!.shift()! }))
  )
}

function readStacks(content: Bytes, rows: number): Columns {
  const up = content.column(rows)
  const parent: number[] = []
  up.forEach((levels, row) => {
    let found = row - 1
    for (let level = 0; level < levels; level++) found = parent[found] ?? -1
    parent.push(found)
  })
  return { frame: content.column(rows), parent }
}

interface Ids {
  segment: Segment
  traceIds: string[]
  spanIds: string[]
}

function readSpanIds(
  content: Bytes,
  rows: number,
  { traces }: Segment
): { traces: number[]; spans: string[] } {
  const found = content.column(rows)
  if (found.some(row => row > traces.length)) throw new Error('A span names a trace that is not there')
  return { traces: found, spans: content.times(rows, () => hex(content.raw(8))) }
}

function readLinks(content: Bytes, rows: number, { segment, traceIds, spanIds }: Ids): Columns {
  const named = content.column(rows - 1)
  const others = content.column(named.filter(span => span === 0).length)
  const otherSpans = others.map(() => hex(content.raw(8)))
  const links: { traceId: string[]; spanId: string[] } = { traceId: [], spanId: [] }
  for (const span of named) {
    const trace = span === 0 ? others.shift()! : 0
    links.traceId.push(span > 0 ? traceIds[span - 1]! : (segment.traces[trace - 1]?.id ?? zeroTrace))
    links.spanId.push(span > 0 ? spanIds[span - 1]! : otherSpans.shift()!)
  }
  return links
}

/** @param columns their names, with blanks between */
function readShapes(content: Bytes, rows: number, columns: string): Columns {
  const names = columns.split(' ')
  const count = content.varint()
  const byShape = names.map(() => content.column(count))
  const shapes = content.column(rows)
  return Object.fromEntries(names.map((name, i) => [name, shapes.map(shape => byShape[i]![shape]!)]))
}

function readSpans(
  content: Bytes,
  rows: number,
  first: number,
  { segment, spanTraces, traceIds, spanIds }: Ids & { spanTraces: number[] }
): Columns {
  const parents = content.column(rows)
  const elsewhere = parents.filter(parent => parent === 1).map(() => hex(content.raw(8)))
  const parentRows = parents.map((parent, i) => (parent < 2 ? -1 : first + i - unfold(parent - 2)))
  const parentSpanId = parents.map((parent, i) =>
    parent === 0 ? zeroSpan : parent === 1 ? elsewhere.shift()! : spanIds[parentRows[i]!]!
  )
  const shapes = readShapes(
    content,
    rows,
    'name kind traceState flags statusCode statusMessage droppedAttributes droppedEvents linkCount droppedLinks resource scope'
  )
  const relative = content.u8() === 1
  const start = content.column(rows)
  const end = content.column(rows)
  for (let i = 0; relative && i < rows; i++) {
    const trace = segment.traces[spanTraces[first + i]! - 1]
    const parent = parentRows[i]! - first
    start[i]! += parent >= 0 && parent < i ? start[parent]! : (trace?.start ?? 0)
    const isFirst = i === 0 || spanTraces[first + i] !== spanTraces[first + i - 1]
    end[i]! += start[i]! + (isFirst ? (trace?.duration ?? 0) : 0)
  }
  const attributes = content.column(rows)
  const eventCount = content.column(rows)
  return {
    traceId: traceIds.slice(first, first + rows),
    spanId: spanIds.slice(first, first + rows),
    parentSpanId,
    ...shapes,
    start,
    end,
    attributes,
    eventCount
  }
}

function readLogs(content: Bytes, rows: number): Columns {
  const shapes = readShapes(
    content,
    rows,
    'severity severityText eventName flags droppedAttributes resource scope'
  )
  const time = content.column(rows)
  const [body, link, attributes] = [content.column(rows), content.column(rows), content.column(rows)]
  const relative = content.u8() === 1
  const observed = content.column(rows)
  const observedTime = relative ? observed.map((value, row) => value + time[row]!) : observed
  return { ...shapes, time, body, link, attributes, observedTime }
}

/** The rows that each span owns follow those of the span before it. */
function numberOwned(spans: Columns | undefined, start: string, count: string): void {
  if (!spans) return
  let next = 0
  spans[start] = spans[count]!.map(owned => {
    next += Number(owned)
    return Number(owned) > 0 ? next - Number(owned) : -1
  })
}
