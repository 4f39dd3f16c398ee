import { describe, expect, test } from 'vitest'
import { readOtlpRequest } from '../../../src/convert/otlp/read-request.ts'
import type { RequestSlices } from '../../../src/convert/otlp/read-request.ts'
import { ByteWriter } from '../../../src/base/byte-writer.ts'
import { defaultLimits } from '../../../src/otlp/sink.ts'
import type { OtlpLimits, OtlpSignal } from '../../../src/otlp/sink.ts'
import { readAttributes } from '../../../src/recording/attributes.ts'
import { attributeType } from '../../../src/recording/schema.ts'
import type { Recording } from '../../../src/recording/schema.ts'
import { encodeByOracle } from '../../helpers/otlp-oracle.ts'

const ids = { traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174' }
const time = '1795333068669000001'
const span = { ...ids, name: 'GET /', startTimeUnixNano: time, endTimeUnixNano: '1795333068669000009' }

function spansOf(...spans: unknown[]): unknown {
  return { resourceSpans: [{ scopeSpans: [{ spans }] }] }
}

function text(json: unknown): Uint8Array {
  return new TextEncoder().encode(typeof json === 'string' ? json : JSON.stringify(json))
}

function read(
  json: unknown,
  signal: OtlpSignal = 'traces',
  limits: OtlpLimits = defaultLimits,
  receivedMs?: number
): RequestSlices {
  const identify = (resource: ReadonlyMap<string, string>): string => resource.get('service.name') ?? ''
  return readOtlpRequest({ signal, encoding: 'json', bytes: text(json), limits, identify, receivedMs })
}

function only(result: RequestSlices): Recording {
  expect(result.slices).toHaveLength(1)
  return result.slices[0]!.recording
}

function attributesOf(recording: Recording, set: number): Record<string, string> {
  return Object.fromEntries(readAttributes(recording, set).map(({ key, text }) => [key, text]))
}

function resourceOf(name: string, spans: unknown[] = [span]): unknown {
  const attributes = [{ key: 'service.name', value: { stringValue: name } }]
  return { resource: { attributes }, scopeSpans: [{ spans }] }
}

describe('a request', () => {
  test('becomes one recording for each sender, whatever the order of its resources', () => {
    const names = ['shop', 'stock', 'shop']
    const { slices, outcome } = read({ resourceSpans: names.map(name => resourceOf(name)) })
    expect(
      slices.map(({ resource, recording }) => [resource.get('service.name'), recording.spans.length])
    ).toEqual([
      ['shop', 2],
      ['stock', 1]
    ])
    expect(outcome).toEqual({ accepted: 3, rejected: 0, message: '' })
  })

  test('of resources without items becomes none', () => {
    expect(read({ resourceSpans: [resourceOf('shop', [])] }).slices).toEqual([])
    expect(read({}).slices).toEqual([])
  })

  test('keeps nothing of its bytes alive, where they are a Buffer too', () => {
    const attributes = [{ key: 'raw', value: { bytesValue: 'AQID' } }]
    const body = Buffer.from(encodeByOracle('traces', spansOf({ ...span, attributes })))
    const { slices } = readOtlpRequest({
      signal: 'traces',
      encoding: 'protobuf',
      bytes: body,
      identify: () => ''
    })
    const [kept] = slices[0]!.recording.blobs
    body.fill(0)
    expect([...kept!]).toEqual([1, 2, 3])
    expect(kept!.buffer.byteLength).toBe(3)
  })

  test('names a thousand senders at most', () => {
    const of = (count: number) => ({
      resourceSpans: Array.from({ length: count }, (_, i) => resourceOf(`shop ${i}`))
    })
    expect(read(of(1000)).slices).toHaveLength(1000)
    expect(() => read(of(1001))).toThrow(/1000 senders/)
  })

  test('of a process that runs for months keeps its figures, whatever its counters began with', () => {
    const point = (startTimeUnixNano: string) => ({ startTimeUnixNano, timeUnixNano: time, asDouble: 1 })
    const began = String(BigInt(time) - 60n * 86_400_000_000_000n)
    const gauge = { name: 'heap', gauge: { dataPoints: [point(began)] } }
    const sum = { name: 'requests', sum: { dataPoints: [point(began), point(time)] } }
    const { slices, outcome } = read(
      {
        resourceMetrics: [
          { scopeMetrics: [{ metrics: [sum, gauge, { ...gauge, gauge: { dataPoints: [point('0')] } }] }] }
        ]
      },
      'metrics'
    )
    expect(outcome).toEqual({ accepted: 4, rejected: 0, message: '' })
    const { recording } = slices[0]!
    expect(recording.epoch).toBe(BigInt(time))
    expect([...recording.points.time]).toEqual([0])
    expect(recording.opaque.length).toBe(1)
  })

  test('is not placed by what it rejects', () => {
    const old = String(BigInt(time) - 90n * 86_400_000_000_000n)
    const bad = { ...span, startTimeUnixNano: old, endTimeUnixNano: time }
    const { slices, outcome } = read(spansOf(bad, span, span))
    expect(outcome).toMatchObject({ accepted: 2, rejected: 1 })
    expect(slices[0]!.recording.epoch).toBe(BigInt(time))
  })

  test('is placed by when it came: no bad time costs the good ones beside it, whatever their order', () => {
    const far = [
      { ...span, startTimeUnixNano: '1', endTimeUnixNano: '2' },
      { ...span, startTimeUnixNano: '2000000000000000000' }
    ]
    const receivedMs = Number(BigInt(time) / 1_000_000n)
    for (const spans of [
      [...far, span],
      [span, ...far],
      [far[0], span, far[1]]
    ]) {
      const { slices, outcome } = read(spansOf(...spans), 'traces', defaultLimits, receivedMs)
      expect(outcome).toMatchObject({ accepted: 1, rejected: 2, message: expect.stringMatching(/52 days/) })
      const { epoch, spans: kept } = slices[0]!.recording
      expect(epoch + BigInt(kept.start[0]!)).toBe(BigInt(time))
    }
  })

  test('of a sender whose clock is far off is placed by its first time, beside others that are not', () => {
    const old = resourceOf('old', [{ ...span, startTimeUnixNano: '1', endTimeUnixNano: '2' }, span])
    const receivedMs = Number(BigInt(time) / 1_000_000n) + 90 * 86_400_000
    const late = String(BigInt(receivedMs) * 1_000_000n)
    const now = resourceOf('now', [span, { ...span, startTimeUnixNano: late, endTimeUnixNano: late }])
    const { slices, outcome } = read({ resourceSpans: [old, now] }, 'traces', defaultLimits, receivedMs)
    expect(outcome).toMatchObject({ accepted: 2, rejected: 2 })
    const starts = slices.map(({ recording: { epoch, spans } }) => epoch + BigInt(spans.start[0]!))
    expect(starts).toEqual([1n, BigInt(late)])
  })

  test('gives times of rejected histograms to nobody', () => {
    const histogram = (timeUnixNano: string) => ({
      name: 'h',
      histogram: { dataPoints: [{ timeUnixNano, count: '1' }] }
    })
    const old = String(BigInt(time) - 90n * 86_400_000_000_000n)
    const of = (name: string, metrics: unknown[]) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: name } }] },
      scopeMetrics: [{ metrics }]
    })
    const both = { name: 'h', histogram: { dataPoints: [{ timeUnixNano: time }, { timeUnixNano: old }] } }
    const { slices, outcome } = read(
      { resourceMetrics: [of('a', [both]), of('b', [histogram('0')]), of('c', [both, histogram(time)])] },
      'metrics'
    )
    expect(outcome).toMatchObject({ accepted: 2, rejected: 4 })
    expect(slices.map(({ resource }) => resource.get('service.name'))).toEqual(['b', 'c'])
    expect([...slices[0]!.recording.opaque.from]).toEqual([NaN])
    expect([...slices[1]!.recording.opaque.from]).toEqual([0])
  })

  test('keeps times to the nanosecond beside the first one set', () => {
    const recording = only(read(spansOf({ ...span, startTimeUnixNano: 0 }, span)))
    expect(recording.epoch).toBe(1795333068669000009n)
    expect([...recording.spans.start]).toEqual([NaN, -8])
    expect([...recording.spans.end]).toEqual([0, 0])
  })

  test('gives resource and scope to items that come before them on the wire', () => {
    // ResourceSpans { scope_spans { spans, scope }, resource }: the JSON encoder keeps the order of keys.
    const attributes = [{ key: 'service.name', value: { stringValue: 'late' } }]
    const scopeSpans = [{ spans: [span], schemaUrl: 'inner', scope: { name: 'lib' } }]
    const recording = only(
      read({ resourceSpans: [{ scopeSpans, schemaUrl: 'outer', resource: { attributes } }] })
    )
    expect(attributesOf(recording, recording.resources.attributes[recording.spans.resource[0]!]!)).toEqual({
      'service.name': 'late'
    })
    expect(recording.strings[recording.scopes.name[recording.spans.scope[0]!]!]).toBe('lib')
    expect(recording.strings[recording.scopes.schemaUrl[0]!]).toBe('inner')
    expect(recording.strings[recording.resources.schemaUrl[0]!]).toBe('outer')
  })
})

