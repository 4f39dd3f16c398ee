// A recording in the order a segment keeps it: rows sorted, trees in preorder, dictionaries in sections by who needs
// them and in the order of first use, without what nothing uses. It means the same as before.
import { assert } from '../../base/errors.ts'
import type { Recording, Table, TableName } from '../../recording/schema.ts'
import { isZeroId } from '../id-index.ts'
import { arrangeDictionaries } from './arrange-dictionaries.ts'
import { planChunks } from './chunks.ts'
import type { Chunk } from './chunks.ts'
import { inverse, mutableTables, permute, renumber } from './mutable-tables.ts'
import type { MutableTables } from './mutable-tables.ts'
import {
  logOrder,
  ownedOrder,
  pointOrder,
  profileOrder,
  sampleOrder,
  spanOrder,
  stackOrder
} from './row-orders.ts'
import type { Section } from './sections.ts'

export interface ArrangedRecording {
  readonly recording: Recording
  readonly chunks: readonly Chunk[]
  readonly strings: readonly Section[]
  readonly blobs: readonly Section[]
  readonly sets: readonly Section[]
}

export function arrangeRecording(recording: Recording): ArrangedRecording {
  const { links } = recording
  assert(links.length > 0 && isZeroId(links.traceId, 0, 16) && isZeroId(links.spanId, 0, 8), 'link 0 is zero')
  const tables = mutableTables(recording)
  moveRows(tables, 'stacks', stackOrder(recording.stacks))
  moveRows(tables, 'profiles', profileOrder(recording))
  permute(tables, 'samples', sampleOrder(tables.samples as unknown as Table<'samples'>))
  permute(tables, 'spans', spanOrder(recording.spans))
  permute(tables, 'logs', logOrder(recording))
  permute(tables, 'points', pointOrder(recording.points))
  moveOwnedRows(tables, 'events', 'eventStart', 'eventCount')
  moveOwnedRows(tables, 'spanLinks', 'linkStart', 'linkCount')
  moveRows(tables, 'links', linkOrder(tables))
  const chunks = planChunks(tables)
  const { strings, blobs, sets, sections } = arrangeDictionaries(recording, tables, chunks)
  return {
    recording: { epoch: recording.epoch, strings, blobs, sets, ...tables } as unknown as Recording,
    chunks,
    ...sections
  }
}

function moveRows(tables: MutableTables, name: 'stacks' | 'profiles' | 'links', order: Int32Array): void {
  permute(tables, name, order)
  renumber(tables, name, inverse(order))
}

/** Gives each span its rows of `name` behind those of the span before; -1 where it has none. */
function moveOwnedRows(tables: MutableTables, name: TableName, startName: string, countName: string): void {
  const count = tables.spans[countName] as Uint32Array
  permute(tables, name, ownedOrder(tables.spans[startName] as Int32Array, count, tables[name].length))
  tables.spans[startName] = ownedStarts(count)
}

/** Where each owner's rows start when they lie one after the other; -1 where it has none. */
export function ownedStarts(count: Uint32Array): Int32Array {
  const start = new Int32Array(count.length)
  let next = 0
  for (let row = 0; row < count.length; row++) {
    start[row] = count[row] === 0 ? -1 : next
    next += count[row]!
  }
  return start
}

/** The zero link, then in the order that samples, logs and span links use them, then the rest. */
function linkOrder(tables: MutableTables): Int32Array {
  const seen = new Uint8Array(tables.links.length)
  const order: number[] = []
  const use = (link: number): void => {
    if (link < 0 || seen[link]) return
    seen[link] = 1
    order.push(link)
  }
  use(0)
  for (const name of ['samples', 'logs', 'spanLinks'] as const) (tables[name].link as Int32Array).forEach(use)
  for (let link = 0; link < seen.length; link++) use(link)
  return Int32Array.from(order)
}
