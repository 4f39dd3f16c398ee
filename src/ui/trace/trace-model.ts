// What the trace page shows, built once from the recordings its spans lie in: spans as rows, services with a colour
// each, logs of all processes in one order, and ways to look things up.
import { attributeText } from '../../recording/attributes.ts'
import { criticalPath } from '../../recording/critical-path.ts'
import type { PathPart } from '../../recording/critical-path.ts'
import { httpPath } from '../../recording/http-path.ts'
import { formatCount } from '../../base/units.ts'
import { countOf } from '../data/count-of.ts'
import { spanIndexOf } from '../../recording/span-index.ts'
import type { SpanIndex } from '../../recording/span-index.ts'
import { buildLogEntries } from '../../recording/log-entries.ts'
import type { LogEntry } from '../../recording/log-entries.ts'
import type { Recording } from '../../recording/schema.ts'
import { buildSpanTree } from '../../recording/span-tree.ts'
import type { SpanRow } from '../../recording/span-tree.ts'
import type { TimeRange } from '../../recording/time-range.ts'

export interface TraceSpan extends SpanRow {
  readonly name: string
  /** Route or path where the name is an HTTP method alone, else ''. */
  readonly path: string
  readonly service: string
  /** Row of `services`. */
  readonly colour: number
  /** Index behind its last descendant: [index + 1, last) is its subtree. */
  readonly last: number
}

export interface TraceLog {
  readonly recording: Recording
  readonly entry: LogEntry
  readonly spanName: string
}

export interface TracePart {
  readonly id: string
  readonly recording: Recording
  readonly index: SpanIndex
}

export interface TraceModel {
  readonly parts: readonly TracePart[]
  readonly spans: readonly TraceSpan[]
  readonly services: readonly string[]
  readonly logs: readonly TraceLog[]
  /** What the trace lasted for; `span` is an index of `spans`. */
  readonly critical: readonly PathPart[]
  /** From the first to the last thing of the trace, in ns since the epoch of the recordings. */
  readonly range: TimeRange
  /** Index of a span by its id, -1 where it isn't here. */
  indexOf(spanId: string | null): number
}

/** @param recordings by id, all with the same epoch */
export function buildTraceModel(recordings: ReadonlyMap<string, Recording>, traceId: string): TraceModel {
  const parts = [...recordings].map(([id, recording]) => ({
    id,
    recording,
    index: spanIndexOf(recording)
  }))
  const { rows } = buildSpanTree(
    parts.map(part => part.recording),
    traceId
  )
  const services: string[] = []
  const last = lastDescendants(rows)
  const spans = rows.map((row, index): TraceSpan => {
    const { recording } = parts[row.recording]!
    const service = serviceOf(recording, row.span)
    if (!services.includes(service)) services.push(service)
    return {
      ...row,
      name: recording.strings[recording.spans.name[row.span]!]!,
      path: httpPath(recording, row.span),
      service,
      colour: services.indexOf(service),
      last: last[index]!
    }
  })
  const indices = new Map(spans.map((span, index) => [span.spanId, index]))
  const indexOf = (spanId: string | null) => (spanId === null ? -1 : (indices.get(spanId) ?? -1))
  const logs = parts
    .flatMap(({ recording }) =>
      buildLogEntries(recording)
        .filter(entry => entry.traceId === traceId)
        .map((entry): TraceLog => ({ recording, entry, spanName: titleOf(spans[indexOf(entry.spanId)]) }))
    )
    .sort((a, b) => a.entry.time - b.entry.time)
  const critical = criticalPath(
    rows.map(({ recording, span, parent, start, end }) => {
      const isClient = parts[recording]!.recording.spans.kind[span] === client
      return { parent, start, end, isClient }
    })
  )
  return { parts, spans, services, logs, critical, range: rangeOf(spans, logs), indexOf }
}

/** Of OTLP's span kinds. */
const client = 3

/** 'GET /orders/7'; '' for none. */
function titleOf(span: TraceSpan | undefined): string {
  return span ? [span.name, span.path].filter(Boolean).join(' ') : ''
}

/** How long a span is on the critical path, ns. @param span index of `spans` */
export function criticalTime({ critical }: TraceModel, span: number): number {
  return critical.reduce((sum, part) => sum + (part.span === span ? part.to - part.from : 0), 0)
}

export interface LogCounts {
  readonly logs: number
  /** Entries of the recorder itself, which no count of logs has in it. */
  readonly own: number
}

export function countLogs(logs: readonly TraceLog[]): LogCounts {
  const own = logs.filter(({ entry }) => entry.own).length
  return { logs: logs.length - own, own }
}

/** '6 logs', '6 logs and 1 of Microlog’s': as many as a list of all entries has rows. */
export function logsText({ logs, own }: LogCounts): string {
  return countOf(logs, 'log') + (own > 0 ? ` and ${formatCount(own)} of Microlog’s` : '')
}

/** The spans to show where some are folded: descendants of a folded one aren't. */
export function visibleSpans(spans: readonly TraceSpan[], folded: ReadonlySet<string>): number[] {
  const shown: number[] = []
  for (let index = 0; index < spans.length;) {
    const span = spans[index]!
    shown.push(index)
    index = folded.has(span.spanId) ? span.last : index + 1
  }
  return shown
}

function lastDescendants(rows: readonly SpanRow[]): number[] {
  const last = rows.map((_, index) => index + 1)
  for (let index = rows.length - 1; index >= 0; index--) {
    const { parent } = rows[index]!
    if (parent >= 0) last[parent] = Math.max(last[parent]!, last[index]!)
  }
  return last
}

function serviceOf({ spans, resources, ...rest }: Recording, span: number): string {
  const resource = spans.resource[span]!
  const set = resource < 0 ? 0 : resources.attributes[resource]!
  return attributeText({ spans, resources, ...rest }, set, 'service.name') ?? 'unknown service'
}

function rangeOf(spans: readonly TraceSpan[], logs: readonly TraceLog[]): TimeRange {
  let from = Infinity
  let to = -Infinity
  for (const { start, end } of spans) {
    from = Math.min(from, start)
    to = Math.max(to, end)
  }
  for (const { entry } of spans.length ? [] : logs) {
    from = Math.min(from, entry.time)
    to = Math.max(to, entry.time)
  }
  if (!(to > from))
    return { from: Number.isFinite(from) ? from : 0, to: (Number.isFinite(from) ? from : 0) + 1e6 }
  return { from, to }
}
