import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import type { FastifyInstance } from 'fastify'
import type {
  LogLine,
  Page,
  RecordingSummary,
  SegmentSummary,
  TraceDetail,
  TraceSummary
} from '../../../src/collector/api.ts'
import { lengthPrefixed, otlpFixtures, sdkBodies } from '../otlp-bodies.ts'
import { spansRequest } from '../span-sender.ts'
import { createApps } from './collector-apps.ts'

async function get<T>(api: FastifyInstance, url: string): Promise<T> {
  const response = await api.inject(url)
  expect(response.statusCode, `${url}: ${response.body.slice(0, 200)}`).toBe(200)
  return response.json() as T
}

async function withSdkTrace() {
  const apps = await createApps()
  for (const name of ['traces-proto', 'logs-proto', 'metrics-proto']) {
    const { url, headers, body } = sdkBodies.find(sent => sent.name === name)!
    expect((await apps.otlp.inject({ method: 'POST', url, headers, body })).statusCode).toBe(200)
  }
  const { items } = await get<Page<RecordingSummary>>(apps.api, '/api/recordings')
  return { ...apps, recordings: items }
}

test('one process’s signals meet in one recording, with its counts and resource', async () => {
  const { api, recordings } = await withSdkTrace()
  expect(recordings).toHaveLength(1)
  expect(recordings[0]).toMatchObject({ spans: 2 })
  expect(recordings[0]!.logs).toBeGreaterThan(0)
  const detail = await get<{ resource: object }>(api, `/api/recordings/${recordings[0]!.id}`)
  expect(detail.resource).toHaveProperty(['service.name'], recordings[0]!.service)
  expect(await get(api, '/api/recordings?q=nothing-like-it')).toEqual({ items: [] })
  expect(await get(api, `/api/recordings?to=${recordings[0]!.start - 1}`)).toEqual({ items: [] })
})

test('a segment’s bytes come whole and in ranges, and never change under their id', async () => {
  const { api, recordings } = await withSdkTrace()
  const base = `/api/recordings/${recordings[0]!.id}/segments`
  const { items } = await get<Page<SegmentSummary>>(api, base)
  expect(items).toHaveLength(1)
  const url = `${base}/${items[0]!.id}`
  const whole = await api.inject(url)
  expect(whole.rawPayload).toHaveLength(items[0]!.bytes)
  expect(whole.rawPayload.subarray(0, 8).toString()).toBe('MICROLOG')
  expect(whole.headers).toMatchObject({ 'cache-control': 'no-store', 'accept-ranges': 'bytes' })
  const tail = await api.inject({ url, headers: { range: 'bytes=-8' } })
  expect(tail.statusCode).toBe(206)
  expect(tail.rawPayload.toString()).toBe('MICROLOG')
  const middle = await api.inject({ url, headers: { range: 'bytes=2-4' } })
  expect(middle.headers['content-range']).toBe(`bytes 2-4/${items[0]!.bytes}`)
  expect(middle.rawPayload.toString()).toBe('CRO')
  expect((await api.inject({ url, headers: { range: 'bytes=999999999-' } })).statusCode).toBe(416)
  expect((await api.inject(`${base}/0-1-2`)).statusCode).toBe(404)
})

test('a sealed segment may be cached for ever, and the id of its head still finds it', async () => {
  const { api, otlp } = await createApps({ sealAfterMs: 30 })
  const body = spansRequest(['1111111111111111'], 'sealed')
  await otlp.inject({
    method: 'POST',
    url: '/v1/traces',
    headers: { 'content-type': 'application/json' },
    body
  })
  const { items } = await get<Page<RecordingSummary>>(api, '/api/recordings')
  const base = `/api/recordings/${items[0]!.id}/segments`
  for (;;) {
    const [segment] = (await get<Page<SegmentSummary>>(api, base)).items
    if (segment!.live) {
      // Injected requests alone leave no turn to the clock that seals.
      await setTimeout(10)
      continue
    }
    expect((await api.inject(`${base}/${segment!.id}`)).headers['cache-control']).toContain('immutable')
    const byHead = await api.inject(`${base}/live-${segment!.id}`)
    expect(byHead.statusCode).toBe(200)
    expect(byHead.headers['cache-control']).toBe('no-store')
    return
  }
})

