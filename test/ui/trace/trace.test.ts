import { describe, expect, test } from 'vitest'
import { buildCalls } from '../../../src/recording/calls.ts'
import type { RecordingBuilder } from '../../../src/recording/recording-builder.ts'
import { labelSide, placeBar, placeMoment } from '../../../src/ui/trace/bar-place.ts'
import { callAtPick } from '../../../src/ui/state/call-at-pick.ts'
import { hotFunctions, longestCallOf } from '../../../src/ui/trace/hot-functions.ts'
import { profileReason } from '../../../src/ui/trace/profile-reason.ts'
import { profileStateOf } from '../../../src/ui/trace/profile-state.ts'
import { awaitsSamples, sortChanges, traceCountOf, traceSortOf } from '../../../src/ui/trace/trace-order.ts'
import { buildSpanDetails, placeOf } from '../../../src/ui/trace/span-details.ts'
import {
  buildTraceModel,
  countLogs,
  criticalTime,
  logsText,
  visibleSpans
} from '../../../src/ui/trace/trace-model.ts'
import type { TraceModel } from '../../../src/ui/trace/trace-model.ts'
import { traceQuery, traceTimes } from '../../../src/ui/trace/trace-query.ts'
import {
  internFrame,
  builderFromText,
  pushProfile,
  spanReference
} from '../../helpers/recording-from-text.ts'
import { internSet, internStack, pushLog, pushSample, pushSpan } from '../../helpers/push-rows.ts'

const traceId = 'cc'.repeat(16)
const idOf = (letter: string) => Buffer.from(spanReference(letter).spanId).toString('hex')

function resourceOf(builder: RecordingBuilder, attributes: Record<string, string | number>): number {
  const set = internSet(builder, attributes)
  return builder.intern('resources', { attributes: set, droppedAttributes: 0, schemaUrl: 0 })
}

/** The shop's request `a` has a child `b` and calls the stock, where `c` runs; `d` never ran anything. */
function shopTrace(): TraceModel {
  const shop = builderFromText(`
    0ms   10ms  20ms  30ms  40ms    50ms
    #a    #a    #b    #b            #z
    main  main  main  main  (idle)  main
    read  read  burn  burn          other
  `)
  const resource = resourceOf(shop, { 'service.name': 'shop', 'process.pid': 7, 'host.name': 'web' })
  pushSpan(shop, 'a', 0, 60, '', { resource, statusCode: 2, statusMessage: shop.strings.intern('boom') })
  pushSpan(shop, 'b', 15, 35, 'a', { resource })
  pushSpan(shop, 'd', 38, 42, 'a', { resource })
  pushSpan(shop, 'e', 52, 54, 'a', { resource })
  pushLog(shop, 21, 'slow', { uid: 'u1', letter: 'b', severity: 13 })
  const stock = builderFromText('0ms\n(idle)', shop.epoch)
  pushSpan(stock, 'c', 44, 58, 'a', { resource: resourceOf(stock, { 'service.name': 'stock' }) })
  pushLog(stock, 45, 'level', { uid: 'u2', letter: 'c' })
  return buildTraceModel(
    new Map([
      ['r1', shop.snapshot()],
      ['r2', stock.snapshot()]
    ]),
    traceId
  )
}