describe('a bad record is rejected and the rest is accepted', () => {
  test.each<[string, unknown, RegExp]>([
    ['a trace id of 15 bytes', { ...span, traceId: ids.traceId.slice(2) }, /16 bytes/],
    ['a trace id of zeros', { ...span, traceId: '0'.repeat(32) }, /zero/],
    ['a trace id that is no hex', { ...span, traceId: 'hello' }, /16 bytes/],
    ['no span id', { ...span, spanId: undefined }, /8 bytes/],
    ['a parent of 3 bytes', { ...span, parentSpanId: 'abcdef' }, /8 bytes/],
    ['a time beyond 2^63', { ...span, startTimeUnixNano: '18446744073709551615' }, /nanoseconds/],
    ['a time that is no number', { ...span, startTimeUnixNano: 'yesterday' }, /nanoseconds/],
    ['a time of too many digits', { ...span, endTimeUnixNano: '9'.repeat(21) }, /nanoseconds/],
    ['a time in milliseconds', { ...span, endTimeUnixNano: '1795333068669' }, /52 days/],
    ['an event at a bad time', { ...span, events: [{ timeUnixNano: '1' }] }, /52 days/]
  ])('%s', (_, bad, message) => {
    const result = read(spansOf(span, bad, span))
    expect(result.outcome).toMatchObject({ accepted: 2, rejected: 1 })
    expect(result.outcome.message).toMatch(message)
    expect(only(result).spans.length).toBe(2)
    expect(only(result).events.length).toBe(0)
  })

  test('but a log with bad ids counts as one without a span', () => {
    const logRecords = [{ timeUnixNano: time, traceId: 'abc', spanId: 'abcd' }]
    const result = read({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }, 'logs')
    expect(result.outcome.accepted).toBe(1)
    expect([...only(result).logs.link]).toEqual([0])
  })
})