test('a deleted recording is gone, and late data does not bring it back', async () => {
  const { api, otlp, recordings } = await withSdkTrace()
  const url = `/api/recordings/${recordings[0]!.id}`
  expect((await api.inject({ method: 'DELETE', url })).statusCode).toBe(204)
  const { url: logs, headers, body } = sdkBodies.find(sent => sent.name === 'logs-proto')!
  const late = { headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body) }
  expect((await otlp.inject({ method: 'POST', url: logs, ...late })).statusCode).toBe(200)
  expect(await get(api, '/api/recordings')).toEqual({ items: [] })
  expect((await api.inject(url)).statusCode).toBe(404)
  expect((await api.inject({ method: 'DELETE', url })).statusCode).toBe(404)
})

describe('traces', () => {
  test('are told of as summaries, in detail and as OTLP', async () => {
    const { api, recordings } = await withSdkTrace()
    const { items } = await get<Page<TraceSummary>>(api, '/api/traces')
    expect(items).toHaveLength(1)
    const { traceId } = items[0]!
    expect(items[0]).toMatchObject({ spans: 2, errors: 1, service: recordings[0]!.service })
    const detail = await get<TraceDetail>(api, `/api/traces/${traceId}`)
    expect(detail.segments).toHaveLength(1)
    expect(detail.segments[0]!.recording).toBe(recordings[0]!.id)
    const otlp = await get<{ resourceSpans: { scopeSpans: { spans: { traceId: string }[] }[] }[] }>(
      api,
      `/api/traces/${traceId}?format=otlp`
    )
    const spans = otlp.resourceSpans.flatMap(group => group.scopeSpans.flatMap(scope => scope.spans))
    expect(spans.map(span => span.traceId)).toEqual([traceId, traceId])
    expect((await api.inject(`/api/traces/${'0'.repeat(31)}1`)).statusCode).toBe(404)
    expect((await api.inject(`/api/traces/${traceId}?format=xml`)).statusCode).toBe(400)
  })

  test('are found by what they are asked for, and by nothing else', async () => {
    const { api, otlp } = await createApps()
    for (const body of lengthPrefixed(join(otlpFixtures, 'shop/spans-5k.lp.bin'))) {
      await otlp.inject({
        method: 'POST',
        url: '/v1/traces',
        headers: { 'content-type': 'application/x-protobuf' },
        body
      })
    }
    const all = (await get<Page<TraceSummary>>(api, '/api/traces?limit=10000')).items
    const find = async (query: string) =>
      (await get<Page<TraceSummary>>(api, `/api/traces?limit=10000&${query}`)).items
    const { name, service, traceId, durationMs } = all[5]!
    expect((await find(`name=${encodeURIComponent(name)}`)).every(trace => trace.name.includes(name))).toBe(
      true
    )
    expect(await find(`service=${service}`)).toHaveLength(all.length)
    expect(await find('service=none')).toEqual([])
    expect(await find(`q=${traceId}`)).toEqual([all[5]])
    const slow = all.filter(trace => trace.durationMs >= durationMs).length
    expect(await find(`minDurationMs=${durationMs}`)).toHaveLength(slow)
    const failed = all.filter(trace => trace.errors > 0).length
    expect(await find('error=true')).toHaveLength(failed)
    expect(await find('error=false')).toHaveLength(all.length - failed)
    expect(
      (await find('attr=http.request.method:GET')).length + (await find('attr=http.method:GET')).length
    ).toBeGreaterThan(0)
    expect(await find('attr=http.request.method:BREW')).toEqual([])
    expect((await api.inject('/api/traces?minDurationMs=soon')).statusCode).toBe(400)
  })

  test('come in pages that hold each of them once', async () => {
    const { api, otlp } = await createApps()
    const ids = Array.from({ length: 25 }, (_, i) => String(i + 1).padStart(16, '0'))
    const body = spansRequest(ids, 'pages')
    await otlp.inject({
      method: 'POST',
      url: '/v1/traces',
      headers: { 'content-type': 'application/json' },
      body
    })
    const seen: string[] = []
    let cursor = ''
    do {
      const page: Page<TraceSummary> = await get(
        api,
        `/api/traces?limit=10&cursor=${encodeURIComponent(cursor)}`.replace(/&cursor=$/, '')
      )
      seen.push(...page.items.map(({ traceId }) => traceId))
      cursor = page.cursor ?? ''
    } while (cursor)
    expect(seen.sort()).toEqual(ids.map(id => id + id))
    expect((await api.inject('/api/traces?cursor=nonsense')).statusCode).toBe(400)
  })
})

