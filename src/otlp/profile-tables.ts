import { MicrologError } from '../base/errors.ts'
import type { ByteRange } from './request-copies.ts'
import type { ProtobufCursor } from './protobuf-cursor.ts'
import type { OtlpLimits } from './sink.ts'

/** Entries of all tables together, and frames of stacks, for each item that the limits allow. */
const entriesPerItem = 16

/** Where the entries of a table lie: from and to of each. */
export type EntryRanges = number[]

/** The tables of a ProfilesDictionary, found but not yet read. */
export interface ProfileTables {
  /** The whole dictionary. */
  range: ByteRange
  mappings: EntryRanges
  locations: EntryRanges
  functions: EntryRanges
  links: EntryRanges
  strings: EntryRanges
  attributes: EntryRanges
  stacks: EntryRanges
}

/** Finds the dictionary of an ExportProfilesServiceRequest and its tables, then goes back to the request's begin. */
export function findProfileTables(cursor: ProtobufCursor, limits: OtlpLimits): ProfileTables {
  const tables: ProfileTables = {
    range: { from: 0, to: 0 },
    mappings: [],
    locations: [],
    functions: [],
    links: [],
    strings: [],
    attributes: [],
    stacks: []
  }
  const byField = [
    tables.mappings,
    tables.locations,
    tables.functions,
    tables.links,
    tables.strings,
    tables.attributes,
    tables.stacks
  ]
  let left = mostEntries(limits)
  const { end } = cursor
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    if (tag >>> 3 > 2) throw oldWire()
    if (tag !== 0x12) {
      cursor.skip(tag)
      continue
    }
    cursor.end = cursor.enter()
    tables.range = { from: cursor.position, to: cursor.end }
    for (let inner = cursor.tag(); inner !== 0; inner = cursor.tag()) {
      const table = (inner & 7) === 2 ? byField[(inner >>> 3) - 1] : undefined
      if (!table) {
        cursor.skip(inner)
        continue
      }
      if (--left < 0)
        throw new MicrologError(
          'too-large',
          `Expected at most ${mostEntries(limits)} entries in a dictionary`
        )
      const to = cursor.enter()
      table.push(cursor.position, to)
      cursor.position = to
    }
    cursor.end = end
  }
  cursor.position = 0
  return tables
}

export function mostEntries(limits: OtlpLimits): number {
  return limits.items * entriesPerItem
}

/** Each Alpha version before renumbered its fields: what doesn't fit ours gives it away, the rest would be nonsense. */
export function oldWire(): MicrologError {
  return new MicrologError(
    'unsupported',
    'Expected OTLP profiles of opentelemetry-proto 1.10 or 1.11: these are of an older version; update the sender'
  )
}

/** The numbers of a repeated integer field, packed or not, whose tag was just read. */
export function eachVarint(cursor: ProtobufCursor, tag: number, use: (value: number) => void): void {
  if ((tag & 7) === 0) {
    use(cursor.varint32())
    return
  }
  const { end } = cursor
  cursor.end = cursor.enter()
  while (cursor.position < cursor.end) use(cursor.varint32())
  cursor.end = end
}

/** Why one profile can't be taken; the rest of its request can. */
export class BadProfile extends Error {}

export function badIndex(entry: string): BadProfile {
  return new BadProfile(`Expected only indices that are in the tables of the dictionary, found ${entry}`)
}
