import { checkMessage } from './check-message.ts'
import { RequestCopies } from './request-copies.ts'
import type { ByteRange, Surroundings } from './request-copies.ts'
import { messageType } from './otlp-messages.ts'
import { FrameBudget, FramesBySink, ProfileFrames } from './profile-frames.ts'
import { ProfileAttributes } from './profile-attributes.ts'
import { createProfileReader } from './read-profile.ts'
import { BadProfile, findProfileTables } from './profile-tables.ts'
import type { ProfileTables } from './profile-tables.ts'
import { readResources } from './read-resources.ts'
import type { RequestReader } from './request-reader.ts'
import { isZero } from './read-spans.ts'
import { packageKey } from './sink.ts'
import type { OtlpRoute, ProfileRow, ReadOutcome } from './sink.ts'

const dictionaryType = messageType('Dictionary')
const profileType = messageType('Profile')

/** A request's dictionary is repeated in what is kept as it came; together that may be so many times the request. */
const mostCopies = 4

/** Reads an ExportProfilesServiceRequest (opentelemetry.proto.collector.profiles.v1development, proto 1.10 and 1.11). */
export function readProfiles(reader: RequestReader, route: OtlpRoute): ReadOutcome {
  const { cursor } = reader
  const tables = findProfileTables(cursor, reader.limits)
  checkDictionary(reader, tables)
  reader.strings = tables.strings
  const attributes = new ProfileAttributes(reader, tables.attributes)
  const frameAttributes = {
    isOwnFrameType: memoize(index => attributes.text(index, 'profile.frame.type') === 'v8js'),
    packageId: memoize(index => attributes.text(index, packageKey, 'string') ?? '')
  }
  const readProfile = createProfileReader(reader, tables, {
    attributes,
    frames: new FramesBySink(() => new ProfileFrames(reader, tables, frameAttributes)),
    budget: new FrameBudget(reader)
  })
  const badTables = checkZeroEntries(reader, tables)
  const copies = new RequestCopies(cursor.bytes, cursor.bytes.length * mostCopies)
  let kept: { row: ProfileRow; range: ByteRange }[] = []

  return readResources(
    reader,
    'profiles',
    route,
    () => {
      const range = { from: cursor.position, to: cursor.end }
      checkMessage(cursor, profileType, reader.limits, reader.countItem)
      cursor.position = range.from
      try {
        if (badTables) throw new BadProfile(badTables)
        const { row, plain } = readProfile()
        if (plain) accept(row)
        else {
          kept.push({ row, range })
          reader.sink.settleTimes()
        }
      } catch (problem) {
        if (!(problem instanceof BadProfile)) throw problem
        cursor.position = cursor.end = range.to
        reader.reject(problem.message)
      }
    },
    around => {
      keep(around)
      kept = []
    }
  )

  function accept(row: ProfileRow): void {
    reader.sink.item(row)
    reader.outcome.accepted++
  }

  function keep(around: Surroundings): void {
    if (kept.length === 0) return
    const original = copies.write(
      around,
      kept.map(profile => profile.range),
      tables.range
    )
    if (original) for (const { row } of kept) accept({ ...row, original })
    else reader.reject('Expected fewer resources and scopes that share one large dictionary', kept.length)
  }
}

/** The dictionary is kept with the profiles that need it: it must read as a whole. */
function checkDictionary({ cursor, limits, countItem }: RequestReader, { range }: ProfileTables): void {
  const { position, end } = cursor
  cursor.position = range.from
  cursor.end = range.to
  checkMessage(cursor, dictionaryType, limits, countItem)
  cursor.position = position
  cursor.end = end
}

/** Index 0 means none, so the entries 0 must be empty. @returns what is wrong; '' where nothing is */
function checkZeroEntries({ cursor }: RequestReader, tables: ProfileTables): string {
  const names = ['strings', 'mappings', 'locations', 'functions', 'attributes', 'stacks', 'links'] as const
  for (const name of names) {
    const from = tables[name][0] ?? 0
    const to = tables[name][1] ?? 0
    // A zero link may be written out as zeros.
    const isEmpty = name === 'links' ? isZero(withoutTags(cursor.bytes.subarray(from, to))) : from === to
    if (!isEmpty) return `Expected an empty first entry in the dictionary's ${name}`
  }
  return ''
}

/** The ids of a link, without the tag and length before each. */
function withoutTags(link: Uint8Array): Uint8Array {
  const isFull =
    link.length === 28 && link[0] === 0x0a && link[1] === 16 && link[18] === 0x12 && link[19] === 8
  return isFull ? Uint8Array.from([...link.subarray(2, 18), ...link.subarray(20)]) : link
}

function memoize<T>(find: (index: number) => T): (index: number) => T {
  const known = new Map<number, T>()
  return index => {
    let found = known.get(index)
    if (found === undefined) known.set(index, (found = find(index)))
    return found
  }
}
