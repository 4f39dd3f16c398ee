import type { TraceSummary } from '../../collector/api.ts'

const traceOrders = ['start', 'durationMs', 'spans', 'errors', 'logs', 'samples'] as const
export type TraceOrder = (typeof traceOrders)[number]

/** Largest first; equal ones newest first. */
export function sortTraces(traces: readonly TraceSummary[], order: TraceOrder): TraceSummary[] {
  return [...traces].sort((a, b) => b[order] - a[order] || b.start - a.start)
}

/** The sampler hands over what it saw some seconds later than spans and logs come in. */
const samplesLateMs = 15_000

/** Whether a trace without samples may still get some. */
export function awaitsSamples({ samples, start, durationMs }: TraceSummary, nowMs: number): boolean {
  return samples === 0 && nowMs - (start + durationMs) < samplesLateMs
}

/** What an address says; newest first where it says nothing that is known. */
export function traceOrderOf(text: string | undefined): TraceOrder {
  return traceOrders.find(order => order === text) ?? 'start'
}

/** How many traces an address asks for: a page at least, as many as the collector gives at most. */
export function traceCountOf(text: string | undefined): number {
  const count = /^[0-9]{1,5}$/.test(text ?? '') ? Number(text) : 0
  return Math.min(mostTraces, Math.max(tracePage, count))
}

export const tracePage = 100
const mostTraces = 10_000
