import { trace, type Span } from '@opentelemetry/api'
import type { SpanReference } from './record-sink.ts'

/** The span that is active on this thread now. */
export interface ActiveSpan extends SpanReference {
  /** False for unsampled and for ended spans: events added to those are lost. */
  recording: boolean
  span: Span
}

export function activeSpan(): ActiveSpan | undefined {
  const span = trace.getActiveSpan()
  if (span === undefined) return undefined
  const { traceId, spanId, traceFlags } = span.spanContext()
  return { traceId, spanId, flags: traceFlags, recording: span.isRecording(), span }
}
