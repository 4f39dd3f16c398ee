import { context, trace, type Span } from '@opentelemetry/api'
import { NodeSDK, tracing } from '@opentelemetry/sdk-node'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createLogCapture,
  type LogCapture,
  type LogCaptureOptions
} from '../../../src/instrumentation/logs/log-capture.ts'
import { noLogs, addLog, redactedRecords } from '../../../src/instrumentation/logs/log-columns.ts'
import { createRedactor } from '../../../src/instrumentation/logs/redaction.ts'
import type { LogRecord } from '../../../src/instrumentation/record-sink.ts'

let nowUs = 1_700_000_000_000_000
let columns = noLogs()
let lost = 0

function capture(options: Partial<LogCaptureOptions> = {}): LogCapture {
  columns = noLogs()
  lost = 0
  return createLogCapture({
    emit: 'both',
    eventsPerSecond: 1000,
    eventsPerSpan: 100,
    redact: [],
    threadId: 0,
    sendLog: log => addLog(columns, log),
    onLost: count => void (lost += count),
    markStack() {},
    unixUs: () => nowUs,
    ...options
  })
}

/** As they are sent. */
function sent(): LogRecord[] {
  return redactedRecords(columns, createRedactor())
}

function say(logs: LogCapture, body: string, attributes = {}): void {
  logs.record({ severity: 'INFO', body, attributes, below: say })
}

describe('at most so many calls a second', () => {
  test('are recorded, and the others are counted exactly', () => {
    const logs = capture({ eventsPerSecond: 10 })
    for (let i = 0; i < 100; i++) say(logs, `call ${i}`)
    nowUs += 999_000
    say(logs, 'still the same second')
    nowUs += 1_000
    say(logs, 'the next')
    const bodies = sent().map(({ body }) => body)
    expect(bodies.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, i) => `call ${i}`))
    expect(bodies.slice(10)).toEqual(['the next'])
    expect(lost).toBe(91)
  })

  test('are recorded after somebody has set the clock back', () => {
    const logs = capture({ eventsPerSecond: 1 })
    say(logs, 'before')
    nowUs -= 3_600_000_000
    say(logs, 'after')
    expect(sent().map(({ body }) => body)).toEqual(['before', 'after'])
  })
})

describe('within a span', () => {
  let exporter: tracing.InMemorySpanExporter
  let sdk: NodeSDK
  beforeEach(() => {
    exporter = new tracing.InMemorySpanExporter()
    sdk = new NodeSDK({
      // Exporting would wait for the host's.
      autoDetectResources: false,
      spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
      metricReaders: [],
      logRecordProcessors: []
    })
    sdk.start()
  })
  afterEach(async () => {
    await sdk.shutdown()
    trace.disable()
    context.disable()
  })

  function inSpan(run: () => void): tracing.ReadableSpan {
    trace.getTracer('test').startActiveSpan('work', (span: Span) => {
      run()
      span.end()
    })
    return exporter.getFinishedSpans()[0]!
  }

  test('so many become events, the span counts the others, and all are log records', () => {
    const logs = capture({ eventsPerSpan: 3 })
    const span = inSpan(() => {
      for (let i = 0; i < 8; i++) say(logs, `call ${i}`)
    })
    expect(span.events.map(event => event.attributes?.['log.body'])).toEqual(['call 0', 'call 1', 'call 2'])
    expect(span.attributes['microlog.dropped.events']).toBe(5)
    expect(sent()).toHaveLength(8)
    expect(sent()[0]).toMatchObject({
      uid: span.events[0]!.attributes!['log.record.uid'],
      span: { spanId: span.spanContext().spanId }
    })
  })

  test('with span events alone, what had no room is counted as lost', () => {
    const logs = capture({ eventsPerSpan: 3, emit: 'span-event' })
    inSpan(() => {
      for (let i = 0; i < 8; i++) say(logs, `call ${i}`)
    })
    expect(sent()).toEqual([])
    expect(lost).toBe(5)
  })

  test('with log records alone, the span has no events', () => {
    const logs = capture({ emit: 'log-record' })
    const span = inSpan(() => say(logs, 'call'))
    expect(span.events).toEqual([])
    expect(sent()).toHaveLength(1)
  })

  test('an event has its secrets masked and its body cut, with the length it had', () => {
    const logs = capture()
    const span = inSpan(() => {
      say(logs, 'password=hunter2-Zq9')
      say(logs, 'x'.repeat(5000))
    })
    expect(span.events.map(event => String(event.attributes?.['log.body']))).toEqual([
      'password=********',
      `${'x'.repeat(2048)}… (5000 characters)`
    ])
  })
})

test('long values are cut and marked, the body as well as attributes', () => {
  const logs = capture()
  say(logs, 'b'.repeat(40_000), { long: 'a'.repeat(50_000), short: 'a' })
  const [log] = sent()
  expect(log!.body).toBe(`${'b'.repeat(32_768)}… (40000 characters)`)
  expect(log!.attributes).toMatchObject({
    long: `${'a'.repeat(32_768)}… (50000 characters)`,
    short: 'a',
    'microlog.cut': 'body,long'
  })
})

test("a function of the program's decides what may be kept, and one that fails shows nothing", () => {
  const logs = capture({
    redact: [
      (name, text) => (name === 'iban' ? 'DE…' : text.replaceAll('Jane', 'J.')),
      (name, text) => {
        if (name === 'odd') throw new Error('on purpose')
        return text
      }
    ]
  })
  say(logs, 'order of Jane', { iban: 'DE02 1203', odd: 'secret', token: 'abc' })
  expect(sent()[0]).toMatchObject({
    body: 'order of J.',
    attributes: { iban: 'DE…', odd: '********', token: '********' }
  })
})

test('what is logged while a call is running is part of that call', () => {
  const logs = capture()
  let uid: string | undefined
  logs.call(
    () => {
      say(logs, 'inner')
      uid = logs.currentUid()
    },
    () => () => ({ severity: 'INFO', body: 'outer', attributes: {}, site: undefined })
  )
  expect(sent()).toMatchObject([{ body: 'outer', uid }])
  expect(logs.currentUid()).toBeUndefined()
})

test('a call whose parts throw is counted as lost, and the next one is recorded', () => {
  const logs = capture()
  const refuse = (): never => {
    throw new Error('on purpose')
  }
  expect(
    logs.call(
      () => 'result',
      () => refuse
    )
  ).toBe('result')
  expect(lost).toBe(1)
  say(logs, 'next')
  expect(sent().map(({ body }) => body)).toEqual(['next'])
})

test('a program that has used up its stack within a call is heard again afterwards', () => {
  const logs = capture({ eventsPerSecond: 100_000 })
  const dive = (): void => {
    try {
      dive()
    } finally {
      say(logs, 'at the bottom')
    }
  }
  expect(dive).toThrow(RangeError)
  say(logs, 'next')
  expect(sent().at(-1)!.body).toBe('next')
})
