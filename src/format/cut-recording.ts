// A part of a recording as a recording of its own, without the tables' rows that nothing in it refers to. What is kept for
// export alone is left out: this is for those who look at it.
import { rowsWithin } from '../recording/rows-within.ts'
import type { Part } from '../recording/rows-within.ts'
import type { InternedTableName, Recording, TableName } from '../recording/schema.ts'
import { ownedStarts } from './arrange/arrange-recording.ts'
import { columnArray, columnPlaces, mutableTables, permute, renumber } from './arrange/mutable-tables.ts'
import type { MutableTables } from './arrange/mutable-tables.ts'
import { ownedOrder } from './arrange/row-orders.ts'

export function cutRecording(recording: Recording, part: Part): Recording {
  const needed = rowsWithin(recording, part)
  const tables = mutableTables(recording)
  for (const name of ['samples', 'spans', 'logs', 'points'] as const) keepRows(tables, name, needed[name])
  keepRows(tables, 'opaque', new Uint8Array(tables.opaque.length))
  keepOwned(tables, 'events', 'eventStart', 'eventCount')
  keepOwned(tables, 'spanLinks', 'linkStart', 'linkCount')
  keepReferred(tables, 'profiles')
  tables.profiles.original = new Int32Array(tables.profiles.length).fill(-1)
  keepReferred(tables, 'series')
  const links = referredRows(tables, 'links')
  links[0] = 1
  moveRows(tables, 'links', links)
  moveRows(tables, 'stacks', stacksOfSamples(tables))
  moveRows(tables, 'frames', framesOfStacks(tables))
  return { ...recording, ...tables } as unknown as Recording
}

type ReferredTable = Extract<TableName, InternedTableName | 'profiles'>

function keepRows(tables: MutableTables, name: TableName, needed: Uint8Array): Int32Array {
  const order = new Int32Array(needed.length)
  let kept = 0
  for (let row = 0; row < needed.length; row++) if (needed[row] === 1) order[kept++] = row
  permute(tables, name, order.subarray(0, kept))
  return order.subarray(0, kept)
}

/** The same for a table that others refer to. */
function moveRows(tables: MutableTables, name: ReferredTable, needed: Uint8Array): void {
  const map = new Int32Array(needed.length).fill(-1)
  keepRows(tables, name, needed).forEach((row, at) => (map[row] = at))
  renumber(tables, name, map)
}

function keepReferred(tables: MutableTables, name: ReferredTable): void {
  moveRows(tables, name, referredRows(tables, name))
}

function referredRows(tables: MutableTables, name: ReferredTable): Uint8Array {
  const referred = new Uint8Array(tables[name].length)
  for (const place of columnPlaces) {
    if (place.kind !== name) continue
    for (const row of columnArray(tables, place)) if (row >= 0) referred[row] = 1
  }
  return referred
}

/** Of the spans that are left. */
function keepOwned(
  tables: MutableTables,
  name: 'events' | 'spanLinks',
  startName: string,
  countName: string
): void {
  const count = tables.spans[countName] as Uint32Array
  const owned = count.reduce((sum, rows) => sum + rows, 0)
  const order = ownedOrder(tables.spans[startName] as Int32Array, count, tables[name].length)
  permute(tables, name, order.subarray(0, owned))
  tables.spans[startName] = ownedStarts(count)
}

/** Also those that called them, which come before. */
function stacksOfSamples({ samples, stacks }: MutableTables): Uint8Array {
  const needed = new Uint8Array(stacks.length)
  for (const stack of samples.stack as Int32Array) if (stack >= 0) needed[stack] = 1
  const parents = stacks.parent as Int32Array
  for (let stack = stacks.length - 1; stack >= 0; stack--) {
    if (needed[stack] === 1 && parents[stack]! >= 0) needed[parents[stack]!] = 1
  }
  return needed
}

/** And V8's own: that there are idle ones tells that the sampler would have said so. */
function framesOfStacks(tables: MutableTables): Uint8Array {
  const needed = referredRows(tables, 'frames')
  const urls = tables.frames.url as Int32Array
  return needed.map((isReferred, frame) => (isReferred || urls[frame] === 0 ? 1 : 0))
}
