// The order of rows in a segment: neighbours resemble each other, so that columns get small. Each function gives the
// old rows in their new order.
import type { Recording, Table } from '../../recording/schema.ts'
import { timeOfLog } from '../../recording/time-range.ts'
import { IdIndex } from '../id-index.ts'
import { inverse } from './mutable-tables.ts'
import { depthsOfSpans } from './span-depths.ts'

/**
 * By resource, then traces by their start, then the start of the span. Clocks of many programs count milliseconds: of
 * those that start at once parents come first, though they end last, and siblings as they ended, which is how they ran.
 */
export function spanOrder(spans: Table<'spans'>): Int32Array {
  const index = new IdIndex(spans.length, 16)
  const trace = new Int32Array(spans.length)
  const traceStart = new Float64Array(spans.length).fill(Infinity)
  for (let row = 0; row < spans.length; row++) {
    const found = index.add(spans.traceId, row)
    trace[row] = found
    if (spans.start[row]! < traceStart[found]!) traceStart[found] = spans.start[row]!
  }
  const place = inverse(sortByTime(allRows(index.length), traceStart))
  for (let row = 0; row < trace.length; row++) trace[row] = place[trace[row]!]!
  const byDepth = sortByReference(allRows(spans.length), depthsOfSpans(spans))
  const { rows, starts } = bucketRows(byDepth, trace)
  for (let at = 0; at < index.length; at++) {
    sortByTime(rows.subarray(starts[at], starts[at + 1]), spans.start)
  }
  return sortByReference(rows, spans.resource)
}

export function logOrder(recording: Recording): Int32Array {
  const time = new Float64Array(recording.logs.length)
  for (let row = 0; row < time.length; row++) time[row] = timeOfLog(recording, row)
  return sortByTime(allRows(time.length), time)
}

/** Profiles of one kind on one thread follow each other in time. */
export function profileOrder({ profiles }: Recording): Int32Array {
  let rows = sortByTime(allRows(profiles.length), profiles.time)
  for (const column of [profiles.sampleType, profiles.thread, profiles.resource])
    rows = sortByReference(rows, column)
  return rows
}

/** @param samples with the rows of profiles that are in order */
export function sampleOrder(samples: Table<'samples'>): Int32Array {
  return sortByReference(sortByTime(allRows(samples.length), samples.time), samples.profile)
}

export function pointOrder(points: Table<'points'>): Int32Array {
  return sortByReference(sortByTime(allRows(points.length), points.time), points.series)
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

function allRows(length: number): Int32Array {
  const rows = new Int32Array(length)
  for (let row = 0; row < length; row++) rows[row] = row
  return rows
}

/** What `byTime` compares by: a comparator made for each call would be compiled for each. */
let times: Float64Array = new Float64Array(0)
const byTime = (a: number, b: number): number => compare(times[a]!, times[b]!)

/** In place. Those that are equal stay in the order they are in. */
function sortByTime(rows: Int32Array, time: Float64Array): Int32Array {
  times = time
  for (let i = 1; i < rows.length; i++) if (byTime(rows[i - 1]!, rows[i]!) > 0) return rows.sort(byTime)
  return rows
}

/** Rows that refer to the same stay in the order they are in; those that refer to nothing (-1) come first. */
function sortByReference(rows: Int32Array, reference: Int32Array): Int32Array {
  const keys = new Int32Array(reference.length)
  for (let row = 0; row < keys.length; row++) keys[row] = reference[row]! + 1
  return bucketRows(rows, keys).rows
}

/**
 * By a small integer from 0 on that each row has: many times faster than by comparing them. `starts`: where the rows of
 * each integer begin.
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