describe('a trace', () => {
  const model = shopTrace()
  const named = (indices: readonly number[]) => indices.map(index => model.spans[index]!.name)

  test('is one tree across the recordings of its services', () => {
    expect(model.spans.map(({ name, depth, service }) => `${' '.repeat(depth)}${name} ${service}`)).toEqual([
      'a shop',
      ' b shop',
      ' d shop',
      ' c stock',
      ' e shop'
    ])
    expect(model.services).toEqual(['shop', 'stock'])
    expect(model.range).toEqual({ from: 0, to: 60e6 })
  })

  test('has the logs of all processes in one order, each with the name of its span', () => {
    expect(model.logs.map(({ entry, spanName }) => [entry.body, spanName])).toEqual([
      ['slow', 'b'],
      ['level', 'c']
    ])
  })

  test('has its critical path, and how long each span is on it', () => {
    expect(
      model.critical.map(({ span, from, to }) => [model.spans[span]!.name, from / 1e6, to / 1e6])
    ).toEqual([
      ['a', 0, 15],
      ['b', 15, 35],
      ['a', 35, 38],
      ['d', 38, 42],
      ['a', 42, 44],
      ['c', 44, 58],
      ['a', 58, 60]
    ])
    expect(model.spans.map((_, span) => criticalTime(model, span) / 1e6)).toEqual([22, 20, 4, 14, 0])
  })

  test('says the path of a span that is named by its method, beside the name and at its logs', () => {
    const builder = builderFromText('0ms\nmain')
    const attributes = internSet(builder, { 'url.path': '/orders/7' })
    pushSpan(builder, 'a', 0, 5, '', { kind: 2, name: builder.strings.intern('GET'), attributes })
    pushLog(builder, 3, 'ordered', { uid: 'u', letter: 'a' })
    const { spans, logs } = buildTraceModel(new Map([['r', builder.snapshot()]]), traceId)
    expect(spans[0]).toMatchObject({ name: 'GET', path: '/orders/7' })
    expect(logs[0]!.spanName).toBe('GET /orders/7')
    expect(model.spans[0]!.path).toBe('')
  })

  test('counts what Microlog wrote itself apart from the logs', () => {
    const builder = builderFromText('0ms\nmain')
    pushSpan(builder, 'a', 0, 5)
    pushLog(builder, 1, 'one', { uid: 'u1', letter: 'a' })
    pushLog(builder, 2, 'blocked', { uid: 'u2', letter: 'a', eventName: 'microlog.blocked' })
    const { logs } = buildTraceModel(new Map([['r', builder.snapshot()]]), traceId)
    expect(logsText(countLogs(logs))).toBe('1 log and 1 of Microlog’s')
    expect(logsText(countLogs(model.logs))).toBe('2 logs')
  })

  test('folds what is below a span', () => {
    expect(named(visibleSpans(model.spans, new Set()))).toEqual(['a', 'b', 'd', 'c', 'e'])
    expect(named(visibleSpans(model.spans, new Set([idOf('b')])))).toEqual(['a', 'b', 'd', 'c', 'e'])
    expect(named(visibleSpans(model.spans, new Set([idOf('a')])))).toEqual(['a'])
  })

  test('finds a span by its id, and says where there is none', () => {
    expect(model.indexOf(idOf('c'))).toBe(3)
    expect(model.indexOf('0123456789abcdef')).toBe(-1)
    expect(model.indexOf(null)).toBe(-1)
  })

  test('shows logs alone where no span came in', () => {
    const builder = builderFromText('0ms\nmain')
    pushLog(builder, 3, 'early', { uid: 'u', letter: 'a' })
    const alone = buildTraceModel(new Map([['r', builder.snapshot()]]), traceId)
    expect(alone.spans).toEqual([])
    expect(alone.range).toEqual({ from: 3e6, to: 4e6 })
  })
})

