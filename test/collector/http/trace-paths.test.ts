// Traces whose root is called GET and nothing else: their paths come from the rows of their spans.
import { expect, test } from 'vitest'
import { MicrologError } from '../../../src/base/errors.ts'
import type { Health, Page, TraceDetail, TraceSummary } from '../../../src/collector/api.ts'
import { blockKind } from '../../../src/format/layout.ts'
import type { OpenSegment } from '../../../src/collector/store/segment.ts'
import { MergedTraces } from '../../../src/collector/query/merged-traces.ts'
import { SegmentSearch } from '../../../src/collector/query/segment-search.ts'
import type { Answer, QuestionName } from '../../../src/collector/query/segment-questions.ts'
import { findTraces } from '../../../src/collector/query/find-traces.ts'
import type { TraceFilter } from '../../../src/collector/query/find-traces.ts'
import { TracePaths } from '../../../src/collector/query/trace-paths.ts'
import { nodeCodec } from '../../../src/collector/store/node-codec.ts'
import { encodeRecording, openRecording } from '../../../src/format/index.ts'
import { memorySource } from '../../../src/format/memory-source.ts'
import { internSet, pushSpan } from '../../helpers/push-rows.ts'
import { builderFromText } from '../../helpers/recording-from-text.ts'
import { putRecording } from '../damaged-segment.ts'
import { temporaryFolder } from '../temporary-store.ts'
import { createApps } from './collector-apps.ts'
import type { CollectorApps } from './collector-apps.ts'

interface Sent {
  trace: number
  name: string
  service?: string
  /** Of a span below another one. */
  below?: boolean
  durationMs?: number
  attributes?: Record<string, string>
}

const idOf = (trace: number): string => trace.toString(16).padStart(32, '0')

async function send({ otlp }: CollectorApps, spans: readonly Sent[]): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n
  const attribute = ([key, stringValue]: [string, string]) => ({ key, value: { stringValue } })
  const resourceSpans = spans.map(
    ({ trace, name, service = 'shop', below, durationMs = 1, attributes = {} }, i) => ({
      resource: {
        attributes: Object.entries({ 'service.name': service, 'service.instance.id': service }).map(attribute)
      },
      scopeSpans: [
        {
          spans: [
            {
              traceId: idOf(trace),
              spanId: (BigInt(now) + BigInt(i)).toString(16).padStart(16, '0'),
              ...(below && { parentSpanId: 'f'.repeat(16) }),
              name,
              kind: 2,
              startTimeUnixNano: String(now + BigInt(i)),
              endTimeUnixNano: String(now + BigInt(i) + BigInt(durationMs) * 1_000_000n),
              attributes: Object.entries(attributes).map(attribute)
            }
          ]
        }
      ]
    })
  )
  const headers = { 'content-type': 'application/json' }
  const answer = await otlp.inject({ method: 'POST', url: '/v1/traces', headers, body: { resourceSpans } })
  expect(answer.statusCode).toBe(200)
}

const orders: Sent[] = [
  { trace: 1, name: 'GET', attributes: { 'url.path': '/orders/7' } },
  { trace: 1, name: 'GET', service: 'stock', below: true, attributes: { 'url.path': '/stock' } },
  { trace: 2, name: 'GET', attributes: { 'url.path': '/orders/12' }, durationMs: 50 },
  { trace: 3, name: 'GET /orders/*', attributes: { 'url.path': '/orders/3' } },
  { trace: 4, name: 'GET', attributes: { 'url.path': '/users' } },
  { trace: 5, name: 'GET' },
  { trace: 6, name: 'GET', service: 'stock', attributes: { 'url.path': '/orders/9' } }
]

const ask = async <T>({ api }: CollectorApps, url: string): Promise<T> => {
  const answer = await api.inject(url)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json<T>()
}
const find = async (apps: CollectorApps, query: string): Promise<number[]> => {
  const { items } = await ask<Page<TraceSummary>>(apps, `/api/traces?${query}`)
  return items.map(({ traceId }) => Number.parseInt(traceId, 16)).sort()
}

test('traces named by a method alone say their path, from whatever recording has their root', async () => {
  const apps = await createApps()
  await send(apps, orders)
  const { items } = await ask<Page<TraceSummary>>(apps, '/api/traces')
  const paths = items.map(({ traceId, path }) => [Number.parseInt(traceId, 16), path])
  expect(new Map(paths as [number, string | undefined][])).toEqual(
    new Map([
      [1, '/orders/7'],
      [2, '/orders/12'],
      [3, undefined],
      [4, '/users'],
      [5, undefined],
      [6, '/orders/9']
    ])
  )
  expect(items.filter(item => 'path' in item)).toHaveLength(4)
  expect(await ask<TraceDetail>(apps, `/api/traces/${idOf(2)}`)).toMatchObject({
    name: 'GET',
    path: '/orders/12'
  })
  expect(await ask<TraceDetail>(apps, `/api/traces/${idOf(3)}`)).not.toHaveProperty('path')
})

