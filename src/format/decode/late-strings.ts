// Texts of spans and logs are most of what a segment holds, and a part of it names few of them: they are put together once it
// is known which ones.
import type { ByteReader } from '../../base/byte-reader.ts'
import { attributeType } from '../../recording/schema.ts'
import type { Recording } from '../../recording/schema.ts'
import { columnArray, columnPlaces } from '../arrange/mutable-tables.ts'
import type { BlockEntry, SegmentFooter } from '../footer.ts'
import { blockKind, groupId } from '../layout.ts'
import { inBlock } from './in-block.ts'
import { decodeStrings } from './strings.ts'

/** Whether only rows of spans, or of logs, name what is in a block of strings: nothing else of a segment needs it. */
export function isLate({ kind, owner }: BlockEntry): boolean {
  return kind === blockKind.strings && (owner.group === groupId.spans || owner.group === groupId.logs)
}

/** The strings of a recording with those of these blocks that it names. @param late blocks that were read */
export function withLateStrings(
  { blocks }: SegmentFooter,
  late: ReadonlyMap<BlockEntry, ByteReader>,
  recording: Recording
): readonly string[] {
  const named = namedStrings(recording)
  const strings = recording.strings.slice()
  let row = 1
  for (const entry of blocks.filter(({ kind }) => kind === blockKind.strings)) {
    const wanted = named.subarray(row, row + entry.count)
    const reader = late.get(entry)
    if (reader && wanted.includes(1)) {
      const texts = inBlock(entry, reader, reader => decodeStrings(reader, entry.count, wanted))
      for (let i = 0; i < texts.length; i++) strings[row + i] = texts[i]!
    }
    row += entry.count
  }
  return Object.freeze(strings)
}

/** 1 for each string that a row of a table names, or a set that one has. */
function namedStrings(recording: Recording): Uint8Array {
  const { sets } = recording
  const named = new Uint8Array(recording.strings.length)
  const isUsed = new Uint8Array(sets.length)
  for (const place of columnPlaces) {
    if (place.kind !== 'string' && place.kind !== 'set') continue
    const used = place.kind === 'string' ? named : isUsed
    for (const row of columnArray(recording, place)) used[row] = 1
  }
  for (let set = 0; set < sets.length; set++) {
    if (isUsed[set] === 0) continue
    for (let entry = sets.start[set]!; entry < sets.start[set + 1]!; entry++) {
      named[sets.key[entry]!] = 1
      const type = sets.type[entry]
      if (type === attributeType.string || type === attributeType.bigint) named[sets.value[entry]!] = 1
    }
  }
  return named
}
