// How the address of a list of traces says what it is sorted by, and how long it is.
import type { TraceOrder, TraceSummary } from '../../collector/api.ts'
import type { Query } from '../state/address.ts'

const traceOrders: readonly TraceOrder[] = ['start', 'duration', 'spans', 'errors', 'logs', 'samples']

export interface TraceSort {
  readonly by: TraceOrder
  /** The smallest first, else the largest. */
  readonly ascending: boolean
}

/** Newest first where it says nothing that is known. */
export function traceSortOf(query: Query): TraceSort {
  const by = traceOrders.find(order => order === query['sort']) ?? 'start'
  return { by, ascending: query['order'] === 'asc' }
}

/** What the address says once somebody has clicked a heading: sorted by it, and the other way round when it was already. */
export function sortChanges(by: TraceOrder, { by: before, ascending }: TraceSort): Record<string, string> {
  return { sort: by === 'start' ? '' : by, order: by === before && !ascending ? 'asc' : '' }
}

/** The sampler hands over what it saw some seconds later than spans and logs come in. */
const samplesLateMs = 15_000

/** Whether a trace without samples may still get some. */
export function awaitsSamples({ samples, start, durationMs }: TraceSummary, nowMs: number): boolean {
  return samples === 0 && nowMs - (start + durationMs) < samplesLateMs
}

/** How many traces an address asks for: a page at least, as many as the collector gives at most. */
export function traceCountOf(text: string | undefined): number {
  const count = /^[0-9]{1,5}$/.test(text ?? '') ? Number(text) : 0
  return Math.min(mostTraces, Math.max(tracePage, count))
}

export const tracePage = 100
const mostTraces = 10_000