/** A log whose body is an array in an array in …, written from the inside out. */
function nestedBody(depth: number): Uint8Array {
  const wrap = (field: number, inner: Uint8Array) => {
    const out = new ByteWriter()
    out.varint(field * 8 + 2)
    out.bytes(inner)
    return out.finish()
  }
  let value: Uint8Array = new Uint8Array(0)
  for (let i = 0; i < depth; i++) value = wrap(5, wrap(1, value))
  return wrap(1, wrap(2, wrap(2, wrap(5, value))))
}

describe('limits', () => {
  test('100,001 empty spans are refused', () => {
    const body = encodeByOracle('traces', spansOf(...Array.from({ length: 100_001 }, () => ({}))))
    expect(() =>
      readOtlpRequest({ signal: 'traces', encoding: 'protobuf', bytes: body, identify: () => '' })
    ).toThrow(expect.objectContaining({ code: 'too-large' }))
  })

  test('events, links, points and samples count as items', () => {
    const limits = { ...defaultLimits, items: 10 }
    const many = Array.from({ length: 10 }, () => ({}))
    const point = { timeUnixNano: time, asInt: 1 }
    const metric = (points: unknown[]) => ({
      resourceMetrics: [{ scopeMetrics: [{ metrics: [{ gauge: { dataPoints: points } }] }] }]
    })
    const tooLarge = expect.objectContaining({ code: 'too-large' }) as Error
    expect(() => read(spansOf({ ...span, events: many }), 'traces', limits)).toThrow(tooLarge)
    expect(() => read(spansOf({ ...span, links: many }), 'traces', limits)).toThrow(tooLarge)
    expect(() => read(metric(many.map(() => point)), 'metrics', limits)).not.toThrow()
    expect(() => read(metric([...many, {}].map(() => point)), 'metrics', limits)).toThrow(tooLarge)
    expect(() => read(metric([...many, {}]), 'metrics', limits)).toThrow(tooLarge)
  })

  test('histograms of many scopes do not fill the memory with the resource they share', () => {
    const attributes = [{ key: 'large', value: { stringValue: 'x'.repeat(60_000) } }]
    const scopeMetrics = Array.from({ length: 500 }, (_, at) => ({
      scope: { name: `scope ${at}` },
      metrics: [{ name: 'sizes', histogram: { dataPoints: [{ timeUnixNano: time, count: '1' }] } }]
    }))
    const { outcome, slices } = read(
      { resourceMetrics: [{ resource: { attributes }, scopeMetrics }] },
      'metrics'
    )
    const kept = slices[0]!.recording.blobs
    expect(kept.reduce((sum, blob) => sum + blob.length, 0)).toBeLessThan(17 * 1024 * 1024)
    expect(outcome).toEqual({
      accepted: kept.length,
      rejected: 500 - kept.length,
      message: 'Expected fewer scopes that share one large resource'
    })
    expect(outcome.accepted).toBeGreaterThan(200)
  })

  test('attributes beyond 128 are dropped and counted', () => {
    const attributes = Array.from({ length: 200 }, (_, at) => ({ key: `k${at}`, value: { intValue: at } }))
    const recording = only(read(spansOf({ ...span, attributes, droppedAttributesCount: 5 })))
    expect(readAttributes(recording, recording.spans.attributes[0]!)).toHaveLength(128)
    expect(recording.spans.droppedAttributes[0]).toBe(77)
  })

  test('a value is cut at 64 KiB, between characters, and marked', () => {
    const attributes = [
      { key: 'a', value: { stringValue: 'x'.repeat(65_536) } },
      { key: 'b', value: { stringValue: `x${'é'.repeat(40_000)}` } },
      { key: 'c', value: { bytesValue: Buffer.alloc(70_000, 1).toString('base64') } },
      { key: 'd', value: { arrayValue: { values: [{ stringValue: 'x'.repeat(70_000) }] } } }
    ]
    const recording = only(read(spansOf({ ...span, attributes })))
    const { a, b, d } = attributesOf(recording, recording.spans.attributes[0]!)
    expect(a).toBe('x'.repeat(65_536))
    expect(b).toBe(`x${'é'.repeat(32_767)}…`)
    expect(d).toMatch(/^… \(\d+ bytes\)$/)
    expect(recording.blobs[0]!.length).toBe(65_536 + 3)
    expect(new TextDecoder().decode(recording.blobs[0]!.slice(-3))).toBe('…')
  })

  test('values nest 64 deep and no deeper, in both encodings', () => {
    const nested = (depth: number): unknown =>
      depth === 0 ? { intValue: 1 } : { arrayValue: { values: [nested(depth - 1)] } }
    const request = (depth: number) => spansOf({ ...span, attributes: [{ key: 'a', value: nested(depth) }] })
    expect(read(request(64)).outcome.accepted).toBe(1)
    expect(() => read(request(65))).toThrow(/levels/)
    for (const depth of [65, 5000])
      expect(() =>
        readOtlpRequest({
          signal: 'logs',
          encoding: 'protobuf',
          bytes: nestedBody(depth),
          identify: () => ''
        })
      ).toThrow(/levels/)
    const { outcome } = readOtlpRequest({
      signal: 'logs',
      encoding: 'protobuf',
      bytes: nestedBody(64),
      identify: () => ''
    })
    expect(outcome.accepted).toBe(1)
  })

  test('16 MB of brackets are refused before they are parsed', () => {
    const brackets = new Uint8Array(16_000_000).fill(0x5b)
    expect(() =>
      readOtlpRequest({ signal: 'traces', encoding: 'json', bytes: brackets, identify: () => '' })
    ).toThrow(/levels/)
  })
})

