// Spans go through the program's own exporter. What its batch processor still holds when the process ends for good would
// be lost: that leaves with our last flush instead.
import { trace, type Attributes, type HrTime, type SpanContext } from '@opentelemetry/api'
import type { AttributeMap } from '../../otlp/protobuf-writer.ts'
import type { WritableSpan } from '../../otlp/write-traces.ts'

interface ScopeOf {
  name: string
  version?: string
  schemaUrl?: string
}

/** The SDKs' ReadableSpan: 1.x and 2.x differ in how they name the parent and the scope. */
export interface FinishedSpan {
  name: string
  kind: number
  spanContext(): SpanContext
  parentSpanContext?: SpanContext
  parentSpanId?: string
  startTime: HrTime
  endTime: HrTime
  status: { code: number; message?: string }
  attributes: Attributes
  events: readonly { time: HrTime; name: string; attributes?: Attributes; droppedAttributesCount?: number }[]
  links: readonly { context: SpanContext; attributes?: Attributes; droppedAttributesCount?: number }[]
  instrumentationScope?: ScopeOf
  instrumentationLibrary?: ScopeOf
  droppedAttributesCount?: number
  droppedEventsCount?: number
  droppedLinksCount?: number
}

/** Ended spans that wait in the batches of the registered provider. Reads private fields: every step is checked. */
export function spansNotYetExported(): WritableSpan[] {
  const registered = trace.getTracerProvider() as { getDelegate?(): unknown }
  const provider: unknown =
    typeof registered.getDelegate === 'function' ? registered.getDelegate() : registered
  const processors = field(field(provider, '_activeSpanProcessor'), '_spanProcessors')
  if (!Array.isArray(processors)) return []
  const waiting = new Set<FinishedSpan>()
  for (const processor of processors as unknown[]) {
    const spans = field(processor, '_finishedSpans')
    if (Array.isArray(spans)) for (const span of spans as FinishedSpan[]) waiting.add(span)
  }
  return [...waiting].map(writableSpan)
}

export function writableSpan(span: FinishedSpan): WritableSpan {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext()
  const parent = span.parentSpanContext
  const scope = span.instrumentationScope ?? span.instrumentationLibrary
  return {
    traceId,
    spanId,
    parentSpanId: parent?.spanId ?? span.parentSpanId ?? '',
    traceState: traceState?.serialize() ?? '',
    flags: flagsOf(traceFlags, parent?.isRemote),
    name: span.name,
    kind: span.kind + 1,
    startUnixNano: nanos(span.startTime),
    endUnixNano: nanos(span.endTime),
    attributes: attributesOf(span.attributes),
    events: span.events.map(event => ({
      timeUnixNano: nanos(event.time),
      name: event.name,
      attributes: attributesOf(event.attributes),
      droppedAttributes: event.droppedAttributesCount ?? 0
    })),
    links: span.links.map(({ context, attributes, droppedAttributesCount }) => ({
      traceId: context.traceId,
      spanId: context.spanId,
      traceState: context.traceState?.serialize() ?? '',
      flags: flagsOf(context.traceFlags, context.isRemote),
      attributes: attributesOf(attributes),
      droppedAttributes: droppedAttributesCount ?? 0
    })),
    status: { code: span.status.code, message: span.status.message ?? '' },
    dropped: {
      attributes: span.droppedAttributesCount ?? 0,
      events: span.droppedEventsCount ?? 0,
      links: span.droppedLinksCount ?? 0
    },
    scope: { name: scope?.name ?? '', version: scope?.version ?? '', schemaUrl: scope?.schemaUrl ?? '' }
  }
}

/** Bit 8: it is known whether the parent is remote; bit 9: it is. */
function flagsOf(traceFlags: number, isRemote: boolean | undefined): number {
  return (traceFlags & 0xff) | 0x100 | (isRemote === true ? 0x200 : 0)
}

function nanos([seconds, nanos]: HrTime): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(Math.round(nanos))
}

function attributesOf(attributes: Attributes = {}): AttributeMap {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => {
      if (value === undefined || value === null) return []
      return [
        [name, Array.isArray(value) ? value.filter(item => item !== null && item !== undefined) : value]
      ]
    })
  )
}

function field(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null ? (object as Record<string, unknown>)[name] : undefined
}
