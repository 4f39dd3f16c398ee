import { attributeType } from '../../recording/schema.ts'
import type { AttributeSets, Recording, TableName } from '../../recording/schema.ts'
import { groupId } from '../layout.ts'
import type { Owner } from '../layout.ts'
import type { Chunk } from './chunks.ts'
import { columnArray, columnPlaces, renumber } from './mutable-tables.ts'
import type { ColumnPlace, MutableTables } from './mutable-tables.ts'
import { SectionPlanner } from './sections.ts'
import type { Section } from './sections.ts'

interface ArrangedDictionaries {
  readonly strings: readonly string[]
  readonly blobs: readonly Uint8Array[]
  readonly sets: AttributeSets
  readonly sections: {
    readonly strings: readonly Section[]
    readonly blobs: readonly Section[]
    readonly sets: readonly Section[]
  }
}

const shared: Owner = { group: groupId.shared, chunk: 0 }

/** Who needs the rows of tables that aren't split into chunks. */
const tableOwners: Partial<Record<TableName, Owner>> = {
  frames: { group: groupId.samples, chunk: 0 },
  stacks: { group: groupId.samples, chunk: 0 },
  profiles: { group: groupId.samples, chunk: 0 },
  series: { group: groupId.statuses, chunk: 0 }
}

/** Sorts strings, blobs and sets into sections and renumbers what refers to them, in `tables` too. */
export function arrangeDictionaries(
  recording: Recording,
  tables: MutableTables,
  chunks: readonly Chunk[]
): ArrangedDictionaries {
  const setPlanner = new SectionPlanner(recording.sets.length, 1)
  eachReference(tables, chunks, 'set', setPlanner)
  const setPlan = setPlanner.plan()
  const sets = reorderSets(recording.sets, setPlan.order)

  const strings = new SectionPlanner(recording.strings.length, 1)
  const blobs = new SectionPlanner(recording.blobs.length, 0)
  eachReference(tables, chunks, 'string', strings)
  eachReference(tables, chunks, 'blob', blobs)
  for (const section of setPlan.sections) useOfSets(sets, section, strings, blobs)
  const stringPlan = strings.plan()
  const blobPlan = blobs.plan(0)

  const stringMap = mapOf(stringPlan.order, recording.strings.length)
  const blobMap = mapOf(blobPlan.order, recording.blobs.length)
  renumber(tables, 'set', mapOf(setPlan.order, recording.sets.length))
  renumber(tables, 'string', stringMap)
  renumber(tables, 'blob', blobMap)
  renumberSets(sets, stringMap, blobMap)
  return {
    strings: inOrder(recording.strings, stringPlan.order),
    blobs: inOrder(recording.blobs, blobPlan.order),
    sets,
    sections: { strings: stringPlan.sections, blobs: blobPlan.sections, sets: setPlan.sections }
  }
}

function inOrder<T>(items: readonly T[], order: Int32Array): T[] {
  const moved = new Array<T>(order.length)
  for (let i = 0; i < order.length; i++) moved[i] = items[order[i]!]!
  return moved
}

function eachReference(
  tables: MutableTables,
  chunks: readonly Chunk[],
  kind: 'set' | 'string' | 'blob',
  planner: SectionPlanner
): void {
  for (const place of columnPlaces) {
    if (place.kind !== kind) continue
    const array = columnArray(tables, place)
    for (const { owner, from, to } of ownersOf(place, array.length, chunks)) {
      for (let row = from; row < to; row++) if (array[row]! >= 0) planner.use(array[row]!, owner)
    }
  }
}

function ownersOf(place: ColumnPlace, length: number, chunks: readonly Chunk[]): Section[] {
  const owned: Section[] = []
  for (const { owner, parts } of chunks) {
    for (const { table, from, to } of parts) if (table === place.table) owned.push({ owner, from, to })
  }
  return owned.length > 0 ? owned : [{ owner: tableOwners[place.table] ?? shared, from: 0, to: length }]
}

/** Column by column (key and type), so that like strings follow each other. */
function useOfSets(
  sets: AttributeSets,
  section: Section,
  strings: SectionPlanner,
  blobs: SectionPlanner
): void {
  const first = sets.start[section.from]!
  const last = sets.start[section.to]!
  const columns = new Map<number, number[]>()
  for (let i = first; i < last; i++) {
    strings.use(sets.key[i]!, section.owner)
    const column = sets.key[i]! * 8 + sets.type[i]!
    const entries = columns.get(column)
    if (entries) entries.push(i)
    else columns.set(column, [i])
  }
  for (const [column, entries] of columns) {
    const planner = dictionaryOf(column % 8, strings, blobs)
    if (planner) for (const i of entries) planner.use(sets.value[i]!, section.owner)
  }
}

function dictionaryOf<T>(type: number, strings: T, blobs: T): T | undefined {
  if (type === attributeType.string || type === attributeType.bigint) return strings
  if (type === attributeType.bytes || type === attributeType.nested) return blobs
  return undefined
}

function reorderSets(sets: AttributeSets, order: Int32Array): AttributeSets {
  const start = new Uint32Array(order.length + 1)
  for (let row = 0; row < order.length; row++) {
    start[row + 1] = start[row]! + sets.start[order[row]! + 1]! - sets.start[order[row]!]!
  }
  const entries = start[order.length]!
  const key = new Int32Array(entries)
  const type = new Uint8Array(entries)
  const value = new Float64Array(entries)
  for (let row = 0; row < order.length; row++) {
    const from = sets.start[order[row]!]!
    const to = sets.start[order[row]! + 1]!
    for (let i = from, at = start[row]!; i < to; i++, at++) {
      key[at] = sets.key[i]!
      type[at] = sets.type[i]!
      value[at] = sets.value[i]!
    }
  }
  return { length: order.length, start, key, type, value }
}

function renumberSets(sets: AttributeSets, strings: Int32Array, blobs: Int32Array): void {
  for (let i = 0; i < sets.key.length; i++) {
    sets.key[i] = strings[sets.key[i]!]!
    const map = dictionaryOf(sets.type[i]!, strings, blobs)
    if (map) sets.value[i] = map[sets.value[i]!]!
  }
}

/** Old rows to new ones; -1 where nothing used it. */
function mapOf(order: Int32Array, length: number): Int32Array {
  const map = new Int32Array(length).fill(-1)
  for (let i = 0; i < order.length; i++) map[order[i]!] = i
  return map
}
