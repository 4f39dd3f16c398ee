import {
  trace,
  type Context,
  type Span,
  type SpanOptions,
  type Tracer,
  type TracerProvider
} from '@opentelemetry/api'
import { watchGlobalApi } from './global-api.ts'
import { SpanEndObserver, SpanObserver } from './span-observer.ts'
import { spanStarted, type SpanSlot } from './span-state.ts'

/** The API's proxy: tracers handed out before there was an SDK go through it. */
interface ProxyProvider extends TracerProvider {
  setDelegate(provider: TracerProvider): void
  getDelegate(): TracerProvider
}

/** Inside the SDK's provider; private, so every step is checked. */
interface ProviderInternals {
  _activeSpanProcessor?: { _spanProcessors?: unknown }
}

export type StartSpan = (this: Tracer, name: string, options?: SpanOptions, context?: Context) => Span

/**
 * Sees every span start, unsampled ones included (an SDK tells its processors only of recorded ones), and the end of
 * recorded ones. Nothing but the instrumentation need be registered. Returns how to undo it all.
 */
export function hookSpans(onStart: (slot: SpanSlot) => void): () => void {
  const undo: (() => void)[] = []
  const unhook = wrapStartSpans(
    original =>
      function (name, options, context) {
        const span = original.call(this, name, options, context)
        try {
          const slot = noteStart(span, name, options, context)
          if (slot !== undefined) onStart(slot)
        } catch {
          // The span is the program's and started well; it only stays without a stack.
        }
        return span
      },
    (provider, seesStarts) =>
      undo.push(addProcessor(provider, seesStarts ? new SpanEndObserver() : new SpanObserver()))
  )
  return () => {
    unhook()
    for (const step of undo.reverse()) step()
  }
}

/** Wraps `startSpan` of every provider that is registered or will be. Returns how to undo it. */
export function wrapStartSpans(
  wrap: (original: StartSpan) => StartSpan,
  onProvider: (provider: TracerProvider, seesStarts: boolean) => void = () => {}
): () => void {
  const undo: (() => void)[] = []
  const wrapped = new Set<object>()
  const hookProvider = (provider: TracerProvider): void => {
    const unwrap = wrapStartSpan(provider, wrapped, wrap)
    undo.push(unwrap ?? (() => {}))
    onProvider(provider, unwrap !== undefined)
  }
  undo.push(
    watchGlobalApi((name, value) => {
      if (name !== 'trace' || !isProvider(value)) return
      if (!isProxy(value)) hookProvider(value)
      else undo.push(wrapSetDelegate(value, hookProvider))
    })
  )
  return () => {
    for (const step of undo.reverse()) step()
  }
}

/** The proxy is registered first and learns of its provider right after. */
function wrapSetDelegate(proxy: ProxyProvider, then: (provider: TracerProvider) => void): () => void {
  const delegate = proxy.getDelegate()
  if ('forceFlush' in delegate || '_activeSpanProcessor' in delegate) then(delegate)
  const original = proxy.setDelegate
  const wrapped = (provider: TracerProvider): void => {
    original.call(proxy, provider)
    then(provider)
  }
  proxy.setDelegate = wrapped
  return () => {
    if (proxy.setDelegate === wrapped) Reflect.deleteProperty(proxy, 'setDelegate')
  }
}

/** All tracers of a provider share one class; patching it reaches those handed out already. Undefined where it can't be. */
function wrapStartSpan(
  provider: TracerProvider,
  alreadyWrapped: Set<object>,
  wrap: (original: StartSpan) => StartSpan
): (() => void) | undefined {
  const prototype = Object.getPrototypeOf(provider.getTracer('microlog')) as { startSpan?: StartSpan } | null
  const original = prototype?.startSpan
  if (prototype === null || typeof original !== 'function') return undefined
  if (alreadyWrapped.has(prototype)) return () => {}
  if (!Object.hasOwn(prototype, 'startSpan')) return undefined
  const wrapped = wrap(original)
  prototype.startSpan = wrapped
  alreadyWrapped.add(prototype)
  return () => {
    if (prototype.startSpan === wrapped) prototype.startSpan = original
  }
}

function noteStart(
  span: Span,
  name: string,
  options: SpanOptions | undefined,
  context: Context | undefined
): SpanSlot | undefined {
  const around = context === undefined ? trace.getActiveSpan() : trace.getSpan(context)
  return spanStarted(span, name, options, options?.root === true ? undefined : around)
}

/** Beside the program's own processors, in a list of our own: theirs may be shared with others. */
function addProcessor(provider: TracerProvider, ours: SpanEndObserver): () => void {
  const active = (provider as ProviderInternals)._activeSpanProcessor
  const processors: unknown = active?._spanProcessors
  if (active === undefined || !Array.isArray(processors)) return () => {}
  if (processors.some(processor => processor instanceof SpanEndObserver)) return () => {}
  active._spanProcessors = [...(processors as unknown[]), ours]
  return () => {
    const now: unknown = active._spanProcessors
    if (Array.isArray(now))
      active._spanProcessors = (now as unknown[]).filter(processor => processor !== ours)
  }
}

function isProvider(value: unknown): value is TracerProvider {
  return typeof (value as Partial<TracerProvider> | null | undefined)?.getTracer === 'function'
}

function isProxy(provider: TracerProvider): provider is ProxyProvider {
  const proxy = provider as Partial<ProxyProvider>
  return typeof proxy.setDelegate === 'function' && typeof proxy.getDelegate === 'function'
}
