// The traces that a list shows, and in which order.
import { isMethodOnly } from '../../recording/http-path.ts'
import type { Page, TraceDetail, TraceOrder } from '../api.ts'
import type { MergedTraces } from './merged-traces.ts'
import { inSteps } from './in-steps.ts'
import { FirstItems } from './first-items.ts'
import type { ItemOrder } from './first-items.ts'
import type { PageRequest } from './page.ts'

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
 * method are found: footers don't tell of paths.
 */
export async function findTraces(traces: MergedTraces, filter: TraceFilter): Promise<Int32Array> {
  const found = new Int32Array(traces.length)
  let count = 0
  const { service, operation } = filter
  const ofService = (text: string): boolean => text === service
  const mayBe = (name: string): boolean =>
    name === operation || (isMethodOnly(name) && operation!.startsWith(`${name} `))
  const isOfService = (trace: number): boolean =>
    operation === undefined ? traces.hasService(trace, ofService) : traces.describe(trace).service === service
  const nameFits = holding(filter.name)
  const textFits = holding(filter.q)
  await traces.each(trace => {
    if (!fitsSums(traces, trace, filter)) return
    if (operation !== undefined && !mayBe(traces.name(trace))) return
    if (service !== undefined && !isOfService(trace)) return
    if (filter.name !== undefined && !nameFits(traces.name(trace))) return
    if (filter.q !== undefined && !matchesText(traces, trace, textFits, filter.q)) return
    found[count++] = trace
  })
  return found.subarray(0, count)
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

function matchesText(
  traces: MergedTraces,
  trace: number,
  fits: (text: string) => boolean,
  text: string
): boolean {
  if (fits(traces.name(trace)) || traces.hasService(trace, fits)) return true
  return traces.id(trace).includes(text.toLowerCase())
}

/** Texts that are remembered. */
const mostKnown = 1_000

/** Names and services are few: each is looked at once, as long as that holds. */
function holding(part = ''): (text: string) => boolean {
  const wanted = part.toLowerCase()
  const known = new Map<string, boolean>()
  return text => {
    let fits = known.get(text)
    if (fits !== undefined) return fits
    fits = text.toLowerCase().includes(wanted)
    if (known.size < mostKnown) known.set(text, fits)
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
