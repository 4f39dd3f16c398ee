// Appends one recording to another: the one operation behind ingest (request into open recording), compaction
// (segments into a larger one) and the browser (segments into what is on the screen).
import { MicrologError } from '../base/errors.ts'
import { isInterned, tableNames } from './recording-builder.ts'
import type { RecordingBuilder } from './recording-builder.ts'
import { attributeType } from './schema.ts'
import type { AttributeType, Recording, TableName } from './schema.ts'

type RowMap = Int32Array
type RowMaps = Map<string, RowMap>

/** True when every time of the recording can be held exactly beside the builder's epoch. */
export function fitsEpoch(epoch: bigint, recording: Recording): boolean {
  const shift = recording.epoch - epoch
  return shift > -exactSpan && shift < exactSpan
}

/** Half of what a double holds exactly: a recording's own times span no more than the other half. */
const exactSpan = 2n ** 52n

/** Appends all rows; strings, attribute sets and interned rows that are there already are shared. */
export function appendRecording(builder: RecordingBuilder, recording: Recording): void {
  if (!fitsEpoch(builder.epoch, recording)) {
    throw new MicrologError(
      'invalid-input',
      'Expected a recording within 52 days of the one it is appended to'
    )
  }
  const shift = Number(recording.epoch - builder.epoch)
  const maps: RowMaps = new Map()
  maps.set('string', internStrings(builder, recording))
  maps.set('blob', addBlobs(builder, recording))
  maps.set('set', appendSets(builder, recording, maps))
  for (const name of dependencyOrder) {
    maps.set(
      name,
      isInterned(name)
        ? internRows(builder, recording, name, maps, shift)
        : appendRows(builder, recording, name, maps, shift)
    )
  }
}

/** Tables after those they point at. `schema` has them in that order, but for the children of spans. */
const dependencyOrder: readonly TableName[] = [...tableNames.filter(name => name !== 'spans'), 'spans']

function internStrings(builder: RecordingBuilder, { strings }: Recording): RowMap {
  const map = new Int32Array(strings.length)
  for (let row = 0; row < map.length; row++) map[row] = builder.strings.intern(strings[row]!)
  return map
}

function addBlobs(builder: RecordingBuilder, { blobs }: Recording): RowMap {
  const map = new Int32Array(blobs.length)
  for (let row = 0; row < map.length; row++) map[row] = builder.addBlob(blobs[row]!)
  return map
}

function appendSets(builder: RecordingBuilder, recording: Recording, maps: RowMaps): RowMap {
  const { start, key, type, value, length } = recording.sets
  const strings = maps.get('string')!
  const blobs = maps.get('blob')!
  const map = new Int32Array(length)
  for (let set = 1; set < length; set++) {
    for (let i = start[set]!; i < start[set + 1]!; i++) {
      const kind = type[i] as AttributeType
      const cell = value[i]!
      const mapped =
        kind === attributeType.string || kind === attributeType.bigint
          ? strings[cell]!
          : kind === attributeType.bytes || kind === attributeType.nested
            ? blobs[cell]!
            : cell
      builder.sets.add(strings[key[i]!]!, kind, mapped)
    }
    map[set] = builder.sets.close()
  }
  return map
}

function internRows(
  builder: RecordingBuilder,
  recording: Recording,
  name: TableName,
  maps: RowMaps,
  shift: number
): RowMap {
  const source = recording[name]
  const target = builder.table(name)
  const map = new Int32Array(source.length)
  // A table may point at itself (stacks): its map is used while it is filled, parents come first.
  maps.set(name, map)
  const columns = target.columns.map(column => ({
    column,
    from: (source as unknown as Record<string, Float64Array>)[column.name]!,
    rows: maps.get(column.kind),
    isTime: column.kind === 'time'
  }))
  for (let row = 0; row < source.length; row++) {
    target.reserve(1)
    const at = target.length++
    for (const { column, from, rows, isTime } of columns) {
      const { array, width } = column
      if (width === 1) array[at] = rows ? mapRow(rows, from[row]!) : isTime ? from[row]! + shift : from[row]!
      else for (let i = 0; i < width; i++) array[at * width + i] = from[row * width + i]!
    }
    map[row] = target.internLast()
  }
  return map
}

function appendRows(
  builder: RecordingBuilder,
  recording: Recording,
  name: TableName,
  maps: RowMaps,
  shift: number
): RowMap {
  const source = recording[name]
  const target = builder.table(name)
  const first = target.length
  target.reserve(source.length)
  for (const column of target.columns) {
    const from = (source as unknown as Record<string, Float64Array>)[column.name]!
    const at = first * column.width
    const rows = maps.get(column.kind)
    if (column.kind === 'time') for (let i = 0; i < from.length; i++) column.array[at + i] = from[i]! + shift
    else if (rows) for (let i = 0; i < from.length; i++) column.array[at + i] = mapRow(rows, from[i]!)
    else column.array.set(from as never, at)
  }
  target.length += source.length
  const map = new Int32Array(source.length)
  for (let row = 0; row < map.length; row++) map[row] = first + row
  return map
}

function mapRow(rows: RowMap, row: number): number {
  return row < 0 ? row : rows[row]!
}
