// From OTLP over HTTP to what a person sees, through the real journal, store and files.
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type {
  LogLine,
  Page,
  RecordingSummary,
  SegmentSummary,
  TraceSummary
} from '../../src/collector/api.ts'
import { createCollector } from '../../src/collector/index.ts'
import type { Collector } from '../../src/collector/api.ts'
import { lengthPrefixed, otlpFixtures, publishedBodies, sdkBodies } from './otlp-bodies.ts'
import { temporaryFolder } from './temporary-store.ts'

async function start(store: string): Promise<Collector> {
  const collector = await createCollector({ store, port: 0, otlpPort: 0, ui: false })
  onTestFinished(() => collector.close())
  return collector
}

async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url)
  expect(response.status).toBe(200)
  return (await response.json()) as T
}

async function post(url: string, body: Buffer, headers: Record<string, string>): Promise<Response> {
  return fetch(url, { method: 'POST', body: new Uint8Array(body), headers })
}

test('every body of real clients is accepted, and answered in the type it came in', async () => {
  const collector = await start(temporaryFolder())
  for (const { name, url, headers, body } of [...sdkBodies, ...publishedBodies]) {
    const response = await post(collector.otlpUrl + url, body, headers)
    expect(response.status, name).toBe(200)
    expect(response.headers.get('content-type'), name).toContain(headers['content-type'])
    const answer = Buffer.from(await response.arrayBuffer())
    expect(answer.toString(), name).toBe(headers['content-type'] === 'application/json' ? '{}' : '')
  }
})

test('requests whose bodies come to lie in the same memory keep what each of them said, in the journal as well', async () => {
  const store = temporaryFolder()
  const first = await start(store)
  const said: string[] = []
  const send = async (request: number) => {
    const texts = Array.from({ length: 1000 }, (_, i) => `request ${request}, line ${i} ${'.'.repeat(200)}`)
    said.push(...texts)
    const logRecords = texts.map(stringValue => ({ timeUnixNano: '1', body: { stringValue } }))
    const body = Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }))
    const headers = { 'content-type': 'application/json' }
    expect((await post(`${first.otlpUrl}/v1/logs`, body, headers)).status).toBe(200)
  }
  for (let round = 0; round < 3; round++) await Promise.all([0, 1, 2].map(i => send(round * 3 + i)))
  const crashed = temporaryFolder()
  cpSync(store, crashed, { recursive: true })

  for (const collector of [first, await start(crashed)]) {
    const lines = await getJson<Page<LogLine>>(`${collector.uiUrl}/api/logs?limit=10000`)
    expect(lines.items.map(({ body }) => body).sort()).toEqual(said.sort())
  }
})

test('what came is seen at once, and the same after it was sealed and the collector started again', async () => {
  const store = temporaryFolder()
  const first = await start(store)
  const spans = lengthPrefixed(join(otlpFixtures, 'shop/spans-5k.lp.bin'))
  const logs = lengthPrefixed(join(otlpFixtures, 'shop/logs-5k.lp.bin'))
  const headers = { 'content-type': 'application/x-protobuf' }
  for (const body of spans) expect((await post(`${first.otlpUrl}/v1/traces`, body, headers)).status).toBe(200)
  for (const body of logs) expect((await post(`${first.otlpUrl}/v1/logs`, body, headers)).status).toBe(200)

  const look = async (collector: Collector) => {
    const recordings = await getJson<Page<RecordingSummary>>(`${collector.uiUrl}/api/recordings`)
    const counts = recordings.items.map(({ id, label, spans, logs }) => ({ id, label, spans, logs }))
    const traces = await getJson<Page<TraceSummary>>(`${collector.uiUrl}/api/traces?limit=10000`)
    const lines = await getJson<Page<LogLine>>(`${collector.uiUrl}/api/logs?limit=10000`)
    return { counts, traces: traces.items, lines: lines.items }
  }
  const open = await look(first)
  expect(open.counts.reduce((sum, { spans }) => sum + spans, 0)).toBe(5120)
  expect(open.counts.reduce((sum, { logs }) => sum + logs, 0)).toBe(5120)
  expect(open.traces.reduce((sum, { spans }) => sum + spans, 0)).toBe(5120)
  expect(open.lines).toHaveLength(5120)
  await first.close()

  const second = await start(store)
  expect(await look(second)).toEqual(open)
  const { id } = open.counts[0]!
  const segments = await getJson<Page<SegmentSummary>>(`${second.uiUrl}/api/recordings/${id}/segments`)
  expect(segments.items.every(({ live }) => !live)).toBe(true)
})
