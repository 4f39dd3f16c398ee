import { expect, test } from 'vitest'
import type { FlameGraph } from '../../../src/collector/api.ts'
import { writeProfiles } from '../../../src/otlp/write-profiles.ts'
import { createApps } from './collector-apps.ts'
import type { CollectorApps } from './collector-apps.ts'

const startMs = 1_700_000_000_000
const intervalUs = 10_000

interface Sender {
  service: string
  version: string
  instance: string
}

/** main › handle for the first endpoint, main › store for the second; a sample of each in turn, twice. */
async function sendProfile({ otlp }: CollectorApps, { service, version, instance }: Sender): Promise<void> {
  const none = { stack: new Int32Array(), timeUnixUs: new Float64Array(), link: new Int32Array() }
  const body = writeProfiles({
    resource: { 'service.name': service, 'service.version': version, 'service.instance.id': instance },
    scopeName: 'test',
    scopeVersion: '1',
    profiles: [
      {
        id: '0'.repeat(32),
        threadId: 0,
        threadName: 'main',
        intervalUs,
        startUnixUs: startMs * 1000,
        endUnixUs: startMs * 1000 + 4 * intervalUs,
        frames: {
          functionName: ['main', 'handle', 'store'],
          url: ['file:///app.js', 'file:///app.js', 'file:///app.js'],
          line: Int32Array.of(1, 5, 9),
          column: Int32Array.of(1, 1, 1),
          startLine: Int32Array.of(1, 5, 9)
        },
        stacks: { frame: Int32Array.of(0, 1, 2), parent: Int32Array.of(-1, 0, 0) },
        links: [],
        endpoints: ['GET /orders', 'POST /orders'],
        wall: {
          stack: Int32Array.of(1, 2, 1, 2),
          timeUnixUs: Float64Array.from([0, 1, 2, 3], i => startMs * 1000 + i * intervalUs),
          link: Int32Array.of(-1, -1, -1, -1),
          endpoint: Int32Array.of(0, 1, 0, 1)
        },
        logs: { ...none, endpoint: new Int32Array() },
        spanStarts: { ...none, endpoint: new Int32Array() }
      }
    ]
  })
  const response = await otlp.inject({
    method: 'POST',
    url: '/v1development/profiles',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(body)
  })
  expect(response.statusCode).toBe(200)
}

/** To the ms: times of samples are sent as exact as 1/128 of their interval. */
function asText({ frames, nodes }: FlameGraph): string[] {
  return nodes.frame.map((frame, node) => {
    const up = nodes.parent[node]!
    expect(up).toBeLessThan(node)
    const caller = up < 0 ? '' : `${frames.name[nodes.frame[up]!]} › `
    return `${caller}${frames.name[frame]}:${frames.line[frame]} ${Math.round(nodes.totalMs[node]!)} (${Math.round(nodes.selfMs[node]!)}) ×${nodes.samples[node]}`
  })
}

async function createAsked(): Promise<{ apps: CollectorApps; ask(query: string): Promise<FlameGraph> }> {
  const apps = await createApps()
  await sendProfile(apps, { service: 'shop', version: '1', instance: 'a' })
  await sendProfile(apps, { service: 'shop', version: '2', instance: 'b' })
  await sendProfile(apps, { service: 'mail', version: '3', instance: 'c' })
  const ask = async (query: string): Promise<FlameGraph> => {
    const response = await apps.api.inject(`/api/flame?${query}`)
    expect(response.statusCode, response.body).toBe(200)
    return response.json() as FlameGraph
  }
  return { apps, ask }
}

test('one flame graph over the recordings of a service, a version, an endpoint, a time', async () => {
  const { apps, ask } = await createAsked()
  const whole = await ask('')
  expect(whole.recordings).toHaveLength(3)
  expect(asText(whole)).toEqual([
    'main:1 120 (0) ×12',
    'main › handle:5 60 (60) ×6',
    'main › store:9 60 (60) ×6'
  ])
  expect(asText(await ask('service=shop'))[0]).toBe('main:1 80 (0) ×8')
  expect(asText(await ask('service=shop&version=2'))[0]).toBe('main:1 40 (0) ×4')
  expect(asText(await ask(`service=shop&endpoint=${encodeURIComponent('GET /orders')}`))).toEqual([
    'main:1 40 (0) ×4',
    'main › handle:5 40 (40) ×4'
  ])
  expect(asText(await ask(`from=${startMs + 5}&to=${startMs + 15}`))).toEqual([
    'main:1 30 (0) ×3',
    'main › store:9 30 (30) ×3'
  ])
  for (const nothing of [
    'service=none',
    'service=shop&version=3',
    'endpoint=x',
    `from=${startMs + 1000}`,
    'to=1'
  ]) {
    expect(await ask(nothing), nothing).toMatchObject({ recordings: [], nodes: { frame: [] } })
  }
  expect((await apps.api.inject('/api/flame?from=soon')).statusCode).toBe(400)
})

test('what there is to ask for: services of the time, versions of the service, endpoints by their time', async () => {
  const { ask } = await createAsked()
  const endpoints = (ms: number) => ({ name: ['GET /orders', 'POST /orders'], selfMs: [ms, ms] })
  const choicesOf = async (query: string) => {
    const { choices } = await ask(query)
    return {
      ...choices,
      endpoints: { ...choices.endpoints, selfMs: choices.endpoints.selfMs.map(Math.round) }
    }
  }
  const services = ['mail', 'shop']
  expect(await choicesOf('')).toEqual({ services, versions: ['1', '2', '3'], endpoints: endpoints(60) })
  // Another endpoint can be chosen in place of one, and another version in place of one.
  const query = `service=shop&version=2&endpoint=${encodeURIComponent('GET /orders')}`
  expect(await choicesOf(query)).toEqual({ services, versions: ['1', '2'], endpoints: endpoints(20) })
  const second = { name: ['POST /orders'], selfMs: [10] }
  expect(await choicesOf(`service=mail&from=${startMs + 5}&to=${startMs + 15}`)).toEqual({
    services,
    versions: ['3'],
    endpoints: second
  })
  expect(await choicesOf('to=1')).toEqual({
    services: [],
    versions: [],
    endpoints: { name: [], selfMs: [] }
  })
})

test('a function says which recording it was seen in last', async () => {
  const { ask } = await createAsked()
  const { recordings, frames } = await ask('service=mail')
  expect(recordings).toHaveLength(1)
  expect(frames).toMatchObject({ name: ['main', 'handle', 'store'], recording: [0, 0, 0] })
})
