import type { TraceSummary } from '../../collector/api.ts'

export type TraceOrder = 'start' | 'durationMs' | 'spans' | 'errors' | 'logs' | 'samples'

/** Largest first; equal ones newest first. */
export function sortTraces(traces: readonly TraceSummary[], order: TraceOrder): TraceSummary[] {
  return [...traces].sort((a, b) => b[order] - a[order] || b.start - a.start)
}
