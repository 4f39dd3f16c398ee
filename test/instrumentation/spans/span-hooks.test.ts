import { context, propagation, SpanKind, trace, type TracerProvider } from '@opentelemetry/api'
import { NodeSDK, tracing } from '@opentelemetry/sdk-node'
import { afterEach, describe, expect, it } from 'vitest'
import { endpointOf } from '../../../src/instrumentation/spans/endpoint.ts'
import { monotonicUs } from '../../../src/instrumentation/profile/monotonic-clock.ts'
import { recheckGlobalApi, watchGlobalApi } from '../../../src/instrumentation/spans/global-api.ts'
import { hookSpans } from '../../../src/instrumentation/spans/span-hooks.ts'
import { activeSpan, slotOf, type SpanSlot } from '../../../src/instrumentation/spans/span-state.ts'
import { SpanTimeline } from '../../../src/instrumentation/spans/span-timeline.ts'

const after: (() => unknown)[] = []

afterEach(async () => {
  for (const undo of after.splice(0).reverse()) await undo()
  trace.disable()
  context.disable()
  propagation.disable()
})

describe.each(['before', 'after'])('hooks that are set %s the SDK starts', order => {
  it('see every span start, sampled or not, of tracers handed out before', () => {
    const early = trace.getTracer('early')
    const { started } = setUp(order, { sampler: new tracing.AlwaysOffSampler() })
    early.startSpan('unsampled').end()
    trace.getTracer('late').startActiveSpan('another', span => span.end())
    expect(started.map(slot => [slot.endpoint, slot.flags])).toEqual([
      ['unsampled', 0],
      ['another', 0]
    ])
  })

  it('see when a span ends', () => {
    setUp(order)
    const span = trace.getTracer('test').startSpan('request')
    expect(slotOf(span)?.endedUs).toBe(Infinity)
    const beforeUs = monotonicUs()
    span.end()
    expect(slotOf(span)?.endedUs).toBeGreaterThanOrEqual(beforeUs)
    expect(slotOf(span)?.endedUs).toBeLessThanOrEqual(monotonicUs())
  })

  it('follow the active span through the context manager', async () => {
    const { timeline } = setUp(order)
    const spans: string[] = []
    const note = () => spans.push(timeline.current?.endpoint ?? 'none')
    await trace.getTracer('test').startActiveSpan('outer', async span => {
      note()
      trace.getTracer('test').startActiveSpan('inner', () => note())
      note()
      await new Promise(go => setImmediate(go))
      note()
      span.end()
    })
    expect(spans).toEqual(['outer', 'inner', 'outer', 'outer'])
  })

  it('leave nothing behind when they are taken back', async () => {
    const processors = [new tracing.NoopSpanProcessor()]
    const { stop, started } = setUp(order, { spanProcessors: processors })
    const provider = delegate()
    const prototype = Object.getPrototypeOf(provider.getTracer('test')) as { startSpan: { name: string } }
    expect(Object.hasOwn(manager(), 'with')).toBe(true)
    stop()
    expect(Object.hasOwn(manager(), 'with')).toBe(false)
    expect(Object.hasOwn(trace.getTracerProvider(), 'setDelegate')).toBe(false)
    expect(prototype.startSpan.name).toBe('startSpan')
    expect(processors).toHaveLength(1)
    trace.getTracer('test').startSpan('unseen').end()
    expect(started).toEqual([])
  })
})

