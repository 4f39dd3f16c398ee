import type { TraceSummary } from '../../collector/api.ts'

export const traceOrders = ['start', 'durationMs', 'spans', 'errors', 'logs', 'samples'] as const
export type TraceOrder = (typeof traceOrders)[number]

/** Largest first; equal ones newest first. */
export function sortTraces(traces: readonly TraceSummary[], order: TraceOrder): TraceSummary[] {
  return [...traces].sort((a, b) => b[order] - a[order] || b.start - a.start)
}
