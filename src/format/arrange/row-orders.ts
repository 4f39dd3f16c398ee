// The order of rows in a segment: neighbours resemble each other, so that columns get small. Each function gives the
// old rows in their new order.
import type { Recording, Table } from '../../recording/schema.ts'
import { IdIndex } from '../id-index.ts'
import { inverse } from './mutable-tables.ts'

/** By resource, then traces by their start, then the start of the span. */
export function spanOrder(spans: Table<'spans'>): Int32Array {
  const index = new IdIndex(spans.length, 16)
  const trace = new Int32Array(spans.length)
  const traceStart = new Float64Array(spans.length).fill(Infinity)
  for (let row = 0; row < spans.length; row++) {
    const found = index.add(spans.traceId, row)
    trace[row] = found
    if (spans.start[row]! < traceStart[found]!) traceStart[found] = spans.start[row]!
  }
  const place = inverse(sortRows(index.length, (a, b) => compare(traceStart[a]!, traceStart[b]!) || a - b))
  const tracePlace = trace.map(found => place[found]!)
  return sortRows(
    spans.length,
    (a, b) =>
      spans.resource[a]! - spans.resource[b]! ||
      tracePlace[a]! - tracePlace[b]! ||
      compare(spans.start[a]!, spans.start[b]!)
  )
}

export function logOrder(logs: Table<'logs'>): Int32Array {
  const time = logs.time.map((time, row) => (Number.isNaN(time) ? logs.observedTime[row]! : time))
  return sortRows(logs.length, (a, b) => compare(time[a]!, time[b]!))
}

/** Profiles of one kind on one thread follow each other in time. */
export function profileOrder({ profiles }: Recording): Int32Array {
  return sortRows(
    profiles.length,
    (a, b) =>
      profiles.resource[a]! - profiles.resource[b]! ||
      profiles.thread[a]! - profiles.thread[b]! ||
      profiles.sampleType[a]! - profiles.sampleType[b]! ||
      compare(profiles.time[a]!, profiles.time[b]!)
  )
}

/** @param samples with the rows of profiles that are in order */
export function sampleOrder(samples: Table<'samples'>): Int32Array {
  return sortRows(
    samples.length,
    (a, b) => samples.profile[a]! - samples.profile[b]! || compare(samples.time[a]!, samples.time[b]!)
  )
}

export function pointOrder(points: Table<'points'>): Int32Array {
  return sortRows(
    points.length,
    (a, b) => points.series[a]! - points.series[b]! || compare(points.time[a]!, points.time[b]!)
  )
}

/** Each stack before those it called, and all of these before the next: a tree in preorder. */
export function stackOrder(stacks: Table<'stacks'>): Int32Array {
  const count = stacks.length
  const firstChild = new Int32Array(count).fill(-1)
  const nextSibling = new Int32Array(count).fill(-1)
  let root = -1
  for (let row = count - 1; row >= 0; row--) {
    const parent = stacks.parent[row]!
    if (parent < 0) {
      nextSibling[row] = root
      root = row
    } else {
      nextSibling[row] = firstChild[parent]!
      firstChild[parent] = row
    }
  }
  const order = new Int32Array(count)
  const pending: number[] = []
  let filled = 0
  for (let row = root; row >= 0;) {
    order[filled++] = row
    if (nextSibling[row]! >= 0) pending.push(nextSibling[row]!)
    row = firstChild[row]! >= 0 ? firstChild[row]! : (pending.pop() ?? -1)
  }
  return order
}

/** The rows that spans own, span by span, then the ones that none does. */
export function ownedOrder(start: Int32Array, count: Uint32Array, length: number): Int32Array {
  const order: number[] = []
  const owned = new Uint8Array(length)
  for (let span = 0; span < start.length; span++) {
    for (let i = 0; i < count[span]!; i++) {
      order.push(start[span]! + i)
      owned[start[span]! + i] = 1
    }
  }
  for (let row = 0; row < length; row++) if (!owned[row]) order.push(row)
  return Int32Array.from(order)
}

function sortRows(length: number, order: (a: number, b: number) => number): Int32Array {
  const rows = Int32Array.from({ length }, (_, row) => row)
  let sorted = true
  for (let row = 1; row < length && sorted; row++) sorted = order(row - 1, row) <= 0
  return sorted ? rows : rows.sort(order)
}

/** Rows without a time come first. */
function compare(a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  return a === b ? 0 : Number(Number.isNaN(b)) - Number(Number.isNaN(a))
}
