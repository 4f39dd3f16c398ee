// The small messages of a pprof file, each read from where it is.
import { MicrologError } from '../base/errors.ts'
import type { ProtobufCursor } from '../otlp/protobuf-cursor.ts'
import { deepestStack } from './sampled-recording.ts'
import type { ProfiledFunction } from './sampled-recording.ts'

export interface PprofValueType {
  type: string
  unit: string
}

export interface PprofSample {
  /** The leaf first. */
  locations: PprofKey[]
  /** One for each sample type. */
  values: number[]
  labels: [key: string, value: string | number][]
}

/** Ids are any 64 bits: a bigint beyond 32 of them. */
export type PprofKey = number | bigint

/** Gives the string of a row of the string table. */
export type PprofText = (index: number) => string

export interface Range {
  from: number
  to: number
}

export interface PprofLocation {
  mapping: PprofKey
  address: PprofKey
  /** Where calls were inlined more than one: the innermost first. */
  lines: PprofLine[]
}

export interface PprofLine {
  function: PprofKey
  line: number
  column: number
}

/** Labels of a sample that tell its thread, as several profilers write them; the others become its attributes. */
export const pprofThreadLabels = { name: 'thread name', id: 'thread id' } as const

const mostLabels = 100

/** Where the message is that begins now, and on behind it. */
export function enter(cursor: ProtobufCursor): Range {
  const to = cursor.enter()
  const from = cursor.position
  cursor.position = to
  return { from, to }
}

/** The first tag of a message, to whose end the cursor then is bound. */
function open(cursor: ProtobufCursor, { from, to }: Range): number {
  cursor.position = from
  cursor.end = to
  return cursor.tag()
}

/** Of a mapping, location or function: all have it first. */
export function readId(cursor: ProtobufCursor, range: Range): PprofKey {
  let id: PprofKey = 0
  for (let tag = open(cursor, range); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x08) id = key(cursor)
    else cursor.skip(tag)
  }
  return id
}

/** @param types the sample types of the file */
export function readSample(
  cursor: ProtobufCursor,
  range: Range,
  types: number,
  text: PprofText
): PprofSample {
  const { locations, values, labels }: PprofSample = { locations: [], values: [], labels: [] }
  const addLocation = (): void => {
    if (locations.push(key(cursor)) > deepestStack) throw tooMany(deepestStack, 'locations of a sample')
  }
  const addValue = (): void => {
    if (values.push(integer(cursor)) > types) refuse(valuesExpected(types))
  }
  for (let tag = open(cursor, range); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x08 || tag === 0x0a) eachNumber(cursor, tag, addLocation)
    else if (tag === 0x10 || tag === 0x12) eachNumber(cursor, tag, addValue)
    else if (tag === 0x1a) {
      if (labels.push(readLabel(cursor, enter(cursor), text)) > mostLabels)
        throw tooMany(mostLabels, 'labels of a sample')
      cursor.end = range.to
    } else cursor.skip(tag)
  }
  if (values.length !== types) refuse(valuesExpected(types))
  return { locations, values, labels }
}

function valuesExpected(types: number): string {
  return `${types} values in each sample, one for each sample type`
}

/** Numbers of a repeated field come one by one or packed. */
function eachNumber(cursor: ProtobufCursor, tag: number, read: () => void): void {
  if ((tag & 7) === 0) return read()
  const { end } = cursor
  const to = cursor.enter()
  cursor.end = to
  while (cursor.position < to) read()
  cursor.end = end
}

function readLabel(cursor: ProtobufCursor, range: Range, text: PprofText): [string, string | number] {
  let [name, string, number] = [0, 0, 0]
  for (let tag = open(cursor, range); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x08) name = cursor.varint32()
    else if (tag === 0x10) string = cursor.varint32()
    else if (tag === 0x18) number = integer(cursor)
    else cursor.skip(tag)
  }
  return [text(name), string === 0 ? number : text(string)]
}

export function readValueType(cursor: ProtobufCursor, range: Range, text: PprofText): PprofValueType {
  let [type, unit] = [0, 0]
  for (let tag = open(cursor, range); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x08) type = cursor.varint32()
    else if (tag === 0x10) unit = cursor.varint32()
    else cursor.skip(tag)
  }
  return { type: text(type), unit: text(unit) }
}

export function readFunction(cursor: ProtobufCursor, range: Range, text: PprofText): ProfiledFunction {
  let [name, systemName, file, line] = [0, 0, 0, 0]
  for (let tag = open(cursor, range); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x10) name = cursor.varint32()
    else if (tag === 0x18) systemName = cursor.varint32()
    else if (tag === 0x20) file = cursor.varint32()
    else if (tag === 0x28) line = position(cursor)
    else cursor.skip(tag)
  }
  return { functionName: text(name) || text(systemName), url: text(file), line, column: 0 }
}

export function readLocation(cursor: ProtobufCursor, range: Range): PprofLocation {
  const location: PprofLocation = { mapping: 0, address: 0, lines: [] }
  for (let tag = open(cursor, range); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x10) location.mapping = key(cursor)
    else if (tag === 0x18) location.address = key(cursor)
    else if (tag === 0x22) {
      const line = readLine(cursor, enter(cursor))
      // Of what wasn't symbolized there is an address only.
      if (line.function !== 0) location.lines.push(line)
      cursor.end = range.to
    } else cursor.skip(tag)
  }
  return location
}

function readLine(cursor: ProtobufCursor, range: Range): PprofLine {
  const line: PprofLine = { function: 0, line: 0, column: 0 }
  for (let tag = open(cursor, range); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x08) line.function = key(cursor)
    else if (tag === 0x10) line.line = position(cursor)
    else if (tag === 0x18) line.column = position(cursor)
    else cursor.skip(tag)
  }
  return line
}

/** Row of the string table. */
export function readMappingName(cursor: ProtobufCursor, range: Range): number {
  let name = 0
  for (let tag = open(cursor, range); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x28) name = cursor.varint32()
    else cursor.skip(tag)
  }
  return name
}

function key(cursor: ProtobufCursor): PprofKey {
  const low = cursor.varint64()
  return cursor.high === 0 ? low : (BigInt(cursor.high) << 32n) | BigInt(low)
}

/** Of 64 bits with a sign; beyond 2^53 rounded. */
export function integer(cursor: ProtobufCursor): number {
  const low = cursor.varint64()
  return (cursor.high | 0) * 2 ** 32 + low
}

/** Of a line or a column; 0 where it can't be one. */
function position(cursor: ProtobufCursor): number {
  const at = integer(cursor)
  return at > 0 && at < 2 ** 31 ? at : 0
}

export function refuse(expected: string): never {
  throw new MicrologError('invalid-input', `Expected ${expected} in a pprof file`)
}

/** Of a limit that a file passes. */
export function tooMany(most: number, what: string): MicrologError {
  return new MicrologError('too-large', `Expected at most ${most} ${what} in a pprof file`)
}
