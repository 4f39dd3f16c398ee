// The operations of traces that were found: how many of each, how many failed, and how long they took.
import type { TraceSummary } from '../../collector/api.ts'
import { operationOf } from '../../base/http-operation.ts'

export interface Operation {
  /** Of the root. */
  readonly service: string
  /** As GET /api/traces takes it. */
  readonly name: string
  readonly traces: number
  /** Share of them with an error, 0 to 1. */
  readonly failed: number
  /** Durations that half, 95 and 99 of a hundred don't go beyond, ms. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** What a table of them can be sorted by. */
export type OperationOrder = 'traces' | 'failed' | 'p50' | 'p95' | 'p99'

export function buildOperations(traces: readonly TraceSummary[]): Operation[] {
  const groups = new Map<string, TraceSummary[]>()
  for (const trace of traces) {
    const key = JSON.stringify([trace.service, operationOf(trace.name, trace.path)])
    const group = groups.get(key)
    if (group) group.push(trace)
    else groups.set(key, [trace])
  }
  return [...groups.values()].map(group => {
    const { service, name, path } = group[0]!
    const durations = Float64Array.from(group, ({ durationMs }) => durationMs).sort()
    return {
      service,
      name: operationOf(name, path),
      traces: group.length,
      failed: group.filter(({ errors }) => errors > 0).length / group.length,
      p50: percentile(durations, 0.5),
      p95: percentile(durations, 0.95),
      p99: percentile(durations, 0.99)
    }
  })
}

/** The largest first; of equals what takes most time. */
export function sortOperations(operations: readonly Operation[], by: OperationOrder): Operation[] {
  return [...operations].sort((a, b) => b[by] - a[by] || b.traces * b.p50 - a.traces * a.p50)
}

/** The smallest of the values that so large a share doesn't go beyond. @param sorted at least one */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
}