test('logs are found by level, trace and text, newest first', async () => {
  const { api, otlp } = await createApps()
  for (const body of lengthPrefixed(join(otlpFixtures, 'shop/logs-5k.lp.bin'))) {
    await otlp.inject({
      method: 'POST',
      url: '/v1/logs',
      headers: { 'content-type': 'application/x-protobuf' },
      body
    })
  }
  const find = async (query: string) =>
    (await get<Page<LogLine>>(api, `/api/logs?limit=10000&${query}`)).items
  const all = await find('')
  expect(all).toHaveLength(5120)
  expect(all.every((line, i) => i === 0 || line.time <= all[i - 1]!.time)).toBe(true)
  const levels = new Set(all.map(({ level }) => level))
  for (const level of levels) {
    expect(await find(`level=${level}`)).toHaveLength(all.filter(line => line.level === level).length)
  }
  const word = all[0]!.body.split(' ')[0]!.toLowerCase()
  const holding = all.filter(({ body }) => body.toLowerCase().includes(word)).length
  expect(await find(`q=${encodeURIComponent(word)}`)).toHaveLength(holding)
  const traced = all.find(({ traceId }) => traceId)
  if (traced) {
    const own = all.filter(({ traceId }) => traceId === traced.traceId).length
    expect(await find(`trace=${traced.traceId}`)).toHaveLength(own)
  }
  const first = await get<Page<LogLine>>(api, '/api/logs?limit=100')
  const second = await get<Page<LogLine>>(
    api,
    `/api/logs?limit=100&cursor=${encodeURIComponent(first.cursor!)}`
  )
  expect([...first.items, ...second.items]).toEqual(all.slice(0, 200))

  const { recording } = all[0]!
  const own = all.filter(line => line.recording === recording)
  expect(await find(`recording=${recording}`)).toEqual(own)
  expect(await find('recording=another')).toEqual([])
  const oldestFirst: LogLine[] = []
  let page: Page<LogLine> = { items: [], cursor: '' }
  while (page.cursor !== undefined) {
    const cursor = page.cursor && `&cursor=${encodeURIComponent(page.cursor)}`
    page = await get(api, `/api/logs?order=oldest&limit=700${cursor}`)
    oldestFirst.push(...page.items)
  }
  expect(oldestFirst.map(({ time }) => time)).toEqual(all.map(({ time }) => time).reverse())
  expect(new Set(oldestFirst.map(line => JSON.stringify(line)))).toEqual(
    new Set(all.map(line => JSON.stringify(line)))
  )
  const { time } = all[2000]!
  const after = await get<Page<LogLine>>(api, `/api/logs?order=oldest&limit=1&from=${time + 0.001}`)
  expect(after.items[0]!.time).toBe(all.findLast(line => line.time > time)!.time)
  const refused = await api.inject('/api/logs?order=random')
  expect(refused.statusCode).toBe(400)
  expect(refused.json()).toMatchObject({ error: { message: expect.stringContaining('newest or oldest') } })
})

test('the recorder’s own lines are among the others: all of them, its warnings, or none', async () => {
  const { api, otlp } = await createApps()
  const line = (text: string, eventName: string, severityNumber: number) => ({
    timeUnixNano: '1700000000000000000',
    body: { stringValue: text },
    eventName,
    severityNumber
  })
  const logRecords = [
    line('of the program', '', 9),
    line('a note', 'microlog.slow_module', 9),
    line('a warning', 'microlog.blocked', 13)
  ]
  const payload = { resourceLogs: [{ scopeLogs: [{ logRecords }] }] }
  expect((await otlp.inject({ method: 'POST', url: '/v1/logs', payload })).statusCode).toBe(200)
  const find = async (query: string) =>
    (await get<Page<LogLine>>(api, `/api/logs${query}`)).items.map(({ body }) => body).sort()
  expect(await find('')).toEqual(['a note', 'a warning', 'of the program'])
  expect(await find('?own=all')).toEqual(['a note', 'a warning', 'of the program'])
  expect(await find('?own=warnings')).toEqual(['a warning', 'of the program'])
  expect(await find('?own=none')).toEqual(['of the program'])
  expect((await api.inject('/api/logs?own=some')).statusCode).toBe(400)
})

