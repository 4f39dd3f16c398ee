// The traces that a list shows, and in which order.
import { isMethodOnly } from '../../base/http-operation.ts'
import type { Page, TraceDetail, TraceOrder } from '../api.ts'
import type { MergedTraces } from './merged-traces.ts'
import { inSteps } from './in-steps.ts'
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
  const found = new Int32Array(traces.length)
  let count = 0
  const { service, operation } = filter
  const ofService = (text: string): boolean => text === service
  const isOfService = (trace: number): boolean =>
    operation === undefined ? traces.hasService(trace, ofService) : traces.describe(trace).service === service
  const isOfOperation = await operationTest(traces, operation, indexes)
  const nameFits = await textTest(traces, filter.name, indexes)
  const textFits = await textTest(traces, filter.q, indexes)
  const serviceFits = holding(filter.q)
  const isInId = partOfId(traces, filter.q)
  await traces.each(trace => {
    if (operation !== undefined && !isOfOperation(trace)) return
    if (!fitsSums(traces, trace, filter)) return
    if (service !== undefined && !isOfService(trace)) return
    if (filter.name !== undefined && !nameFits(trace)) return
    if (filter.q !== undefined) {
      const fits = textFits(trace) || traces.hasService(trace, serviceFits) || isInId(trace)
      if (!fits) return
    }
    found[count++] = trace
  })
  return found.subarray(0, count)
}

/** A million ids as texts take half a second: they are hex, and most texts aren't. */
function partOfId(traces: MergedTraces, part = ''): (trace: number) => boolean {
  const wanted = part.toLowerCase()
  return /^[0-9a-f]{1,32}$/.test(wanted) ? trace => traces.id(trace).includes(wanted) : () => false
}

export type PathIndexes = readonly (PathIndex | undefined)[]

async function operationTest(
  traces: MergedTraces,
  operation: string | undefined,
  indexes: PathIndexes
): Promise<(trace: number) => boolean> {
  if (operation === undefined) return () => true
  const wanted = indexes.map(index => index?.operations.indexOf(operation) ?? -1)
  const mayBe = remembering(name => isMethodOnly(name) && operation.startsWith(`${name} `))
  const naming = await traces.naming()
  return trace => {
    const part = naming.part[trace]!
    const index = indexes[part]
    const text = textIn(index, naming.row[trace]!)
    if (text >= 0) return index!.operationRow[text] === wanted[part]
    const name = traces.name(trace)
    return name === operation || (index === undefined && mayBe(name))
  }
}

/** Whether the name of a trace holds this, or the path that goes with it. */
async function textTest(
  traces: MergedTraces,
  part: string | undefined,
  indexes: PathIndexes
): Promise<(trace: number) => boolean> {
  const fits = holding(part)
  if (part === undefined) return () => true
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
    return text >= 0 ? texts[part]![text] === 1 : fits(traces.name(trace))
  }
}

function fitsSums(traces: MergedTraces, trace: number, filter: TraceFilter): boolean {
  const start = traces.start[trace]!
  const end = traces.end[trace]!
  if (traces.spans[trace] === 0 || !Number.isFinite(start)) return false
  if (filter.minDurationMs !== undefined && end - start < filter.minDurationMs) return false
  if (filter.maxDurationMs !== undefined && end - start > filter.maxDurationMs) return false
  if (filter.error !== undefined && traces.errors[trace]! > 0 !== filter.error) return false
  if (filter.from !== undefined && end < filter.from) return false
  return filter.to === undefined || start <= filter.to
}

/** Texts that are remembered. */
const mostKnown = 1_000

function holding(part = ''): (text: string) => boolean {
  const wanted = part.toLowerCase()
  return remembering(text => text.toLowerCase().includes(wanted))
}

/** Names and services are few, and mostly follow their like: each is looked at once, as long as that holds. */
function remembering(look: (text: string) => boolean): (text: string) => boolean {
  const known = new Map<string, boolean>()
  let last: string | undefined
  let lastFits = false
  return text => {
    if (text === last) return lastFits
    let fits = known.get(text)
    if (fits === undefined) {
      fits = look(text)
      if (known.size < mostKnown) known.set(text, fits)
    }
    last = text
    lastFits = fits
    return fits
  }
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
  const { start, end } = traces
  const sign = ascending ? -1 : 1
  const keyOf = (trace: number): string => traces.id(trace)
  if (by === 'start') return { rankOf: trace => sign * start[trace]!, keyOf }
  const thenOf = (trace: number): number => start[trace]!
  if (by === 'duration') return { rankOf: trace => sign * (end[trace]! - start[trace]!), thenOf, keyOf }
  const counts = traces[by]
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
  await inSteps(found.length, index => first.add(found[backwards ? found.length - 1 - index : index]!))
  const page = first.page()
  return { ...page, items: page.items.map(trace => traces.detail(trace)) }
}
