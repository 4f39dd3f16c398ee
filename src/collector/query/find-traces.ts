// The traces that a list shows, and in which order.
import { isMethodOnly } from '../../base/http-operation.ts'
import type { Page, TraceDetail, TraceOrder } from '../api.ts'
import type { MergedTraces } from './merged-traces.ts'
import { inSteps, takeMemory } from './in-steps.ts'
import { FirstItems } from './first-items.ts'
import type { ItemOrder } from './first-items.ts'
import type { PageRequest } from './page.ts'
import { textIn, textsHolding } from './path-index.ts'
import type { PathIndex } from './path-index.ts'

export interface TraceFilter {
  service?: string | undefined
  name?: string | undefined
  minDurationMs?: number | undefined
  maxDurationMs?: number | undefined
  /** As operationOf has it; the service is then that of the root. */
  operation?: string | undefined
  error?: boolean | undefined
  from?: number | undefined
  to?: number | undefined
  /** In trace id, service or name. */
  q?: string | undefined
}

/**
 * Those with at least one span that are as the filter says. Of an operation that is a method and a path all with this
 * method are found where nothing tells of their paths.
 * @param indexes by part of the traces, where it tells of paths
 */
export async function findTraces(
  traces: MergedTraces,
  filter: TraceFilter,
  indexes: PathIndexes = []
): Promise<Int32Array> {
  const { service, operation } = filter
  const tests: TraceTest[] = []
  if (operation !== undefined) tests.push(await operationTest(traces, operation, indexes))
  if (service !== undefined) {
    const isOfService =
      operation === undefined
        ? await traces.serviceTest(text => text === service)
        : (trace: number) => traces.describe(trace).service === service
    tests.push(isOfService)
  }
  if (filter.name !== undefined) tests.push(await textTest(traces, filter.name, indexes))
  if (filter.q !== undefined) {
    const textFits = await textTest(traces, filter.q, indexes)
    const serviceFits = await traces.serviceTest(holding(filter.q))
    const isInId = partOfId(traces, filter.q)
    tests.push(trace => textFits(trace) || serviceFits(trace) || isInId(trace))
  }
  const found = new Int32Array(await takeMemory(traces.length * 4))
  let count = 0
  // The latest first, as far as their parts came in order.
  const find = (step: number): void => {
    const to = traces.length - step * tracesAStep
    let end = addBySums(traces, filter, { from: Math.max(0, to - tracesAStep), to }, found, count)
    for (const test of tests) end = keepPassing(found, count, end, test)
    count = end
  }
  await inSteps(Math.ceil(traces.length / tracesAStep), find, 1)
  return found.subarray(0, count)
}

/** One test after the other over some of them is many times faster than all tests on each, and no request waits for it. */
const tracesAStep = 1024

type TraceTest = (trace: number) => boolean

/** Of the rows between two places of `found` those that pass; where they end. */
function keepPassing(found: Int32Array, from: number, to: number, test: TraceTest): number {
  let kept = from
  for (let at = from; at < to; at++) {
    const trace = found[at]!
    if (test(trace)) found[kept++] = trace
  }
  return kept
}

/** A million ids as texts take half a second: they are hex, and most texts aren't. */
function partOfId(traces: MergedTraces, part = ''): TraceTest {
  const wanted = part.toLowerCase()
  return /^[0-9a-f]{1,32}$/.test(wanted) ? trace => traces.id(trace).includes(wanted) : () => false
}

export type PathIndexes = readonly (PathIndex | undefined)[]

async function operationTest(
  traces: MergedTraces,
  operation: string,
  indexes: PathIndexes
): Promise<TraceTest> {
  const wanted = indexes.map(index => index?.operations.indexOf(operation) ?? -1)
  const isIts = await traces.nameTest(name => name === operation)
  const mayBe = await traces.nameTest(name => isMethodOnly(name) && operation.startsWith(`${name} `))
  const naming = await traces.naming()
  return trace => {
    const part = naming.part[trace]!
    const index = indexes[part]
    const text = textIn(index, naming.row[trace]!)
    if (text >= 0) return index!.operationRow[text] === wanted[part]
    return isIts(trace) || (index === undefined && mayBe(trace))
  }
}

