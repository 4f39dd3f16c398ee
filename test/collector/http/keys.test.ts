import { request } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createCollector } from '../../../src/collector/index.ts'
import { createKeyCheck } from '../../../src/collector/http/key-check.ts'
import { spansRequest } from '../span-sender.ts'
import { temporaryFolder } from '../temporary-store.ts'
import { createApps } from './collector-apps.ts'

const ingestKey = 'ingest-0123456789'
const viewKey = 'view-9876543210'
const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const sent = {
  method: 'POST',
  url: '/v1/traces',
  body: spansRequest(['1111111111111111'], 'sender')
} as const
const json = { 'content-type': 'application/json' }

describe('with keys', () => {
  test('the OTLP port takes data from those with its key, and tells others as a Status', async () => {
    const { otlp, ingest } = await createApps({ ingestKey, viewKey })
    for (const wrong of [{}, bearer(viewKey), bearer(`${ingestKey}x`), { authorization: ingestKey }]) {
      const response = await otlp.inject({ ...sent, headers: { ...json, ...wrong } })
      expect(response.statusCode).toBe(401)
      expect(response.headers['www-authenticate']).toBe('Bearer')
      expect(response.json()).toMatchObject({ code: 16 })
    }
    expect(
      (await otlp.inject({ ...sent, headers: json, url: `/v1/traces?key=${ingestKey}` })).statusCode
    ).toBe(401)
    expect(ingest.statistics).toMatchObject({
      requests: 0,
      refused: [{ status: 401, code: 'unauthorized', count: 5 }]
    })
    expect((await otlp.inject({ ...sent, headers: { ...json, ...bearer(ingestKey) } })).statusCode).toBe(200)
  })

  test('the API and the metrics answer those with their key', async () => {
    const { api } = await createApps({ ingestKey, viewKey })
    const urls = [
      '/api/recordings',
      '/api/recordings/x/segments/y',
      '/api/traces',
      '/api/logs',
      '/api/flame',
      '/api/live',
      '/%61pi/traces',
      '/metrics'
    ]
    for (const url of urls) {
      for (const headers of [{}, bearer(ingestKey), bearer('')]) {
        const response = await api.inject({ url, headers })
        expect(response.statusCode, url).toBe(401)
        expect(response.json()).toMatchObject({ error: { code: 'unauthorized' } })
      }
    }
    expect((await api.inject({ method: 'DELETE', url: '/api/recordings/x' })).statusCode).toBe(401)
    expect((await api.inject({ method: 'POST', url: '/api/import', body: 'x' })).statusCode).toBe(401)
    for (const url of ['/api/recordings', '/metrics'])
      expect((await api.inject({ url, headers: bearer(viewKey) })).statusCode, url).toBe(200)
  })

  test('/healthz of the OTLP port says to anybody that it is ours, and of the store nothing', async () => {
    const { otlp } = await createApps({ ingestKey, viewKey })
    for (const headers of [{}, bearer(ingestKey), bearer(viewKey)]) {
      const response = await otlp.inject({ url: '/healthz', headers })
      expect(response.statusCode).toBe(200)
      expect(response.headers['cache-control']).toBe('no-store')
      expect(response.json()).toMatchObject({ status: 'ok', wire: [1], store: '', problems: [] })
    }
    const rebound = await otlp.inject({ url: '/healthz', headers: { host: 'evil.example' } })
    expect(rebound.statusCode).toBe(421)
    const foreign = await otlp.inject({ url: '/healthz', headers: { origin: 'http://evil.example' } })
    expect(foreign.statusCode).toBe(403)
  })

  test('/healthz says to anybody how it is and where to send, and the rest to those with the key', async () => {
    const { api, root } = await createApps({ ingestKey, viewKey })
    const told = (await api.inject('/healthz')).json() as object
    expect(told).toMatchObject({ status: 'ok', wire: [1], store: '', problems: [] })
    expect((await api.inject({ url: '/healthz', headers: bearer(viewKey) })).json()).toMatchObject({
      store: root
    })
  })

  test('a page of another site is refused, whatever it knows', async () => {
    const { api } = await createApps({ ingestKey, viewKey })
    const headers = { ...bearer(viewKey), origin: 'http://evil.example' }
    expect((await api.inject({ url: '/api/recordings', headers })).statusCode).toBe(403)
  })
})

test('a key that no header can carry is refused at the start', () => {
  for (const key of ['', 'two words', 'schlüssel', 'x'.repeat(513)])
    expect(() => createKeyCheck(key)).toThrow(/Expected a key/)
})

test('off loopback it starts with both keys only, and names an address where it can be reached', async () => {
  const options = { store: temporaryFolder(), host: '0.0.0.0', port: 0, otlpPort: 0, ui: false }
  await expect(createCollector(options)).rejects.toThrow(/MICROLOG_INGEST_KEY and MICROLOG_VIEW_KEY/)
  await expect(createCollector({ ...options, ingestKey })).rejects.toMatchObject({ code: 'unsupported' })
  await expect(createCollector({ ...options, viewKey })).rejects.toMatchObject({ code: 'unsupported' })
  const collector = await createCollector({
    ...options,
    ingestKey,
    viewKey,
    allowedHosts: ['collector.example']
  })
  onTestFinished(() => collector.close())
  const port = new URL(collector.uiUrl).port
  const health = await getJson(Number(port), 'collector.example')
  expect(health).toMatchObject({ otlp: `http://collector.example:${new URL(collector.otlpUrl).port}` })
})

/** fetch would not let us choose the Host. */
function getJson(port: number, host: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path: '/healthz', headers: { host: `${host}:${port}` } })
    asked.on('response', response => {
      let text = ''
      response.on('data', chunk => (text += String(chunk)))
      response.on('end', () => resolve(JSON.parse(text)))
    })
    asked.on('error', reject)
    asked.end()
  })
}
