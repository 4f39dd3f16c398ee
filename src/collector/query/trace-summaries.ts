// Traces across services: their parts lie in the segments of many recordings, whose footers tell of each.
import type { SegmentFooter } from '../../format/index.ts'
import { traceIdAt } from '../../recording/ids.ts'
import type { TraceDetail, TraceSummary } from '../api.ts'
import { unixMs } from './recording-summaries.ts'

export interface TracePart {
  recording: string
  segment: string
  footer: SegmentFooter
}

export interface TraceFilter {
  service?: string | undefined
  name?: string | undefined
  minDurationMs?: number | undefined
  error?: boolean | undefined
  from?: number | undefined
  to?: number | undefined
  /** In trace id, service or name. */
  q?: string | undefined
}

/** A trace put together so far. */
interface Assembly {
  detail: TraceDetail
  services: Set<string>
  end: number
  /** Whether the root span named it; else the earliest span did. */
  rooted: boolean
  named: number
}

/** @param only the one trace that is asked for, hex */
export function assembleTraces(parts: readonly TracePart[], only?: string): Map<string, Assembly> {
  const traces = new Map<string, Assembly>()
  for (const part of parts) {
    const { id, length } = part.footer.traces
    for (let row = 0; row < length; row++) {
      const traceId = traceIdAt(id, row)
      if (only !== undefined && traceId !== only) continue
      let trace = traces.get(traceId)
      if (!trace) traces.set(traceId, (trace = startAssembly(traceId)))
      addPart(trace, part, row)
    }
  }
  return traces
}

function startAssembly(traceId: string): Assembly {
  const counts = { spans: 0, errors: 0, logs: 0, samples: 0 }
  const detail = { traceId, service: '', name: '', start: Infinity, durationMs: 0, ...counts, segments: [] }
  return { detail, services: new Set(), end: -Infinity, rooted: false, named: Infinity }
}

function addPart(trace: Assembly, { recording, segment, footer }: TracePart, row: number): void {
  const { traces } = footer
  const { detail } = trace
  const start = unixMs(footer, traces.start[row]!)
  const spans = traces.spans[row]!
  detail.segments.push({ recording, segment })
  detail.spans += spans
  detail.errors += traces.errors[row]!
  detail.logs += traces.logs[row]!
  detail.samples += traces.samples[row]!
  if (spans > 0) {
    const root = traces.root[row] === 1
    const service = traces.service[row]!
    trace.services.add(service)
    if ((root && !trace.rooted) || (root === trace.rooted && start < trace.named)) {
      Object.assign(detail, { service, name: traces.name[row]! })
      Object.assign(trace, { rooted: root, named: start })
    }
  }
  if (!Number.isFinite(start)) return
  detail.start = Math.min(detail.start, start)
  trace.end = Math.max(trace.end, start + traces.duration[row]! / 1e6)
  detail.durationMs = trace.end - detail.start
}

/** Those that a list shows: with at least one span, and as the filter says. */
export function filterTraces(traces: Iterable<Assembly>, filter: TraceFilter): TraceDetail[] {
  const name = filter.name?.toLowerCase()
  const text = filter.q?.toLowerCase()
  const found: TraceDetail[] = []
  for (const { detail, services, end } of traces) {
    if (detail.spans === 0 || !Number.isFinite(detail.start)) continue
    if (filter.service !== undefined && !services.has(filter.service)) continue
    if (name !== undefined && !detail.name.toLowerCase().includes(name)) continue
    if (filter.minDurationMs !== undefined && detail.durationMs < filter.minDurationMs) continue
    if (filter.error !== undefined && detail.errors > 0 !== filter.error) continue
    if (filter.from !== undefined && end < filter.from) continue
    if (filter.to !== undefined && detail.start > filter.to) continue
    if (text !== undefined && !matchesText(detail, services, text)) continue
    found.push(detail)
  }
  return found
}

function matchesText({ traceId, name }: TraceDetail, services: ReadonlySet<string>, text: string): boolean {
  return [traceId, name, ...services].some(part => part.toLowerCase().includes(text))
}

export function withoutSegments({ segments: _segments, ...summary }: TraceDetail): TraceSummary {
  return summary
}