/** Whether the name of a trace holds this, or the path that goes with it. */
async function textTest(traces: MergedTraces, part: string, indexes: PathIndexes): Promise<TraceTest> {
  const nameFits = await traces.nameTest(holding(part))
  if (indexes.every(index => index === undefined)) return nameFits
  const texts: (Uint8Array | undefined)[] = []
  await inSteps(
    indexes.length,
    at => texts.push(indexes[at] && textsHolding(indexes[at], part.toLowerCase())),
    1
  )
  const naming = await traces.naming()
  return trace => {
    const part = naming.part[trace]!
    const text = textIn(indexes[part], naming.row[trace]!)
    // A text begins with the name.
    return text >= 0 ? texts[part]![text] === 1 : nameFits(trace)
  }
}

/** Adds the traces of a range whose sums are as the filter says, the last first; where they end in `found`. */
function addBySums(
  { rows: { start, end, spans, errors } }: MergedTraces,
  filter: TraceFilter,
  range: { from: number; to: number },
  found: Int32Array,
  count: number
): number {
  const {
    minDurationMs = -Infinity,
    maxDurationMs = Infinity,
    error,
    from = -Infinity,
    to = Infinity
  } = filter
  for (let trace = range.to - 1; trace >= range.from; trace--) {
    const began = start[trace]!
    const ended = end[trace]!
    if (spans[trace] === 0 || !Number.isFinite(began)) continue
    if (ended - began < minDurationMs || ended - began > maxDurationMs) continue
    if (ended < from || began > to) continue
    if (error !== undefined && errors[trace]! > 0 !== error) continue
    found[count++] = trace
  }
  return count
}

function holding(part: string): (text: string) => boolean {
  const wanted = part.toLowerCase()
  return text => text.toLowerCase().includes(wanted)
}

export const traceOrders: readonly TraceOrder[] = ['start', 'duration', 'spans', 'errors', 'logs', 'samples']

/** What a list of traces is sorted by; equal ones newest first. */
export interface TraceSort {
  by: TraceOrder
  /** The smallest first, else the largest. */
  ascending: boolean
}

/** Numbers that a place in the list has. */
export function numbersOfPlace({ by }: TraceSort): number {
  return by === 'start' ? 1 : 2
}

function itemOrder(traces: MergedTraces, { by, ascending }: TraceSort): ItemOrder<number> {
  const { start, end } = traces.rows
  const sign = ascending ? -1 : 1
  const keyOf = (trace: number): string => traces.id(trace)
  if (by === 'start') return { rankOf: trace => sign * start[trace]!, keyOf }
  const thenOf = (trace: number): number => start[trace]!
  if (by === 'duration') return { rankOf: trace => sign * (end[trace]! - start[trace]!), thenOf, keyOf }
  const counts = traces.rows[by]
  return { rankOf: trace => sign * counts[trace]!, thenOf, keyOf }
}

export async function pageOfTraces(
  traces: MergedTraces,
  found: Int32Array,
  sort: TraceSort,
  request: PageRequest
): Promise<Page<TraceDetail>> {
  const first = new FirstItems(itemOrder(traces, sort), request)
  // They come newest first, roughly. Those that stand first in the list are seen early: most others are then passed over.
  const backwards = sort.by === 'start' && sort.ascending
  const items = backwards ? found.toReversed() : found
  const add = (step: number): void =>
    first.addAll(items.subarray(step * tracesAStep, (step + 1) * tracesAStep))
  await inSteps(Math.ceil(items.length / tracesAStep), add, 1)
  const page = first.page()
  return { ...page, items: page.items.map(trace => traces.detail(trace)) }
}
