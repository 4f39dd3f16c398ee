import { gzipSync } from 'node:zlib'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openJournalFile } from '../../../src/collector/ingest/journal-file.ts'
import { sdkBodies } from '../otlp-bodies.ts'
import { spansRequest } from '../span-sender.ts'
import { createApps } from './collector-apps.ts'

const json = { 'content-type': 'application/json' }
const protobuf = { 'content-type': 'application/x-protobuf' }
const body = spansRequest(['1111111111111111'], 'sender')

/** google.rpc.Status: code as field 1, message as field 2. */
function readStatus(bytes: Buffer): { code: number; message: string } {
  expect(bytes[0]).toBe(0x08)
  expect(bytes[2]).toBe(0x12)
  const length = bytes[3]! < 0x80 ? 1 : 2
  return { code: bytes[1]!, message: bytes.subarray(3 + length).toString() }
}

describe('what is wrong with a request is answered as a Status, in its own type', () => {
  const cases: [what: string, request: object, status: number, rpc: number][] = [
    ['a body that is no JSON', { method: 'POST', url: '/v1/traces', headers: json, body: '{"a' }, 400, 3],
    [
      'a body that is no protobuf',
      { method: 'POST', url: '/v1/logs', headers: protobuf, body: Buffer.from([0xff, 1, 2]) },
      400,
      3
    ],
    [
      'gzip that is none',
      { method: 'POST', url: '/v1/logs', headers: { ...json, 'content-encoding': 'gzip' }, body },
      400,
      3
    ],
    ['an unknown path', { method: 'POST', url: '/v1/things', headers: json, body }, 404, 5],
    ['another method', { method: 'GET', url: '/v1/traces', headers: json }, 405, 12],
    [
      'another type',
      { method: 'POST', url: '/v1/traces', headers: { 'content-type': 'text/plain' }, body },
      415,
      3
    ],
    [
      'another coding',
      { method: 'POST', url: '/v1/traces', headers: { ...json, 'content-encoding': 'br' }, body },
      415,
      3
    ],
    [
      'a body over 8 MiB',
      { method: 'POST', url: '/v1/traces', headers: protobuf, body: Buffer.alloc(8 * 1024 * 1024 + 1) },
      413,
      8
    ],
    [
      'a body that inflates to more than 20 MiB',
      {
        method: 'POST',
        url: '/v1/traces',
        headers: { ...protobuf, 'content-encoding': 'gzip' },
        body: gzipSync(Buffer.alloc(21 * 1024 * 1024))
      },
      413,
      8
    ],
    [
      'an unknown host',
      { method: 'POST', url: '/v1/traces', headers: { ...json, host: 'evil.example' }, body },
      421,
      9
    ],
    [
      'another page',
      { method: 'POST', url: '/v1/traces', headers: { ...json, origin: 'http://evil.example' }, body },
      403,
      7
    ]
  ]
  test.each(cases)('%s', async (_what, sent, status, rpc) => {
    const { otlp, ingest } = await createApps()
    const response = await otlp.inject(sent)
    expect(response.statusCode).toBe(status)
    const asked = (sent as { headers: Record<string, string> }).headers['content-type']
    const found =
      asked === 'application/x-protobuf'
        ? readStatus(response.rawPayload)
        : (response.json() as { code: number; message: string })
    expect(found.code).toBe(rpc)
    expect(found.message).toMatch(/\w+ \w+/)
    expect(response.headers['content-type']).toContain(asked === 'text/plain' ? 'json' : asked)
    expect(ingest.journal.statistics.entries).toBe(0)
  })
})

test('405 names the method that is allowed', async () => {
  const { otlp } = await createApps()
  expect((await otlp.inject({ method: 'PUT', url: '/v1/logs' })).headers['allow']).toBe('POST')
})

test('items that can’t be kept are told of as a partial success, and the others are kept', async () => {
  const { otlp, ingest } = await createApps()
  const sent = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: object[] }[] }[] }
  sent.resourceSpans[0]!.scopeSpans[0]!.spans.push({ name: 'without ids' })
  const response = await otlp.inject({
    method: 'POST',
    url: '/v1/traces',
    headers: json,
    body: JSON.stringify(sent)
  })
  expect(response.statusCode).toBe(200)
  const { partialSuccess } = response.json() as {
    partialSuccess: { rejectedSpans: string; errorMessage: string }
  }
  expect(partialSuccess.rejectedSpans).toBe('1')
  expect(partialSuccess.errorMessage).not.toBe('')
  expect(ingest.statistics).toMatchObject({ accepted: 1, rejected: 1 })
})

test('the same request again is answered the same, and kept once', async () => {
  const { otlp, ingest } = await createApps()
  const send = () => otlp.inject({ method: 'POST', url: '/v1/traces', headers: json, body })
  const answers = await Promise.all([send(), send(), send()])
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200])
  expect(ingest.journal.statistics.entries).toBe(1)
})

test('a sync that fails is never answered 200, and the retry of that request is kept', async () => {
  let failing = true
  const apps = await createApps({
    openFile: async path => {
      const file = await openJournalFile(path)
      const sync = (): Promise<void> =>
        failing ? Promise.reject(new Error('input/output error')) : file.sync()
      return { ...file, sync }
    }
  })
  const { otlp, api, ingest, root } = apps
  const send = () => otlp.inject({ method: 'POST', url: '/v1/traces', headers: json, body })
  const refused = await Promise.all([send(), send()])
  expect(refused.map(({ statusCode }) => statusCode)).toEqual([503, 503])
  expect(refused[0]!.headers['retry-after']).toBe('1')
  const health = (await api.inject('/healthz')).json() as { status: string; problems: string[] }
  expect(health.status).toBe('degraded')
  expect(health.problems.join()).toContain('input/output error')
  const seen = (await api.inject('/api/recordings')).json() as { items: object[] }
  expect(seen.items).toEqual([])

  failing = false
  expect((await send()).statusCode).toBe(200)
  expect((await api.inject('/healthz')).json()).toMatchObject({ status: 'ok', problems: [] })
  expect(ingest.statistics.accepted).toBe(1)
  const [journal] = readdirSync(join(root, 'journal'))
  const files = readdirSync(join(root, 'journal', journal!)).filter(name => name.endsWith('.journal'))
  expect(files).toEqual(['000000002.journal'])
})

test.each(sdkBodies.map(sent => [sent.name, sent] as const))(
  'takes %s as the SDK sent it',
  async (_name, sent) => {
    const { otlp, ingest } = await createApps()
    const response = await otlp.inject({
      method: 'POST',
      url: sent.url,
      headers: sent.headers,
      body: sent.body
    })
    expect(response.statusCode).toBe(200)
    expect(ingest.statistics.rejected).toBe(0)
    expect(ingest.statistics.accepted).toBeGreaterThan(0)
  }
)
