// The order of rows in a segment: neighbours resemble each other, so that columns get small. Each function gives the
// old rows in their new order.
import type { Recording, Table } from '../../recording/schema.ts'
import { timeOfLog } from '../../recording/time-range.ts'
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
  const place = inverse(sortRows(index.length, (a, b) => compare(traceStart[a]!, traceStart[b]!)))
  const byTrace = bucketRows(
    allRows(spans.length),
    trace.map(found => place[found]!)
  )
  const byStart = (a: number, b: number): number => compare(spans.start[a]!, spans.start[b]!)
  for (let at = 0; at < index.length; at++) {
    sortInPlace(byTrace.rows.subarray(byTrace.starts[at], byTrace.starts[at + 1]), byStart)
  }
  return bucketRows(
    byTrace.rows,
    spans.resource.map(resource => resource + 1)
  ).rows
}

export function logOrder(recording: Recording): Int32Array {
  const time = recording.logs.time.map((_, row) => timeOfLog(recording, row))
  return sortRows(time.length, (a, b) => compare(time[a]!, time[b]!))
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
  return sortInPlace(allRows(length), order)
}

function allRows(length: number): Int32Array {
  const rows = new Int32Array(length)
  for (let row = 0; row < length; row++) rows[row] = row
  return rows
}

/** Those that are equal stay in the order they are in. */
function sortInPlace(rows: Int32Array, order: (a: number, b: number) => number): Int32Array {
  for (let i = 1; i < rows.length; i++) if (order(rows[i - 1]!, rows[i]!) > 0) return rows.sort(order)
  return rows
}

/**
 * The same by a small integer from 0 on that each row has: many times faster than by comparing them. `starts`: where the
 * rows of each integer begin.
 */
function bucketRows(rows: Int32Array, keyOf: Int32Array): { rows: Int32Array; starts: Int32Array } {
  let most = -1
  for (const key of keyOf) if (key > most) most = key
  const starts = new Int32Array(most + 2)
  for (const key of keyOf) starts[key + 1]!++
  for (let key = 0; key <= most; key++) starts[key + 1]! += starts[key]!
  const next = starts.slice()
  const sorted = new Int32Array(rows.length)
  for (const row of rows) sorted[next[keyOf[row]!]!++] = row
  return { rows: sorted, starts }
}

/** Rows without a time come first. */
function compare(a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  return a === b ? 0 : Number(Number.isNaN(b)) - Number(Number.isNaN(a))
}
