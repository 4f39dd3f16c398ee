// What a pprof file says (https://github.com/google/pprof/blob/main/proto/profile.proto), read as it is asked for. By
// hand: pprof-format's reader takes a truncated file for a whole one, and makes an object of each two bytes.
import { MicrologError } from '../base/errors.ts'
import { ProtobufCursor } from '../otlp/protobuf-cursor.ts'
import {
  enter,
  integer,
  readFunction,
  readId,
  readLocation,
  readMappingName,
  readSample,
  readValueType,
  refuse,
  tooMany
} from './pprof-messages.ts'
import type { PprofKey, PprofLine, PprofSample, PprofText, PprofValueType, Range } from './pprof-messages.ts'
import type { ProfiledFunction } from './sampled-recording.ts'

export interface PprofFile {
  readonly sampleTypes: readonly PprofValueType[]
  readonly periodType: PprofValueType | undefined
  readonly period: number
  readonly defaultSampleType: string
  /** Unix time; 0n where the file doesn't say. */
  readonly timeNanos: bigint
  samples(): Iterable<PprofSample>
  /** The function at a location and, where calls were inlined, its callers: the innermost first. */
  functionsAt(location: PprofKey): ProfiledFunction[]
}

interface Head {
  sampleTypes: Range[]
  periodType: Range | undefined
  period: number
  timeNanos: bigint
  defaultSampleType: number
  samples: Ranges
  mappings: Map<PprofKey, Range>
  locations: Map<PprofKey, Range>
  functions: Map<PprofKey, Range>
  strings: Ranges
}

/** Of each kind of thing. */
const mostItems = 2_000_000
const longestString = 1024 * 1024
const mostSampleTypes = 100

/**
 * Whether the file is worth trying: a sample type and two of the four tables that only a pprof file has. A request of
 * OTLP profiles begins alike, but ends after its second field.
 */
export function looksLikePprof(bytes: Uint8Array): boolean {
  const cursor = new ProtobufCursor(bytes)
  const tables = new Set<number>()
  let typed = false
  try {
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      if (tag === 0x0a) typed = true
      else if (tag === 0x1a || tag === 0x22 || tag === 0x2a || tag === 0x32) tables.add(tag)
      if (typed && tables.size >= 2) return true
      cursor.skip(tag)
    }
  } catch (error) {
    if (error instanceof MicrologError) return false
    throw error
  }
  return false
}

export function readPprofFile(bytes: Uint8Array): PprofFile {
  const cursor = new ProtobufCursor(bytes)
  const head = readHead(cursor)
  const texts = new Map<number, string>()
  const decoder = new TextDecoder()
  const text: PprofText = index => {
    let known = texts.get(index)
    if (known === undefined) {
      const { from, to } = head.strings.at(index) ?? refuse(`a string table that has string ${index}`)
      if (to - from > longestString)
        throw new MicrologError('too-large', `Expected strings of at most 1 MiB in a pprof file`)
      texts.set(index, (known = decoder.decode(bytes.subarray(from, to))))
    }
    return known
  }
  if (text(0) !== '') refuse('a string table that begins with the empty string')
  const sampleTypes = head.sampleTypes.map(range => readValueType(cursor, range, text))
  if (sampleTypes.length === 0) refuse('a sample type')
  const functions = new Map<PprofKey, ProfiledFunction>()
  const functionOf = ({ function: key, line, column }: PprofLine): ProfiledFunction => {
    let known = functions.get(key)
    if (!known) {
      const range = head.functions.get(key) ?? refuse(`a function with id ${key}`)
      functions.set(key, (known = readFunction(cursor, range, text)))
    }
    // Without a first line: the first one seen, so that it stays one function.
    if (known.line === 0) known.line = line
    if (known.column === 0 && line === known.line) known.column = column
    return known
  }
  return {
    sampleTypes,
    periodType: head.periodType && readValueType(cursor, head.periodType, text),
    period: head.period,
    defaultSampleType: text(head.defaultSampleType),
    timeNanos: head.timeNanos,
    samples: () => samplesIn(cursor, head.samples, sampleTypes.length, text),
    functionsAt(location) {
      const range = head.locations.get(location) ?? refuse(`a location with id ${location}`)
      const { mapping, address, lines } = readLocation(cursor, range)
      if (lines.length > 0) return lines.map(functionOf)
      const mapped = head.mappings.get(mapping)
      const url = mapped ? text(readMappingName(cursor, mapped)) : ''
      return [{ functionName: `0x${address.toString(16)}`, url, line: 0, column: 0 }]
    }
  }
}

/** Where the messages of a table are; two numbers each, since there may be millions. */
class Ranges {
  readonly #ends: number[] = []
  readonly #what: string

  constructor(what: string) {
    this.#what = what
  }

  get length(): number {
    return this.#ends.length / 2
  }

  at(index: number): Range | undefined {
    return index < this.length ? { from: this.#ends[index * 2]!, to: this.#ends[index * 2 + 1]! } : undefined
  }

  push({ from, to }: Range): void {
    if (this.length === mostItems) throw tooMany(mostItems, this.#what)
    this.#ends.push(from, to)
  }
}

function readHead(cursor: ProtobufCursor): Head {
  const head: Head = {
    sampleTypes: [],
    periodType: undefined,
    period: 0,
    timeNanos: 0n,
    defaultSampleType: 0,
    samples: new Ranges('samples'),
    mappings: new Map(),
    locations: new Map(),
    functions: new Map(),
    strings: new Ranges('strings')
  }
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    switch (tag) {
      case 0x0a:
        head.sampleTypes.push(enter(cursor))
        if (head.sampleTypes.length > mostSampleTypes) throw tooMany(mostSampleTypes, 'sample types')
        break
      case 0x12:
        head.samples.push(enter(cursor))
        break
      case 0x1a:
        addById(cursor, head.mappings, 'mappings')
        break
      case 0x22:
        addById(cursor, head.locations, 'locations')
        break
      case 0x2a:
        addById(cursor, head.functions, 'functions')
        break
      case 0x32:
        head.strings.push(enter(cursor))
        break
      case 0x48:
        head.timeNanos = (BigInt(cursor.varint64()) | (BigInt(cursor.high) << 32n)) & (2n ** 63n - 1n)
        break
      case 0x5a:
        head.periodType = enter(cursor)
        break
      case 0x60:
        head.period = integer(cursor)
        break
      case 0x70:
        head.defaultSampleType = cursor.varint32()
        break
      default:
        cursor.skip(tag)
    }
  }
  return head
}

/** Mappings, locations and functions are found by their ids. */
function addById(cursor: ProtobufCursor, table: Map<PprofKey, Range>, what: string): void {
  const { end } = cursor
  const range = enter(cursor)
  const id = readId(cursor, range)
  cursor.end = end
  if (id === 0 || table.has(id)) refuse(`${what} with ids of their own, other than 0`)
  if (table.size === mostItems) throw tooMany(mostItems, what)
  table.set(id, range)
}

function* samplesIn(
  cursor: ProtobufCursor,
  samples: Ranges,
  types: number,
  text: PprofText
): Generator<PprofSample> {
  for (let i = 0; i < samples.length; i++) yield readSample(cursor, samples.at(i)!, types, text)
}