describe('the profile of a span', () => {
  const model = shopTrace()
  const shop = model.parts[0]!
  const spanRow = (letter: string) => model.spans[model.indexOf(idOf(letter))]!
  const stateOf = (letter: string, below: string[] = []) => {
    const row = spanRow(letter)
    return profileStateOf(
      model.parts[row.recording]!,
      row.span,
      below.map(other => spanRow(other).span)
    )
  }

  test('counts its own samples apart from those of the spans below it', () => {
    expect(stateOf('a', ['b', 'd'])).toMatchObject({ kind: 'recorded', samples: 2, below: 2, threads: [0] })
    expect(stateOf('b')).toMatchObject({ kind: 'recorded', samples: 2, below: 0 })
  })

  test('says that a span waited, and what its process did meanwhile', () => {
    const state = stateOf('d')
    expect(state).toEqual({ kind: 'waited', idle: 1, busy: 0 })
    expect(profileReason(state, spanRow('d'))).toContain('it waited')
  })

  test('says that a span was too short to be seen', () => {
    const builder = builderFromText('0ms 10ms\nmain main')
    pushSpan(builder, 'a', 4.2, 4.9)
    const { parts, spans } = buildTraceModel(new Map([['r', builder.snapshot()]]), traceId)
    const state = profileStateOf(parts[0]!, 0, [])
    expect(state).toEqual({ kind: 'too-short', intervalNs: 1e6 })
    expect(profileReason(state, spans[0]!)).toContain('700 µs, less than the 1.00 ms between two samples')
  })

  test('says that a process was not profiled, and how it would be', () => {
    const builder = builderFromText('0ms')
    pushSpan(builder, 'a', 0, 5)
    const bare = builder.snapshot()
    const empty = { ...bare, samples: { ...bare.samples, length: 0 } } as typeof bare
    const { parts, spans } = buildTraceModel(new Map([['r', empty]]), traceId)
    const state = profileStateOf(parts[0]!, 0, [])
    expect(state).toEqual({ kind: 'not-profiled' })
    expect(profileReason(state, spans[0]!)).toContain('--import microlog/register')
  })

  test('says that the profiler was off while a long span ran', () => {
    const builder = builderFromText('0ms\nmain')
    pushSpan(builder, 'a', 100, 200)
    const { parts } = buildTraceModel(new Map([['r', builder.snapshot()]]), traceId)
    expect(profileStateOf(parts[0]!, 0, [])).toEqual({ kind: 'profiler-off' })
  })

  test('names the functions that were running, those of the spans below included', () => {
    const state = stateOf('a', ['b'])
    if (state.kind !== 'recorded') throw new Error('Expected stacks')
    expect(hotFunctions(shop.recording, state.links, 0).map(({ name, share }) => [name, share])).toEqual([
      ['read', 0.5],
      ['burn', 0.5]
    ])
    const calls = buildCalls(shop.recording, 0)
    const burn = hotFunctions(shop.recording, state.links, 0)[1]!.frame
    const call = longestCallOf(calls, burn, state.links)
    expect([calls.depth[call], calls.start[call]]).toEqual([1, 20e6])
    const pick = { thread: 0, depth: 1, time: 21e6 }
    expect(callAtPick(calls, pick)).toBe(call)
    expect(callAtPick(calls, { ...pick, depth: 7 })).toBe(-1)
  })

  test('gives the time of hidden functions to their callers, and names the caller of what V8 runs', () => {
    const builder = builderFromText('0ms\nmain')
    const profile = pushProfile(builder, 1e9)
    pushSample(builder, profile, 1, ['main', 'check', '(regexp)'], { letter: 'a' })
    const recording = builder.snapshot()
    const links = new Uint8Array(recording.links.length).fill(1)
    links[0] = 0
    expect(hotFunctions(recording, links, 0)).toMatchObject([
      { name: '(regexp)', place: 'in check app.js:1' }
    ])
    const hidden = new Uint8Array(recording.frames.length)
    hidden[internFrame(builder, '(regexp)')] = 1
    expect(hotFunctions(recording, links, 0, hidden)).toMatchObject([{ name: 'check', place: 'app.js:1' }])
  })

  test('doesn’t say now in now where V8 runs what a function of Node is named after', () => {
    const builder = builderFromText('0ms\nmain')
    const own = { name: builder.strings.intern('now'), url: 0, line: 0, column: 0, packageId: 0 }
    const url = builder.strings.intern('node:perf_hooks')
    const parent = builder.intern('stacks', {
      frame: builder.intern('frames', { ...own, url, line: 9 }),
      parent: -1
    })
    const stack = builder.intern('stacks', { frame: builder.intern('frames', own), parent })
    const link = builder.intern('links', spanReference('a'))
    const profile = pushProfile(builder, 1e9)
    builder.push('samples', { time: 1e6, stack, link, profile, value: 1, attributes: 0 })
    const links = new Uint8Array(2).fill(1)
    links[0] = 0
    expect(hotFunctions(builder.snapshot(), links, 0)[0]!.place).toBe('in node:perf_hooks:9')
  })
})

test('the details of a span say where it ran, what started it, and what it holds', () => {
  const builder = builderFromText('0ms\nmain')
  const resource = resourceOf(builder, { 'service.name': 'shop', 'process.pid': 7, 'host.name': 'web' })
  const time = 2e6
  const eventStart = builder.push('events', {
    time,
    name: builder.strings.intern('log'),
    attributes: 0,
    droppedAttributes: 0
  })
  builder.push('events', {
    time,
    name: builder.strings.intern('exception'),
    attributes: internSet(builder, { 'exception.message': 'boom' }),
    droppedAttributes: 0
  })
  pushSpan(builder, 'a', 0, 5, '', {
    resource,
    kind: 2,
    statusCode: 2,
    statusMessage: builder.strings.intern('refused'),
    attributes: internSet(builder, { 'http.route': '/x', attempts: 3 }),
    eventStart,
    eventCount: 2,
    droppedEvents: 4
  })
  const profile = pushProfile(builder, 1e9, { sampleType: 'span' })
  pushSample(builder, profile, 0, ['main', 'handle'], { letter: 'a' })
  const { parts } = buildTraceModel(new Map([['r', builder.snapshot()]]), traceId)
  const details = buildSpanDetails(parts[0]!, 0)
  expect(details).toMatchObject({
    kind: 'server',
    status: 'error',
    statusMessage: 'refused',
    attributes: [
      { key: 'http.route', text: '/x' },
      { key: 'attempts', text: '3' }
    ],
    events: [{ name: 'exception', attributes: [{ key: 'exception.message', text: 'boom' }] }],
    started: { stack: internStack(builder, ['main', 'handle']), isOfName: false },
    dropped: 4
  })
  expect(placeOf(details.resource)).toBe('shop, pid 7 on web')
})

