// What only shows on real sockets: senders that are slow, that never end, or that are too many.
import { once } from 'node:events'
import { request } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from '../../../src/collector/http/listen.ts'
import { spansRequest } from '../span-sender.ts'
import { createApps } from './collector-apps.ts'
import type { AppOptions, CollectorApps } from './collector-apps.ts'

const headers = { 'content-type': 'application/json' }
const body = spansRequest(['1111111111111111'], 'sender')

async function listeningApps(limits: AppOptions['limits']): Promise<CollectorApps & { origin: string }> {
  const apps = await createApps({ ...(limits && { limits }) })
  const origin = await listen(apps.otlp, { host: '127.0.0.1', port: 0, choice: '' })
  return { ...apps, origin }
}

/** A request whose body the test writes and ends as it likes. */
function openRequest(origin: string, length: number): ClientRequest {
  const open = request(`${origin}/v1/traces`, {
    method: 'POST',
    headers: { ...headers, 'content-length': length }
  })
  onTestFinished(() => void open.destroy())
  return open
}

async function answerOf(open: ClientRequest): Promise<number> {
  const [response] = (await once(open, 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode!
}

function send(origin: string): Promise<Response> {
  return fetch(`${origin}/v1/traces`, { method: 'POST', headers, body })
}

function openSocket(origin: string): Socket {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  return socket
}

/** All that comes until the server ends the connection. */
async function untilCutOff(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', chunk => (text += chunk.toString()))
  socket.on('error', () => socket.destroy())
  await once(socket, 'close')
  return text
}

test('beyond the bytes in flight, requests are told to come back, and are taken once there is room', async () => {
  const { origin, ingest } = await listeningApps({ inFlightBytes: body.length * 1.5 })
  const held = openRequest(origin, body.length)
  held.write(body.slice(0, -1))
  // Nothing tells when the held bytes have come but that another request doesn't fit beside them any more.
  let refused = await send(origin)
  while (refused.status === 200) refused = await send(origin)
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(await refused.json()).toMatchObject({ code: 14 })

  held.end(body.slice(-1))
  expect(await answerOf(held)).toBe(200)
  expect((await send(origin)).status).toBe(200)
  expect(ingest.statistics.refused).toMatchObject([{ status: 503, code: 'unavailable' }])
})

test('short of memory, it tells senders to come back later, and still answers the screens', async () => {
  const { origin, api } = await listeningApps({ heapShare: 0 })
  const refused = await send(origin)
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(await refused.json()).toMatchObject({ code: 8 })
  expect((await api.inject('/api/recordings')).statusCode).toBe(200)
  const metrics = await api.inject('/metrics')
  expect(metrics.body).toContain('\nmicrolog_requests_refused_total{reason="unavailable",status="429"} 1\n')
})

test('a sender that goes away amid its body gives its bytes back, and is nobody’s failure', async () => {
  const { origin, failures } = await listeningApps({ inFlightBytes: body.length * 1.5 })
  const held = openRequest(origin, body.length)
  held.on('error', () => held.destroy())
  held.write(body.slice(0, -1))
  while ((await send(origin)).status === 200);
  held.destroy()
  while ((await send(origin)).status === 503);
  expect(failures).toEqual([])
})

test('a client whose headers don’t end is cut off, and others are served meanwhile', async () => {
  const { origin } = await listeningApps({ headersMs: 1000, checkMs: 20 })
  const slow = openSocket(origin)
  slow.write('POST /v1/traces HTTP/1.1\r\nhost: localhost\r\nx-slow: ')
  const dripping = setInterval(() => slow.write('.'), 20)
  onTestFinished(() => clearInterval(dripping))
  const cutOff = untilCutOff(slow)
  expect((await send(origin)).status).toBe(200)
  expect(await cutOff).toMatch(/^HTTP\/1\.1 408 /)
})

test('a client whose body doesn’t end is cut off, gives its bytes back, and others are served meanwhile', async () => {
  const { origin, ingest, failures } = await listeningApps({ headersMs: 1000, requestMs: 1500, checkMs: 20 })
  const endless = openSocket(origin)
  endless.write(
    'POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n'
  )
  const dripping = setInterval(() => endless.write('1\r\n{\r\n'), 20)
  onTestFinished(() => clearInterval(dripping))
  const cutOff = untilCutOff(endless)
  expect((await send(origin)).status).toBe(200)
  await cutOff
  expect((await send(origin)).status).toBe(200)
  expect(failures).toEqual([])
  expect(ingest.statistics.requests).toBe(2)
})

test('one client can’t take the connections of others', async () => {
  const { origin } = await listeningApps({ connectionsPerAddress: 2 })
  const held = [openSocket(origin), openSocket(origin)]
  await Promise.all(held.map(socket => once(socket, 'connect')))
  // Nothing tells when the server has taken both but that a third one is cut off.
  expect(await untilCutOff(openSocket(origin))).toBe('')
  const other = connect({ port: Number(new URL(origin).port), host: '127.0.0.1', localAddress: '127.0.0.2' })
  onTestFinished(() => void other.destroy())
  other.write('GET /v1/traces HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
  expect(await untilCutOff(other)).toMatch(/^HTTP\/1\.1 405 /)
  held[0]!.destroy()
  let answer: Response | undefined
  while (answer === undefined) answer = await send(origin).catch(() => undefined)
  expect(answer.status).toBe(200)
})

test('where there are too many connections, the one that has waited longest for its request makes room', async () => {
  const { origin } = await listeningApps({ connections: 3 })
  const working = openRequest(origin, body.length)
  working.write(body.slice(0, -1))
  await once(working, 'socket')
  // Answered, so that the server has seen all that came before.
  expect((await fetch(origin, { headers: { connection: 'close' } })).status).toBe(404)
  const held = [openSocket(origin), openSocket(origin)]
  const ends = held.map(socket => untilCutOff(socket))
  for (const socket of held) socket.write('POST /v1/traces HTTP/1.1\r\nhost: localhost\r\n')
  await Promise.all(held.map(socket => once(socket, 'connect')))
  expect((await send(origin)).status).toBe(200)
  await Promise.race(ends)
  working.end(body.slice(-1))
  expect(await answerOf(working)).toBe(200)
})

test('a connection without a request is closed', async () => {
  const { origin } = await listeningApps({ idleMs: 100, headersMs: 1000, checkMs: 20 })
  const idle = openSocket(origin)
  await untilCutOff(idle)
  const kept = openSocket(origin)
  kept.write('GET /v1/traces HTTP/1.1\r\nhost: localhost\r\n\r\n')
  expect(await untilCutOff(kept)).toMatch(/^HTTP\/1\.1 405 /)
})
