// The span that was active where this process or thread was started. The trace context comes in environment variables, by the
// names that OpenTelemetry gives them there: TRACEPARENT, TRACESTATE, BAGGAGE. Root spans that the start leads to become
// children of it; what comes in later from elsewhere, as a message or a request, is another matter and begins a trace of its own.
import { AsyncLocalStorage } from 'node:async_hooks'
import {
  context as contextApi,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  trace,
  type Context
} from '@opentelemetry/api'
import { wrapStartSpans } from './span-hooks.ts'

export type TraceVariables = Readonly<Record<string, string | undefined>>

/** Holds in all that the program's first turn leads to, where `followStarter` was called in that turn. */
const beginning = new AsyncLocalStorage<true>()
let starter: Record<string, string> | undefined
/** Of the propagators that OTEL_PROPAGATORS may name. */
const traceNames = [
  ...['TRACEPARENT', 'TRACESTATE', 'BAGGAGE', 'UBER_TRACE_ID', 'B3'],
  ...['X_B3_TRACEID', 'X_B3_SPANID', 'X_B3_SAMPLED', 'X_B3_FLAGS']
]

/** To be called in the first turn, before the program itself: see preload.cts. */
export function followStarter(variables: TraceVariables): void {
  const found = Object.fromEntries(
    traceNames.flatMap(name => (variables[name] === undefined ? [] : [[name, variables[name]]]))
  )
  if (starter !== undefined || Object.keys(found).length === 0) return
  starter = found
  beginning.enterWith(true)
  wrapStartSpans(
    original =>
      function (name, options = {}, context = contextApi.active()) {
        const isEntry = options.kind === SpanKind.SERVER || options.kind === SpanKind.CONSUMER
        const isRoot = options.root !== true && !isEntry && trace.getSpan(context) === undefined
        const joined = isRoot ? withStarter(context) : undefined
        return original.call(this, name, options, joined ?? context)
      }
  )
}

/** The trace that what is started now belongs to, as variables; `stale` are those of a trace that it doesn't belong to. */
export function traceVariables(): { trace: Record<string, string>; stale: Record<string, string> } {
  const active = contextApi.active()
  const from = trace.getSpan(active) === undefined ? (withStarter(active) ?? active) : active
  const carrier: Record<string, string> = {}
  propagation.inject(from, carrier, { set: (variables, key, value) => (variables[variableOf(key)] = value) })
  return { trace: carrier, stale: starter ?? {} }
}

function withStarter(context: Context): Context | undefined {
  if (starter === undefined || beginning.getStore() !== true) return undefined
  const remote = propagation.extract(ROOT_CONTEXT, starter, {
    keys: variables => Object.keys(variables),
    get: (variables, key) => variables[variableOf(key)]
  })
  const spanContext = trace.getSpanContext(remote)
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return undefined
  const joined = trace.setSpanContext(context, spanContext)
  const baggage = propagation.getBaggage(context) ?? propagation.getBaggage(remote)
  return baggage === undefined ? joined : propagation.setBaggage(joined, baggage)
}

/** As the names of propagated fields are spelt in an environment. */
function variableOf(field: string): string {
  return field.toUpperCase().replace(/[^A-Z0-9_]/g, '_')
}