describe('a bar', () => {
  const range = { from: 100, to: 200 }
  test.each([
    ['in the middle', 120, 160, { left: 20, width: 40, label: 'after' }],
    ['at the end', 150, 199, { left: 50, width: 49, label: 'before' }],
    ['from before to beyond', 0, 1000, { left: 0, width: 100, label: 'inside' }]
  ])('%s has its place, and its label where there is room', (_name, start, end, place) => {
    const { label, ...bar } = place
    expect(placeBar(start, end, range)).toEqual(bar)
    expect(labelSide(bar, 600)).toBe(label)
  })

  test('on a narrow track has its label in it where it would be cut beside it', () => {
    expect(labelSide({ left: 20, width: 60 }, 200)).toBe('inside')
    expect(labelSide({ left: 50, width: 49 }, 200)).toBe('before')
  })

  test('outside of what is shown has none', () => {
    expect(placeBar(10, 99, range)).toBeUndefined()
    expect(placeBar(201, 300, range)).toBeUndefined()
    expect(placeMoment(99, range)).toBeUndefined()
    expect(placeMoment(150, range)).toBe(50)
  })
})

describe('the list of traces', () => {
  const nowMs = 1_700_000_000_000

  test('asks for what its filters say, and leaves out what isn’t finished', () => {
    const query = {
      service: 'shop',
      min: '12.5',
      attr: 'http.route:/x',
      text: 'boom',
      error: 'true',
      op: 'GET /orders/*',
      max: '90',
      sel: 'x'
    }
    expect(traceQuery(query, { from: 10.7, to: 20.2 }, nowMs)).toEqual({
      service: 'shop',
      operation: 'GET /orders/*',
      minDurationMs: '12.5',
      maxDurationMs: '90',
      attr: 'http.route:/x',
      q: 'boom',
      error: 'true',
      from: '10',
      to: '21'
    })
    expect(traceQuery({ max: '-1', from: 'now', to: '12.5', attr: '' }, {}, nowMs)).toEqual({})
    expect(traceQuery({ min: '1e', attr: 'http.route', error: 'no' }, {}, nowMs)).toEqual({})
    expect(traceQuery({ service: 'other' }, { service: 'shop' }, nowMs)).toEqual({ service: 'shop' })
  })

  test('is limited to the times of its address within those of its place', () => {
    const scope = { from: 100, to: 200 }
    expect(traceTimes({ from: '120', to: '150' }, scope, nowMs)).toEqual({ from: 120, to: 150 })
    expect(traceTimes({ from: '20', to: '500' }, scope, nowMs)).toEqual(scope)
    expect(traceTimes({ to: '150' }, {}, nowMs)).toEqual({ from: undefined, to: 150 })
    expect(traceQuery({ from: '120' }, scope, nowMs)).toEqual({ from: '120', to: '200' })
  })

  test('the latest times go on with the clock', () => {
    expect(traceQuery({ last: '1h', from: '5' }, {}, nowMs)).toEqual({ from: String(nowMs - 3_600_000) })
    expect(traceTimes({ last: '15m' }, {}, nowMs)).toEqual({ from: nowMs - 900_000, to: undefined })
  })
})

test('a trace of a moment ago may still get samples', () => {
  const trace = {
    traceId,
    service: 's',
    name: 'n',
    start: 1_000,
    durationMs: 500,
    spans: 1,
    errors: 0,
    logs: 0,
    samples: 0
  }
  expect(awaitsSamples(trace, 2_000)).toBe(true)
  expect(awaitsSamples(trace, 60_000)).toBe(false)
  expect(awaitsSamples({ ...trace, samples: 1 }, 2_000)).toBe(false)
})

test('the order and the length of a list of traces are read from its address, whatever that says', () => {
  expect(traceSortOf({ sort: 'duration', order: 'asc' })).toEqual({ by: 'duration', ascending: true })
  expect(traceSortOf({ sort: 'toString', order: 'up' })).toEqual({ by: 'start', ascending: false })
  expect(['500', '7', '99999', '-3', '1e9', undefined].map(traceCountOf)).toEqual([
    500, 100, 10_000, 100, 100, 100
  ])
})

test('a heading sorts by its column, the largest first, and turns that around when clicked again', () => {
  const newest = traceSortOf({})
  expect(sortChanges('errors', newest)).toEqual({ sort: 'errors', order: '' })
  expect(sortChanges('errors', { by: 'errors', ascending: false })).toEqual({ sort: 'errors', order: 'asc' })
  expect(sortChanges('errors', { by: 'errors', ascending: true })).toEqual({ sort: 'errors', order: '' })
  expect(sortChanges('start', newest)).toEqual({ sort: '', order: 'asc' })
})