test('a page of long logs ends early, and the next ones have the rest', async () => {
  const { api, otlp } = await createApps()
  const body = { stringValue: 'x'.repeat(60_000) }
  for (let request = 0; request < 6; request++) {
    const logRecords = Array.from({ length: 60 }, (_, i) => ({
      timeUnixNano: `17000000000${request}${String(i).padStart(2, '0')}00000`,
      body
    }))
    const sent = await otlp.inject({
      method: 'POST',
      url: '/v1/logs',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
    })
    expect(sent.statusCode).toBe(200)
  }
  const sizes: number[] = []
  let cursor: string | undefined = ''
  while (cursor !== undefined) {
    const page: Page<LogLine> = await get(
      api,
      `/api/logs?limit=10000${cursor && `&cursor=${encodeURIComponent(cursor)}`}`
    )
    sizes.push(page.items.length)
    cursor = page.cursor
  }
  expect(sizes.length).toBe(2)
  expect(sizes[0]! + sizes[1]!).toBe(360)
})

test('what was exported as OTLP or as .microlog says the same in another store', async () => {
  const { api, recordings } = await withSdkTrace()
  for (const format of ['otlp', 'microlog']) {
    const exported = await api.inject(`/api/recordings/${recordings[0]!.id}/export?format=${format}`)
    expect(exported.statusCode).toBe(200)
    const other = await createApps()
    const imported = await other.api.inject({
      method: 'POST',
      url: `/api/import?name=exported.${format}`,
      headers: { 'content-type': 'application/octet-stream' },
      body: exported.rawPayload
    })
    expect(imported.statusCode).toBe(200)
    expect((imported.json() as { ids: string[] }).ids).toHaveLength(1)
    const again = await other.api.inject({
      method: 'POST',
      url: '/api/import',
      headers: { 'content-type': 'application/octet-stream' },
      body: exported.rawPayload
    })
    expect(again.json()).toEqual(imported.json())
    const { items } = await get<Page<RecordingSummary>>(other.api, '/api/recordings')
    const { spans, logs, statuses, label, service } = recordings[0]!
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({ spans, logs, statuses, label, service })
  }
  expect((await api.inject(`/api/recordings/${recordings[0]!.id}/export?format=pdf`)).statusCode).toBe(400)
})

test.each(['pprof', 'speedscope', 'cpuprofile'])(
  'what was exported as %s is taken by another store, with a name to save it under',
  async format => {
    const { api } = await createApps()
    const profile = readFileSync(new URL('../../fixtures/cpuprofiles/http-10ms.cpuprofile', import.meta.url))
    const headers = { 'content-type': 'application/octet-stream' }
    const sent = await api.inject({
      method: 'POST',
      url: '/api/import?name=http.cpuprofile',
      headers,
      body: profile
    })
    const { ids } = sent.json() as { ids: string[] }
    const exported = await api.inject(`/api/recordings/${ids[0]}/export?format=${format}`)
    expect(exported.statusCode).toBe(200)
    const file = /filename="(.*)"/.exec(String(exported.headers['content-disposition']))![1]!
    expect(file).toMatch(/\.(pb\.gz|speedscope\.json|cpuprofile)$/)
    const other = await createApps()
    const url = `/api/import?name=${file}`
    const imported = await other.api.inject({ method: 'POST', url, headers, body: exported.rawPayload })
    expect(imported.statusCode, imported.body).toBe(200)
    const { items } = await get<Page<RecordingSummary>>(other.api, '/api/recordings')
    expect(items).toMatchObject([{ label: ids[0], threads: 1 }])
  }
)