test('paths are found again as more comes in', async () => {
  const apps = await createApps()
  await send(apps, [{ trace: 8, name: 'POST', below: true, attributes: { 'http.target': '/late?x' } }])
  const path = async (): Promise<string | undefined> =>
    (await ask<TraceDetail>(apps, `/api/traces/${idOf(8)}`)).path
  expect(await path()).toBe('/late')
  // Its root comes last; a head is shown as it was up to a second ago.
  await send(apps, [{ trace: 8, name: 'POST', attributes: { 'http.target': '/root?x' } }])
  await expect.poll(path, { timeout: 5000 }).toBe('/root')
})

test('an operation is the name of a root, or a method with what its paths have in common', async () => {
  const apps = await createApps()
  await send(apps, orders)
  const operation = (text: string) => `operation=${encodeURIComponent(text)}`
  expect(await find(apps, operation('GET /orders/*'))).toEqual([1, 2, 3, 6])
  expect(await find(apps, operation('GET /orders'))).toEqual([])
  expect(await find(apps, operation('GET'))).toEqual([5])
  // Below the root of the first one.
  expect(await find(apps, operation('GET /stock'))).toEqual([])
  expect(await find(apps, `${operation('GET /orders/*')}&limit=1`)).toHaveLength(1)
  // Of a service whose root it is: the stock took part in the first one, too.
  expect(await find(apps, 'service=stock')).toEqual([1, 6])
  expect(await find(apps, `${operation('GET /orders/*')}&service=stock`)).toEqual([6])
})

test('traces are found up to a duration', async () => {
  const apps = await createApps()
  await send(apps, orders)
  expect(await find(apps, 'minDurationMs=40')).toEqual([2])
  expect(await find(apps, 'maxDurationMs=40')).toEqual([1, 3, 4, 5, 6])
  expect(await find(apps, 'maxDurationMs=40&minDurationMs=40')).toEqual([])
  expect((await apps.api.inject('/api/traces?maxDurationMs=soon')).statusCode).toBe(400)
})

test('a list is answered though the spans of a segment don’t read', async () => {
  const root = temporaryFolder()
  await putRecording(root, 'b', 'spans')
  const apps = await createApps({ root })
  await send(apps, orders)
  const { items } = await ask<Page<TraceSummary>>(apps, '/api/traces')
  expect(items).toHaveLength(7)
  expect(items.filter(({ path }) => path !== undefined)).toHaveLength(4)
  expect((await ask<Health>(apps, '/healthz')).problems).toHaveLength(1)
})

class Unreachable extends SegmentSearch {
  override ask(): never {
    throw new MicrologError('unavailable', 'Expected an answer of the bucket')
  }
}

class Counting extends SegmentSearch {
  asked = 0
  override ask<Name extends QuestionName>(
    ...question: Parameters<SegmentSearch['ask']>
  ): Promise<Answer<Name>> {
    this.asked++
    return super.ask(...question) as Promise<Answer<Name>>
  }
}

/** One in each of so many segments; older ones have no paths by themselves. */
async function storedTraces(
  attributes: Record<string, string>,
  segments = 1,
  older = true
): Promise<[MergedTraces, Int32Array, OpenSegment[]]> {
  const opened: OpenSegment[] = []
  for (let i = 0; i < segments; i++) {
    const builder = builderFromText('0ms\nmain')
    const cells = { name: builder.strings.intern('GET'), attributes: internSet(builder, attributes) }
    pushSpan(builder, 'a', 0, 1, '', { ...cells, traceId: new Uint8Array(16).fill(i + 1) })
    const bytes = await encodeRecording(builder.finish(), { recording: 'r', label: 'shop' }, nodeCodec)
    const whole = await openRecording(memorySource(bytes), nodeCodec)
    const blocks = whole.footer.blocks.filter(({ kind }) => kind !== blockKind.tracePaths)
    const file = older ? { ...whole, footer: { ...whole.footer, blocks } } : whole
    opened.push({ segment: { recording: 'r', id: `s${i}` } as OpenSegment['segment'], file })
  }
  const parts = opened.map(({ segment, file }) => ({
    recording: 'r',
    segment: segment.id,
    footer: file.footer
  }))
  return [await MergedTraces.of(parts), Int32Array.from(opened.keys()), opened]
}

