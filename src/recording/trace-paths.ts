import { isMethodOnly, operationOf } from '../base/http-operation.ts'
import { httpPath } from './http-path.ts'
import { spanIdAt, traceIdAt } from './ids.ts'
import type { Recording } from './schema.ts'

/** The paths of traces whose root span, else the earliest, is named by an HTTP method alone; the others aren't there. */
export function tracePaths(recording: Recording, wanted: ReadonlySet<string>): Map<string, string> {
  const paths = new Map<string, string>()
  for (const [traceId, span] of headSpans(recording, wanted)) {
    const path = httpPath(recording, span)
    if (path) paths.set(traceId, path)
  }
  return paths
}

/** Ids of the traces of an operation that is a method and a path, by that span of theirs. */
export function tracesOfOperation(recording: Recording, operation: string): Set<string> {
  const { spans, strings } = recording
  const fits = (span: number): boolean => {
    const name = strings[spans.name[span]!]!
    if (!isMethodOnly(name) || !operation.startsWith(name)) return false
    return operationOf(name, httpPath(recording, span)) === operation
  }
  const traces = new Set<string>()
  for (let row = 0; row < spans.length; row++) if (fits(row)) traces.add(traceIdAt(spans.traceId, row))
  if (traces.size === 0) return traces
  for (const [traceId, span] of headSpans(recording, traces)) if (!fits(span)) traces.delete(traceId)
  return traces
}

/** The span that a trace is named by, as the summaries in footers have it. */
function headSpans(recording: Recording, wanted: ReadonlySet<string>): Map<string, number> {
  const { spans } = recording
  const heads = new Map<string, number>()
  const isRoot = (row: number): boolean => spanIdAt(spans.parentSpanId, row) === ''
  for (let row = 0; row < spans.length; row++) {
    const traceId = traceIdAt(spans.traceId, row)
    if (!wanted.has(traceId)) continue
    const known = heads.get(traceId)
    if (known !== undefined) {
      if (isRoot(known) && !isRoot(row)) continue
      if (isRoot(known) === isRoot(row) && !(spans.start[row]! < spans.start[known]!)) continue
    }
    heads.set(traceId, row)
  }
  return heads
}
