import { BadProfile, badIndex, eachVarint, mostEntries, oldWire } from './profile-tables.ts'
import type { EntryRanges, ProfileTables } from './profile-tables.ts'
import type { RequestReader } from './request-reader.ts'
import type { FrameRow, OtlpSink, StackTables } from './sink.ts'

/** A stack as it was found: how much of it rows can hold. */
export interface FoundStack {
  /** False where rows can't hold all of it. */
  plain: boolean
  /** A frame whose line isn't where its function begins, and one that says it is. */
  hasCallLine: boolean
  hasStartLine: boolean
}

interface FoundLocation extends FoundStack {
  /** Rows of frames, innermost call first. */
  frames: number[]
}

/** What the attributes of locations say, by their rows. */
export interface FrameAttributes {
  /** Says profile.frame.type = v8js, which our own locations have first of all. */
  isOwnFrameType(attribute: number): boolean
  /** '' where it says something else: the only other one that rows can hold, behind the first. */
  packageId(attribute: number): string
}

/** Resolves stacks of a dictionary for one sink, each once. */
export class ProfileFrames implements StackTables {
  readonly stacks = new Map<number, Uint32Array>()
  readonly frames: FrameRow[] = []
  readonly #reader: RequestReader
  readonly #tables: ProfileTables
  readonly #attributes: FrameAttributes
  readonly #found = new Map<number, FoundStack>()
  readonly #locations = new Map<number, FoundLocation>()

  constructor(reader: RequestReader, tables: ProfileTables, attributes: FrameAttributes) {
    this.#reader = reader
    this.#tables = tables
    this.#attributes = attributes
  }