test('what is exported of a recording that is still open is not taken beside it', async () => {
  const { api, otlp } = await createApps()
  await otlp.inject({
    method: 'POST',
    url: '/v1/traces',
    headers: { 'content-type': 'application/json' },
    body: spansRequest(['1'.repeat(16)], 'open')
  })
  const { items } = await get<Page<RecordingSummary>>(api, '/api/recordings')
  const exported = await api.inject(`/api/recordings/${items[0]!.id}/export?format=microlog`)
  const imported = await api.inject({
    method: 'POST',
    url: '/api/import',
    headers: { 'content-type': 'application/octet-stream' },
    body: exported.rawPayload
  })
  expect(imported.statusCode).toBe(409)
  expect(await get<Page<RecordingSummary>>(api, '/api/recordings')).toMatchObject({ items: [{ spans: 1 }] })
})

describe('who asks', () => {
  test.each(['/', '/healthz', '/metrics', '/api/recordings', '/api/traces', '/api/logs', '/nowhere'])(
    'by a foreign name is told nothing at %s',
    async url => {
      const { api } = await createApps()
      expect((await api.inject({ url, headers: { host: 'evil.example:7777' } })).statusCode).toBe(421)
      expect((await api.inject({ url, headers: { origin: 'http://evil.example' } })).statusCode).toBe(403)
      expect((await api.inject({ url, headers: { origin: 'null' } })).statusCode).toBe(403)
    }
  )

  test('from a page of this server, or by a name that was allowed, is answered', async () => {
    const { api } = await createApps()
    for (const host of ['localhost:7777', '127.0.0.1:7777', '[::1]:7777', 'collector.example']) {
      const response = await api.inject({ url: '/healthz', headers: { host, origin: `http://${host}` } })
      expect(response.statusCode, host).toBe(200)
      expect(response.headers['content-security-policy']).toContain("default-src 'none'")
    }
  })
})

test('/healthz and /metrics tell how it is', async () => {
  const { api, root } = await withSdkTrace()
  expect(await get(api, '/healthz')).toEqual({
    status: 'ok',
    version: '1.2.3',
    otlp: 'http://127.0.0.1:4318',
    wire: [1],
    store: root,
    problems: []
  })
  const metrics = await api.inject('/metrics')
  expect(metrics.body).toMatch(/^microlog_requests_total 3$/m)
  expect(metrics.body).toMatch(/^microlog_requests_acknowledged_total 3$/m)
  expect(metrics.body).toMatch(/^nodejs_eventloop_lag_p99_seconds [\d.]+$/m)
  expect(metrics.body).toMatch(/^process_resident_memory_bytes \d+$/m)
  expect(metrics.body).toMatch(/^microlog_journal_entries_total 3$/m)
  expect(metrics.body).toMatch(/^microlog_compactions_total 2$/m)
  expect(metrics.body).toMatch(/^microlog_segments_compacted_total 9$/m)
  expect(metrics.body).toMatch(/^microlog_compaction_read_bytes_total 9000$/m)
  expect(metrics.body).toMatch(/^microlog_compaction_written_bytes_total 4000$/m)
  expect(metrics.body).toMatch(/^microlog_segments_deleted_after_compaction_total 5$/m)
})

