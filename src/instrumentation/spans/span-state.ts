import {
  INVALID_TRACEID,
  isSpanContextValid,
  trace,
  type Attributes,
  type Context,
  type HrTime,
  type Span,
  type SpanOptions
} from '@opentelemetry/api'
import { monotonicUs } from '../profile/monotonic-clock.ts'
import type { SpanReference } from '../record-sink.ts'
import { pathOf } from './endpoint.ts'
import { Stamp } from './stamp.ts'

/** What we keep of a span while samples may still name it. Small, so that the span itself is never held. */
export interface SpanSlot extends SpanReference {
  /** The first span of this request in this process; itself for that one. */
  localRoot: SpanSlot
  /** On the local root: the route where known, else its name. */
  endpoint: string
  hasRoute: boolean
  /** On the local root: what it was asked for, where its name is a method alone and no route is known; else ''. */
  path: string
  /** Undefined while it runs. */
  durationUs: number | undefined
  /** When its end was seen, in µs of CLOCK_MONOTONIC; Infinity until then. */
  endedUs: number
  /** As it is sent; '' while it runs, since it may still change. */
  finalName: string
}

/** The span of a context. */
export interface ActiveSpan extends SpanReference {
  /** False for unsampled and for ended spans: events added to those are lost. */
  recording: boolean
  span: Span
}

/** What a span is started with, and what it has from then on where it is recorded. */
type StartOptions = Pick<SpanOptions, 'attributes' | 'kind'>

const stampOf = (span: Span): SpanSlot | undefined => Stamp.of(span) as SpanSlot | undefined

export function activeSpan(active: Context): ActiveSpan | undefined {
  const span = trace.getSpan(active)
  if (span === undefined) return undefined
  const context = span.spanContext()
  if (!isSpanContextValid(context)) return undefined
  const { traceId, spanId, traceFlags } = context
  return { traceId, spanId, flags: traceFlags, recording: span.isRecording(), span }
}

/** The slot of a span, also of one whose start we didn't see. */
export function slotOf(span: Span & { name?: unknown }): SpanSlot | undefined {
  const known = stampOf(span)
  if (known !== undefined) return known
  // Anybody can make a span of ids that aren't any.
  if (!isSpanContextValid(span.spanContext())) return undefined
  return createSlot(span, typeof span.name === 'string' ? span.name : '', undefined, undefined)
}

/** Notes a span's start. Called where spans are started and by a span processor: the second call changes nothing. */
export function spanStarted(
  span: Span,
  name: string,
  options: StartOptions | undefined,
  parent: Span | undefined
): SpanSlot | undefined {
  return stampOf(span) ?? createSlot(span, name, options, parent)
}

/**
 * A remote or missing parent makes it a local root. A remote span isn't one of this process, and where tracing is
 * suppressed there is none.
 */
function createSlot(
  span: Span,
  name: string,
  options: StartOptions | undefined,
  parent: Span | undefined
): SpanSlot | undefined {
  const spanContext = span.spanContext()
  if (spanContext.isRemote === true || spanContext.traceId === INVALID_TRACEID) return undefined
  const parentSlot = parent === undefined ? undefined : stampOf(parent)
  const slot: SpanSlot = {
    traceId: spanContext.traceId,
    spanId: spanContext.spanId,
    flags: spanContext.traceFlags,
    localRoot: undefined as unknown as SpanSlot,
    endpoint: name,
    hasRoute: false,
    path: '',
    durationUs: undefined,
    endedUs: Infinity,
    finalName: ''
  }
  if (parentSlot?.traceId === slot.traceId) slot.localRoot = parentSlot.localRoot
  else {
    slot.localRoot = slot
    slot.path = pathOf(name, options?.attributes, options?.kind)
  }
  noteRoute(slot.localRoot, options?.attributes)
  new Stamp(span, slot)
  return slot
}

/** Routes are often known only when the request is done. */
export function spanEnded(span: Span & StartOptions & { name?: string; duration?: HrTime }): void {
  const slot = stampOf(span)
  if (slot === undefined) return
  slot.endedUs = monotonicUs()
  if (span.duration !== undefined) slot.durationUs = span.duration[0] * 1e6 + span.duration[1] / 1e3
  if (typeof span.name === 'string') {
    slot.finalName = span.name
    if (slot.localRoot === slot && !slot.hasRoute) {
      slot.endpoint = span.name
      slot.path = pathOf(span.name, span.attributes, span.kind)
    }
  }
  noteRoute(slot.localRoot, span.attributes)
}

/** What runs on in a span's context so long after its end is somebody else's: a connection that is kept open, a timer. */
const longestAfterEndUs = 1_000_000

/** Whose work it is that runs in a span's context at a time: the span's, else its request's, as long as that goes on. */
export function ownerAt(slot: SpanSlot | undefined, atUs: number): SpanSlot | undefined {
  if (slot === undefined || atUs <= slot.endedUs + longestAfterEndUs) return slot
  const { localRoot } = slot
  return atUs <= localRoot.endedUs + longestAfterEndUs ? localRoot : undefined
}

function noteRoute(root: SpanSlot, attributes: Attributes | undefined): void {
  const route = attributes?.['http.route']
  if (typeof route !== 'string' || route === '') return
  const method =
    attributes?.['http.request.method'] ?? attributes?.['http.method'] ?? root.endpoint.split(' ', 1)[0]
  root.hasRoute = true
  root.path = ''
  root.endpoint = typeof method === 'string' && /^[A-Z]+$/.test(method) ? `${method} ${route}` : route
}
