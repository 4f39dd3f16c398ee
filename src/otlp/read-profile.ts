import type { FoundAttributes, ProfileAttributes } from './profile-attributes.ts'
import type { FrameBudget, FramesBySink, FoundStack } from './profile-frames.ts'
import { BadProfile, badIndex, eachVarint, oldWire } from './profile-tables.ts'
import type { ProfileTables } from './profile-tables.ts'
import { timeProblem } from './read-spans.ts'
import type { RequestReader } from './request-reader.ts'
import { callLinesKey } from './sink.ts'
import type { ProfileRow, SampleRow, U64 } from './sink.ts'

export interface ProfileParts {
  attributes: ProfileAttributes
  frames: FramesBySink
  budget: FrameBudget
}

export interface FoundProfile {
  row: ProfileRow
  /** Rows hold all of it. */
  plain: boolean
}

/** What is true of all samples of a profile. */
interface Findings extends FoundStack {
  attributes: number[]
}

type LinkIds = Pick<SampleRow, 'traceId' | 'spanId'>

const profileTags = new Set([0x0a, 0x12, 0x19, 0x20, 0x2a, 0x30, 0x3a, 0x40, 0x4a, 0x52, 0x58, 0x5a])
const lastOldField = 22

/** Reads a Profile, from the cursor's position to its end. Throws BadProfile for one that can't be taken. */
export function createProfileReader(
  reader: RequestReader,
  tables: ProfileTables,
  { attributes, frames, budget }: ProfileParts
): () => FoundProfile {
  const { cursor } = reader
  /** By index in the dictionary: samples of one span share theirs. */
  const linkIds = new Map<number, LinkIds>([[0, createLinkIds()]])
  /** Of the observation being read. */
  const time: U64 = { high: 0, low: 0 }

  return () => {
    refuseOldWire()
    const row = createProfileRow()
    row.tables = frames.of(reader.sink)
    const found: Findings = { plain: true, hasCallLine: false, hasStartLine: false, attributes: [] }
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) readField(tag, row, found)
    if (!reader.admits(row.time)) throw new BadProfile(timeProblem)
    // Lines of calls and of functions don't mix within one profile's rows.
    if (found.hasCallLine && found.hasStartLine) found.plain = false
    readAttributes(row, found)
    return { row, plain: found.plain }
  }

  /** Older versions have tables, indices and ids in these fields, and more fields. */
  function refuseOldWire(): void {
    const from = cursor.position
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      if (tag >>> 3 <= lastOldField && !profileTags.has(tag)) throw oldWire()
      cursor.skip(tag)
    }
    cursor.position = from
  }

  function readField(tag: number, row: ProfileRow, found: Findings): void {
    switch (tag) {
      case 0x0a:
        readValueType((type, unit) => {
          row.sampleType = type
          row.sampleUnit = unit
        })
        return
      case 0x12:
        readSample(row, found)
        return
      case 0x19:
        reader.time(row.time)
        return
      case 0x20:
        row.durationNano = unsigned(found)
        return
      case 0x2a:
        readValueType((type, unit) => {
          row.periodType = type
          row.periodUnit = unit
        })
        return
      case 0x30:
        row.period = integer(found)
        return
      case 0x3a: {
        const end = cursor.enter()
        row.profileId = cursor.bytes.slice(cursor.position, end)
        cursor.position = end
        return
      }
      case 0x40:
        row.droppedAttributes = cursor.varint32()
        return
      case 0x58:
      case 0x5a:
        eachVarint(cursor, tag, index => found.attributes.push(index))
        return
      default:
        found.plain = false
        cursor.skip(tag)
    }
  }

  /** A 64-bit number; one beyond 2^53 is kept in the original only. */
  function integer(found: Findings): number {
    const low = cursor.varint64()
    const value = (cursor.high | 0) * 0x100000000 + low
    if (!Number.isSafeInteger(value)) found.plain = false
    return value
  }

  function unsigned(found: Findings): number {
    const low = cursor.varint64()
    const value = cursor.high * 0x100000000 + low
    if (!Number.isSafeInteger(value)) found.plain = false
    return value
  }

  function readValueType(use: (type: number, unit: number) => void): void {
    let type = 0
    let unit = 0
    const { end } = cursor
    cursor.end = cursor.enter()
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      if (tag === 0x08) type = text(cursor.varint32())
      else if (tag === 0x10) unit = text(cursor.varint32())
      else throw oldWire()
    }
    cursor.end = end
    use(type, unit)
  }

  function text(index: number): number {
    if (index !== 0 && index * 2 >= tables.strings.length) throw badIndex(`string ${index}`)
    return reader.textAt(index)
  }

  function readAttributes(row: ProfileRow, found: Findings): void {
    const add = found.plain && found.hasCallLine ? markCallLines : undefined
    const resolved = attributes.set(found.attributes, add)
    for (const index of found.attributes) {
      const id = Number(attributes.text(index, 'thread.id') ?? NaN)
      if (Number.isInteger(id) && id >= 0 && id < 2 ** 32) row.threadId = id
      const name = attributes.text(index, 'thread.name')
      if (name !== undefined) row.threadName = reader.sink.texts.intern(name)
    }
    row.attributes = resolved.set
    row.droppedAttributes += resolved.overflow
    found.plain &&= resolved.plain
  }

  function markCallLines(): void {
    reader.sink.attributes.add(reader.sink.texts.intern(callLinesKey), 2, 1)
  }

  /** An encoder packs all lists or none: one number among packed lists is the link of an older version. */
  function readSample(row: ProfileRow, found: Findings): void {
    const indices: number[] = []
    const values: number[] = []
    const times: number[] = []
    let stack = 0
    let link = 0
    let packed = 0
    let unpacked = 0
    const { end } = cursor
    cursor.end = cursor.enter()
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      if (tag === 0x12 || tag === 0x22 || tag === 0x2a) packed++
      else if (tag === 0x10 || tag === 0x20 || tag === 0x29) unpacked++
      if (tag === 0x08) stack = cursor.varint32()
      else if (tag === 0x10 || tag === 0x12) eachVarint(cursor, tag, index => indices.push(index))
      else if (tag === 0x18) link = cursor.varint32()
      else if (tag === 0x20) values.push(integer(found))
      else if (tag === 0x22) eachPacked(() => values.push(integer(found)))
      else if (tag === 0x29) readTime(times)
      else if (tag === 0x2a) eachPacked(() => readTime(times))
      else throw oldWire()
    }
    cursor.end = end
    if (packed > 0 && unpacked > 0) throw oldWire()
    const resolved = attributes.set(indices)
    addObservations(row, { stack: findStack(row, stack, found), link, resolved, values, times }, found)
    found.plain &&= resolved.plain && resolved.overflow === 0
  }

  function eachPacked(read: () => void): void {
    const { end } = cursor
    cursor.end = cursor.enter()
    while (cursor.position < cursor.end) read()
    cursor.end = end
  }

  function readTime(times: number[]): void {
    reader.countItem()
    reader.time(time)
    if (!reader.admits(time)) throw new BadProfile(timeProblem)
    times.push(time.low, time.high)
  }

  function findStack(row: ProfileRow, index: number, found: Findings): number {
    if (index === 0) return -1
    const stack = frames.of(reader.sink).stack(index, budget)
    found.plain &&= stack.plain
    found.hasCallLine ||= stack.hasCallLine
    found.hasStartLine ||= stack.hasStartLine
    return row.tables.stacks.get(index)!.length === 0 ? -1 : index
  }

  interface Observations {
    stack: number
    link: number
    resolved: FoundAttributes
    values: number[]
    times: number[]
  }

  /** One for each time; values may be left out, and each then counts 1. */
  function addObservations(row: ProfileRow, sample: Observations, found: Findings): void {
    const { stack, resolved, values, times } = sample
    const { traceId, spanId } = readLink(sample.link)
    const timed = times.length / 2
    if (timed === 0 ? values.length !== 1 : values.length !== 0 && values.length !== timed)
      found.plain = false
    if (timed > 0 && values.length > 0 && values.every(value => value === 1)) found.plain = false
    const count = Math.max(timed, Math.min(values.length, 1))
    if (count > 0)
      row.samples.push({ stack, attributes: resolved.set, traceId, spanId, count, times, values })
  }

  function readLink(index: number): LinkIds {
    const known = linkIds.get(index)
    if (known !== undefined) return known
    const ids = createLinkIds()
    if (index * 2 >= tables.links.length) throw badIndex(`link ${index}`)
    const { position, end } = cursor
    cursor.position = tables.links[index * 2]!
    cursor.end = tables.links[index * 2 + 1]!
    let valid = true
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      if (tag === 0x0a) valid = reader.id(ids.traceId) && valid
      else if (tag === 0x12) valid = reader.id(ids.spanId) && valid
      else cursor.skip(tag)
    }
    cursor.position = position
    cursor.end = end
    if (!valid) throw new BadProfile('Expected links with a trace id of 16 bytes and a span id of 8 bytes')
    linkIds.set(index, ids)
    return ids
  }
}

function createLinkIds(): LinkIds {
  return { traceId: new Uint8Array(16), spanId: new Uint8Array(8) }
}

function createProfileRow(): ProfileRow {
  return {
    kind: 'profile',
    time: { high: 0, low: 0 },
    durationNano: 0,
    sampleType: 0,
    sampleUnit: 0,
    periodType: 0,
    periodUnit: 0,
    period: 0,
    profileId: new Uint8Array(0),
    threadId: 0,
    threadName: 0,
    attributes: 0,
    droppedAttributes: 0,
    original: undefined,
    samples: [],
    tables: { stacks: new Map(), frames: [] }
  }
}