describe('the endpoint of a request', () => {
  it('is the route where a span of the request tells it, else the name of its local root', () => {
    const { started } = setUp('before')
    const tracer = trace.getTracer('test')
    tracer.startActiveSpan('GET', { attributes: { 'http.request.method': 'GET' } }, root => {
      tracer.startActiveSpan('handler', { attributes: { 'http.route': '/users/:id' } }, handler => {
        tracer.startSpan('query').end()
        handler.end()
      })
      root.end()
    })
    tracer.startActiveSpan('job', root => {
      root.updateName('nightly job')
      root.end()
    })
    expect(started.map(slot => slot.localRoot.endpoint)).toEqual([
      'GET /users/:id',
      'GET /users/:id',
      'GET /users/:id',
      'nightly job'
    ])
  })

  it('has the path where its name is a method alone, at first or in the end', () => {
    const { started } = setUp('before')
    const tracer = trace.getTracer('test')
    const asked = { 'url.path': '/users/7' }
    tracer.startSpan('GET', { attributes: asked }).end()
    tracer.startSpan('POST', { kind: SpanKind.CLIENT, attributes: { 'url.full': 'http://shop/users/7?a' } })
    const late = tracer.startSpan('HTTP')
    late.updateName('PUT').setAttribute('http.target', '/users/8?a').end()
    tracer.startSpan('GET', { attributes: asked }).updateName('GET user').end()
    tracer.startActiveSpan('DELETE', { attributes: asked }, root => {
      tracer.startSpan('handler', { attributes: { 'http.route': '/users/:id' } }).end()
      root.end()
    })
    expect(started.map(slot => endpointOf(slot.localRoot))).toEqual([
      'GET /users/*',
      'POST shop/users/*',
      'PUT /users/*',
      'GET user',
      'DELETE /users/:id',
      'DELETE /users/:id'
    ])
  })

  it('leaves the path out where paths hold too many names', () => {
    const endpoints = Array.from({ length: 300 }, (_, i) => endpointOf({ endpoint: 'GET', path: `/by-${i}` }))
    const told = new Set(endpoints)
    expect(told.size).toBeLessThanOrEqual(101)
    expect(told).toContain('GET')
    expect(endpointOf({ endpoint: 'GET', path: '/by-0' })).toBe('GET /by-0')
  })

  it('is the one of this process where the trace began in another', () => {
    const { started } = setUp('before')
    const remote = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
      isRemote: true
    }
    context.with(trace.setSpanContext(context.active(), remote), () => {
      expect(slotOf(trace.getActiveSpan()!)).toBeUndefined()
      trace.getTracer('test').startSpan('GET /cart').end()
    })
    expect(started.map(slot => [slot.traceId, slot.localRoot === slot, slot.endpoint])).toEqual([
      [remote.traceId, true, 'GET /cart']
    ])
  })
})

it('follows a second SDK after the first was shut down', async () => {
  const { started } = setUp('before')
  trace.getTracer('test').startSpan('first').end()
  trace.disable()
  context.disable()
  recheckGlobalApi()
  startSdk()
  trace.getTracer('test').startSpan('second').end()
  expect(started.map(slot => slot.endpoint)).toEqual(['first', 'second'])
})

it('says which span is active and whether it records', () => {
  setUp('before')
  expect(activeSpan(context.active())).toBeUndefined()
  trace.getTracer('test').startActiveSpan('request', span => {
    const { traceId, spanId } = span.spanContext()
    expect(activeSpan(context.active())).toMatchObject({ traceId, spanId, flags: 1, recording: true, span })
    span.end()
    expect(activeSpan(context.active())?.recording).toBe(false)
  })
})

type SdkOptions = ConstructorParameters<typeof NodeSDK>[0]

function setUp(order: string, options: SdkOptions = {}) {
  const started: SpanSlot[] = []
  const timeline = new SpanTimeline()
  if (order === 'after') startSdk(options)
  const undo = [
    hookSpans(slot => started.push(slot)),
    watchGlobalApi((name, value) => {
      if (name === 'context') timeline.follow(value as Parameters<SpanTimeline['follow']>[0])
    }),
    () => timeline.stop()
  ]
  const stop = () => {
    for (const step of undo.splice(0)) step()
  }
  after.push(stop)
  if (order === 'before') startSdk(options)
  return { started, timeline, stop }
}

function startSdk(options: SdkOptions = {}): void {
  const sdk = new NodeSDK({
    spanProcessors: [new tracing.NoopSpanProcessor()],
    metricReaders: [],
    logRecordProcessors: [],
    autoDetectResources: false,
    ...options
  })
  sdk.start()
  after.push(() => sdk.shutdown())
}

function delegate(): TracerProvider {
  return (trace.getTracerProvider() as TracerProvider & { getDelegate(): TracerProvider }).getDelegate()
}

function manager(): object {
  const api = (globalThis as unknown as Record<symbol, { context: object }>)[
    Symbol.for('opentelemetry.js.api.1')
  ]
  return api!.context
}