describe('JSON', () => {
  test('may give 64-bit integers as numbers, ids in capitals and enums by name', () => {
    const recording = only(
      read(
        spansOf({
          ...span,
          traceId: ids.traceId.toUpperCase(),
          startTimeUnixNano: 1795333068669000200,
          kind: 'SPAN_KIND_CLIENT',
          status: { code: 'STATUS_CODE_ERROR' },
          attributes: [{ key: 'a', value: { intValue: 42 } }]
        })
      )
    )
    expect(Buffer.from(recording.spans.traceId).toString('hex')).toBe(ids.traceId)
    expect(recording.epoch).toBe(1795333068669000200n)
    expect([recording.spans.kind[0], recording.spans.statusCode[0]]).toEqual([3, 2])
    expect(attributesOf(recording, recording.spans.attributes[0]!)).toEqual({ a: '42' })
  })

  test('may give nanoseconds and other integers beyond 2^53 as bare numbers: every digit counts', () => {
    const body = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${ids.traceId}","spanId":"${ids.spanId}",
      "startTimeUnixNano":${time}, "endTimeUnixNano" :1795333068669000003,"name":"\\":1795333068669000003",
      "attributes":[{"key":"a","value":{"intValue":-9007199254740993}},{"key":"b","value":{"doubleValue":-12345678901234567890}},
        {"key":"c","value":{"doubleValue":1.2345678901234567}}]}]}]}]}`
    const recording = only(read(body))
    expect([recording.epoch, recording.spans.end[0]]).toEqual([BigInt(time), 2])
    expect(recording.strings[recording.spans.name[0]!]).toBe('":1795333068669000003')
    expect(attributesOf(recording, recording.spans.attributes[0]!)).toEqual({
      a: '-9007199254740993',
      b: String(-12345678901234567890),
      c: '1.2345678901234567'
    })
  })

  test('may give a whole number beyond 64 bits as an integer: it becomes a double', () => {
    const recording = only(read(spansOf({ ...span, attributes: [{ key: 'a', value: { intValue: 1e300 } }] })))
    expect(recording.sets.type[0]).toBe(attributeType.double)
    expect(recording.sets.value[0]).toBe(1e300)
  })

  test('may hold fields nobody knows, and keys that mean something to JavaScript', () => {
    const body = `{"__proto__":{"polluted":1},"resourceSpans":[{"__proto__":{"polluted":1},"x":[[]],"scopeSpans":[{"spans":[
      {"constructor":{},"traceId":"${ids.traceId}","spanId":"${ids.spanId}","startTimeUnixNano":"${time}","attributes":[
        {"key":"__proto__","value":{"stringValue":"a","__proto__":{"polluted":1}}},
        {"key":"toString","value":{"stringValue":"b"}}]}]}]}]}`
    const recording = only(read(body))
    const texts = readAttributes(recording, recording.spans.attributes[0]!).map(
      ({ key, text }) => `${key}=${text}`
    )
    expect(texts).toEqual(['__proto__=a', 'toString=b'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test.each<[string, unknown]>([
    ['is cut short', '{"resourceSpans":['],
    ['is no object', '[]'],
    ['is empty', ''],
    ['has an object for a list', { resourceSpans: {} }],
    ['has a number for a message', { resourceSpans: [1] }],
    ['has null for a message', { resourceSpans: [null] }],
    ['has a number for a string', spansOf({ ...span, name: 1 })],
    ['has a string for a number', spansOf({ ...span, flags: 'x' })],
    ['has text for base64', spansOf({ ...span, attributes: [{ key: 'a', value: { bytesValue: '%%%' } }] })]
  ])('that %s is refused with what was expected', (_, body) => {
    expect(() => read(body)).toThrow(
      expect.objectContaining({ code: 'invalid-input', message: expect.stringMatching(/^Expected/) })
    )
  })
})
