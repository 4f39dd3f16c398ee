import { MicrologError } from '../../base/errors.ts'
import { attributeType } from '../../recording/schema.ts'
import type { AttributeSets, Recording, TableName } from '../../recording/schema.ts'
import { columnArray, columnPlaces } from '../arrange/mutable-tables.ts'
import { checkTimes } from './check-times.ts'

/** Throws where a row points outside its table, or to where no clock can, so that nobody after this needs to look. */
export function checkReferences(recording: Recording): void {
  checkSets(recording.sets, recording.strings.length, recording.blobs.length)
  for (const place of columnPlaces) {
    if (place.kind === 'time') checkTimes(columnArray(recording, place), `${place.table}.${place.column}`)
    const bounds = boundsOf(recording, place.kind)
    if (!bounds) continue
    const cells = columnArray(recording, place)
    for (let row = 0; row < cells.length; row++) {
      if (cells[row]! >= bounds.from && cells[row]! < bounds.to) continue
      throw new MicrologError(
        'corrupt',
        `Expected ${place.table}.${place.column} to be a row of ${place.kind}`
      )
    }
  }
  checkTree(recording.stacks.parent)
  checkOwned(recording.spans.eventCount, recording.events.length)
  checkOwned(recording.spans.linkCount, recording.spanLinks.length)
}

function boundsOf(recording: Recording, kind: string): { from: number; to: number } | undefined {
  if (kind === 'string') return { from: 0, to: recording.strings.length }
  if (kind === 'set') return { from: 0, to: recording.sets.length }
  if (kind === 'blob') return { from: -1, to: recording.blobs.length }
  if (kind in recording) return { from: -1, to: recording[kind as TableName].length }
  return undefined
}

function checkSets({ key, type, value }: AttributeSets, strings: number, blobs: number): void {
  for (let i = 0; i < key.length; i++) {
    const kind = type[i]!
    const cell = value[i]!
    const text = kind === attributeType.string || kind === attributeType.bigint
    const bytes = kind === attributeType.bytes || kind === attributeType.nested
    const within =
      !(text || bytes) || (Number.isInteger(cell) && cell >= 0 && cell < (text ? strings : blobs))
    if (within && kind <= attributeType.nested && key[i]! >= 0 && key[i]! < strings) continue
    throw new MicrologError('corrupt', 'Expected attributes to have keys and values')
  }
}

/** A parent comes before its children: walking up always ends. */
function checkTree(parent: Int32Array): void {
  for (let row = 0; row < parent.length; row++) {
    if (parent[row]! >= row)
      throw new MicrologError('corrupt', 'Expected a stack after the one that called it')
  }
}

function checkOwned(count: Uint32Array, length: number): void {
  if (count.reduce((sum, rows) => sum + rows, 0) <= length) return
  throw new MicrologError('corrupt', 'Expected the rows that spans own to be there')
}