test('/metrics counts what was refused by its reason, and how long the journal took', async () => {
  const { api, otlp, ingest } = await withSdkTrace()
  const refused = { method: 'POST', url: '/v1/traces', body: '{' } as const
  await otlp.inject({ ...refused, headers: { 'content-type': 'text/plain' } })
  for (let i = 0; i < 2; i++)
    await otlp.inject({ ...refused, headers: { 'content-type': 'application/json' } })
  await otlp.inject({ method: 'GET', url: '/v1/traces' })
  await otlp.inject({ method: 'POST', url: '/v1/none' })
  const failing = vi.spyOn(ingest, 'accept').mockRejectedValueOnce(new Error('a mistake of ours'))
  await otlp.inject({ ...refused, headers: { 'content-type': 'application/json' } })
  failing.mockRestore()
  const { body } = await api.inject('/metrics')
  expect(body).toContain('\nmicrolog_requests_refused_total{reason="not-found",status="404"} 1\n')
  expect(body).toContain('\nmicrolog_requests_refused_total{reason="invalid-input",status="405"} 1\n')
  expect(body).toContain('\nmicrolog_requests_refused_total{reason="failed",status="500"} 1\n')
  expect(body).toContain('\nmicrolog_requests_refused_total{reason="invalid-input",status="400"} 2\n')
  expect(body).toContain('\nmicrolog_requests_refused_total{reason="unsupported",status="415"} 1\n')
  expect(body).toContain('\nmicrolog_journal_seconds_bucket{le="+Inf"} 3\nmicrolog_journal_seconds_sum ')
  expect(body).toContain('\nmicrolog_journal_seconds_count 3\n')
  expect(body).toContain('\nmicrolog_store_errors_total 0\n')
  const families = new Set<string>()
  for (const line of body.split('\n').filter(line => line !== '')) {
    const [, kind, name] = /^# (HELP|TYPE) (\w+) \S/.exec(line) ?? []
    if (kind === 'TYPE') families.add(name!)
    if (kind) continue
    expect(line).toMatch(/^\w+(\{[^{}]+\})? [\d.e+-]+$/)
    const family = /^\w+/.exec(line)![0].replace(/_(bucket|sum|count)$/, '')
    expect(families, line).toContain(family)
  }
})

test.each([
  ['/api/recordings?limit=0', /limit .* whole number from 1/],
  ['/api/traces?limit=-1', /limit/],
  ['/api/logs?limit=1.5', /limit/],
  ['/api/recordings?cursor=1_2_3', /cursor/],
  ['/api/traces?cursor=1_2_3', /cursor/],
  ['/api/logs?cursor=1_2_3', /cursor/],
  ['/api/logs?level=foo', /level to be trace or debug/],
  ['/api/logs?level=info,foo', /level/],
  ['/api/traces?attr=foo', /attr to be key:value/],
  ['/api/traces?sort=name', /sort to be start or duration/],
  ['/api/traces?sort=errors&order=up', /order to be desc or asc/],
  [`/api/traces?sort=errors&cursor=1_${'a'.repeat(32)}`, /cursor/],
  [`/api/traces?cursor=1_2_${'a'.repeat(32)}`, /cursor/]
])('%s is refused by what was expected', async (url, message) => {
  const { api } = await createApps()
  const response = await api.inject(url)
  expect(response.statusCode).toBe(400)
  expect(response.json<{ error: { message: string } }>().error.message).toMatch(message)
})

test('a method that a path doesn’t have is told of with those it has', async () => {
  const { api } = await createApps()
  for (const [method, url, allow] of [
    ['POST', '/api/recordings', 'GET, HEAD'],
    ['PUT', '/api/recordings/x', 'GET, HEAD, DELETE'],
    ['GET', '/api/import', 'POST'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['HEAD', '/api/live', 'GET']
  ] as const) {
    const response = await api.inject({ method, url })
    expect([response.statusCode, response.headers.allow], url).toEqual([405, allow])
  }
  expect((await api.inject({ method: 'POST', url: '/nothing' })).statusCode).toBe(404)
})

test('an address that can’t be decoded is refused like everything else', async () => {
  const { api } = await createApps()
  const response = await api.inject('/%zz')
  expect(response.statusCode).toBe(400)
  expect(response.json()).toMatchObject({ error: { code: 'invalid-input' } })
  expect((await api.inject({ url: '/%zz', headers: { host: 'evil.example' } })).statusCode).toBe(421)
})

test('/api/live tells of new data', async () => {
  const { api, otlp } = await createApps()
  const origin = await api.listen({ port: 0, host: '127.0.0.1' })
  const stop = new AbortController()
  const response = await fetch(`${origin}/api/live`, { signal: stop.signal })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader.read()).value).toContain('event: ready')
  const body = spansRequest(['1111111111111111'], 'live')
  await otlp.inject({
    method: 'POST',
    url: '/v1/traces',
    headers: { 'content-type': 'application/json' },
    body
  })
  const event = (await reader.read()).value!
  const { items } = await get<Page<RecordingSummary>>(api, '/api/recordings')
  expect(JSON.parse(event.split('data: ')[1]!)).toEqual({ recordings: [items[0]!.id] })
  stop.abort()
})