  /** @param budget frames that may still be made; shared by all sinks of a request */
  stack(index: number, budget: FrameBudget): FoundStack {
    const known = this.#found.get(index)
    if (known) return known
    const found: FoundStack = { plain: true, hasCallLine: false, hasStartLine: false }
    const leafFirst: number[] = []
    this.#within(this.#tables.stacks, index, 'stack', tag => {
      if (tag === 0x10) throw oldWire()
      if (tag !== 0x08 && tag !== 0x0a) return false
      eachVarint(this.#reader.cursor, tag, location => {
        const part = this.#location(location, budget)
        budget.take(part.frames.length)
        for (const frame of part.frames) leafFirst.push(frame)
        found.plain &&= part.plain
        found.hasCallLine ||= part.hasCallLine
        found.hasStartLine ||= part.hasStartLine
      })
      return true
    })
    this.stacks.set(index, new Uint32Array(leafFirst.reverse()))
    this.#found.set(index, found)
    return found
  }

  #location(index: number, budget: FrameBudget): FoundLocation {
    const known = this.#locations.get(index)
    if (known) return known
    const { cursor } = this.#reader
    const found: FoundLocation = { plain: true, hasCallLine: false, hasStartLine: false, frames: [] }
    const attributes: number[] = []
    let address = ''
    this.#within(this.#tables.locations, index, 'location', tag => {
      if (tag === 0x08) this.#checkMapping(cursor.varint32(), found)
      else if (tag === 0x10) address = this.#address(cursor.varint64(), cursor.high, found)
      else if (tag === 0x1a) {
        budget.take(1)
        this.#line(found)
      } else if (tag === 0x20 || tag === 0x22) {
        eachVarint(cursor, tag, attribute => attributes.push(attribute))
      } else if (tag >>> 3 > 4) throw oldWire()
      else return false
      return true
    })
    if (found.frames.length === 0) {
      const name = this.#reader.sink.texts.intern(address)
      found.frames.push(this.frames.push({ name, url: 0, line: 0, column: 0, packageId: 0 }) - 1)
      found.plain = false
    }
    this.#readAttributes(attributes, found)
    this.#locations.set(index, found)
    return found
  }

  #readAttributes([type, packageOf, ...others]: number[], found: FoundLocation): void {
    const hasOwnType = type !== undefined && this.#attributes.isOwnFrameType(type)
    if (!hasOwnType || others.length > 0 || found.frames.length !== 1) found.plain = false
    if (packageOf === undefined) return
    const packageId = this.#attributes.packageId(packageOf)
    if (packageId === '') found.plain = false
    const row = this.#reader.sink.texts.intern(packageId)
    for (const frame of found.frames) this.frames[frame]!.packageId = row
  }

  #checkMapping(mapping: number, found: FoundLocation): void {
    if (mapping === 0) return
    if (mapping * 2 >= this.#tables.mappings.length) throw badIndex(`mapping ${mapping}`)
    found.plain = false
  }

  #address(low: number, high: number, found: FoundLocation): string {
    if (low !== 0 || high !== 0) found.plain = false
    return `0x${((BigInt(high) << 32n) | BigInt(low)).toString(16)}`
  }

  #line(found: FoundLocation): void {
    const { cursor } = this.#reader
    const { end } = cursor
    cursor.end = cursor.enter()
    let called = 0
    let line = 0
    let column = 0
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      if (tag === 0x08) called = cursor.varint32()
      else if (tag === 0x10) line = this.#number(found)
      else if (tag === 0x18) column = this.#number(found)
      else cursor.skip(tag)
    }
    cursor.end = end
    const frame: FrameRow = { name: 0, url: 0, line, column, packageId: 0 }
    const startLine = this.#function(called, frame, found)
    if (startLine === 0) found.hasCallLine ||= line !== 0
    else if (startLine === line) found.hasStartLine = true
    else found.plain = false
    found.frames.push(this.frames.push(frame) - 1)
  }

  /** Fills in what is known of a function. @returns the line where it begins */
  #function(index: number, frame: FrameRow, found: FoundLocation): number {
    const { cursor } = this.#reader
    let startLine = 0
    this.#within(this.#tables.functions, index, 'function', tag => {
      if (tag === 0x08) frame.name = this.#text(cursor.varint32())
      else if (tag === 0x10) found.plain = cursor.varint32() === 0 && found.plain
      else if (tag === 0x18) frame.url = this.#text(cursor.varint32())
      else if (tag === 0x20) startLine = this.#number(found)
      else return false
      return true
    })
    if (index === 0) found.plain = false
    return startLine
  }

  /** A line or column; those beyond 32 bits are none. */
  #number(found: FoundLocation): number {
    const { cursor } = this.#reader
    const low = cursor.varint64()
    if (cursor.high === 0) return low
    found.plain = false
    return 0
  }

  #text(index: number): number {
    if (index !== 0 && index * 2 >= this.#tables.strings.length) throw badIndex(`string ${index}`)
    return this.#reader.textAt(index)
  }

  /** Reads an entry of a table; the entry 0 needn't be there. @param read false: a field that isn't of interest */
  #within(table: EntryRanges, index: number, name: string, read: (tag: number) => boolean): void {
    if (index === 0 && table.length === 0) return
    if (index * 2 >= table.length) throw badIndex(`${name} ${index}`)
    const { cursor } = this.#reader
    const { position, end } = cursor
    cursor.position = table[index * 2]!
    cursor.end = table[index * 2 + 1]!
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) if (!read(tag)) cursor.skip(tag)
    cursor.position = position
    cursor.end = end
  }
}

/** Bounds the frames that a request's stacks are made of, over all sinks. */
export class FrameBudget {
  #left: number

  constructor(reader: RequestReader) {
    this.#left = mostEntries(reader.limits)
  }

  take(count: number): void {
    this.#left -= count
    if (this.#left < 0) throw new BadProfile('Expected fewer and shorter stacks in a request')
  }
}

/** Stack tables for each sink that a request is read into. */
export class FramesBySink {
  readonly #bySink = new Map<OtlpSink, ProfileFrames>()
  readonly #create: () => ProfileFrames

  constructor(create: () => ProfileFrames) {
    this.#create = create
  }

  of(sink: OtlpSink): ProfileFrames {
    let frames = this.#bySink.get(sink)
    if (!frames) this.#bySink.set(sink, (frames = this.#create()))
    return frames
  }
}