test.each([
  [{ 'url.path': '/orders' }, ['/orders']],
  [{}, []]
])('a segment that doesn’t change is read once for its traces, with %j', async (attributes, expected) => {
  const search = new Counting({ threads: 1 })
  const paths = new TracePaths(search)
  const stored = await storedTraces(attributes)
  for (let turn = 0; turn < 3; turn++) expect([...(await paths.of(...stored)).values()]).toEqual(expected)
  expect(search.asked).toBe(1)
})

test('a list of traces all over the store has the paths of some more each time, an operation all at once', async () => {
  const stored = await storedTraces({ 'url.path': '/' }, 3)
  const paths = new TracePaths(new Counting({ threads: 1 }), { mostRead: 1 })
  const found: number[] = []
  for (let turn = 0; turn < 4; turn++) found.push((await paths.ofShown(...stored)).size)
  expect(found).toEqual([1, 2, 3, 3])
  const others = new TracePaths(new Counting({ threads: 1 }), { mostRead: 1 })
  expect(await others.withOperation('GET /', ...stored)).toHaveLength(3)
})

test('a segment that tells of paths is asked once for all of them, and not for its spans', async () => {
  const [traces, rows, opened] = await storedTraces({ 'url.path': '/Orders/7' }, 3, false)
  const withoutSpans = opened.map(({ segment, file }) => ({
    segment,
    file: { ...file, read: () => Promise.reject(new Error('read')) }
  }))
  const search = new Counting({ threads: 1 })
  const kept: number[] = []
  const paths = new TracePaths(search, { mostRead: 1, onKept: (_, bytes) => kept.push(bytes) })
  for (let turn = 0; turn < 2; turn++) {
    const indexes = await paths.indexes(withoutSpans)
    const find = (filter: TraceFilter) => findTraces(traces, filter, indexes)
    expect(await find({ name: 'orders/7' })).toHaveLength(3)
    expect(await find({ operation: 'GET /Orders/7' })).toHaveLength(0)
    const found = await find({ operation: 'GET /Orders/*' })
    expect(await paths.withOperation('GET /Orders/*', traces, found, withoutSpans, indexes)).toHaveLength(3)
    expect((await paths.ofShown(traces, rows, withoutSpans)).size).toBe(3)
  }
  expect(search.asked).toBe(3)
  // A text as it is and in lower case, with line feeds, and four numbers: of the trace, two of the texts, of the operation.
  expect(kept).toEqual(Array(3).fill(2 * 'GET /Orders/7\n'.length + 4 * 4))
})

test('an older segment is asked for its spans beside one that tells of paths', async () => {
  const [traces, , opened] = await storedTraces({ 'url.path': '/orders/7' }, 2, false)
  const { footer, ...file } = opened[0]!.file
  const blocks = footer.blocks.filter(({ kind }) => kind !== blockKind.tracePaths)
  const mixed = [{ ...opened[0]!, file: { ...file, footer: { ...footer, blocks } } }, opened[1]!]
  const paths = new TracePaths(new Counting({ threads: 1 }))
  const indexes = await paths.indexes(mixed)
  for (const [operation, count] of [
    ['GET /orders/*', 2],
    ['GET /users', 0]
  ] as const) {
    const found = await findTraces(traces, { operation }, indexes)
    expect(await paths.withOperation(operation, traces, found, mixed, indexes)).toHaveLength(count)
  }
})

test('a part of a name, or of id, name and service, may lie in the path', async () => {
  const apps = await createApps()
  await send(apps, orders)
  for (const what of ['name', 'q']) {
    const findText = (text: string) => find(apps, `${what}=${encodeURIComponent(text)}`)
    expect(await findText('orders/')).toEqual([1, 2, 3, 6])
    expect(await findText('get /ORDERS/12')).toEqual([2])
    expect(await findText('/stock')).toEqual([])
    expect(await findText('7\nGET')).toEqual([])
    expect(await findText('users')).toEqual([4])
  }
})

test('a list goes without paths while the store can’t be read, and an operation isn’t searched for in vain', async () => {
  const stored = await storedTraces({})
  const paths = new TracePaths(new Unreachable({ threads: 1 }))
  expect(await paths.ofShown(...stored)).toEqual(new Map())
  await expect(paths.withOperation('GET /', ...stored)).rejects.toThrow('the bucket')
})
