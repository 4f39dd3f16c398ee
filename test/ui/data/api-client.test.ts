import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createApiClient } from '../../../src/ui/data/api-client.ts'
import type { ApiClient } from '../../../src/ui/data/api-client.ts'
import { failureOf, RequestError } from '../../../src/ui/data/send-request.ts'

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void
): Promise<ApiClient> {
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return createApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}/below/`)
}

test('asks below the page’s own path, and leaves out what is empty', async () => {
  const seen: string[] = []
  const api = await serve((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    response.setHeader('content-type', 'application/json').end('{"items":[]}')
  })
  await api.traces({ service: 'a&b', name: '', minDurationMs: '5' })
  expect(seen).toEqual(['GET /below/api/traces?service=a%26b&minDurationMs=5'])
})

test('a part of a segment has an address of its own, also where it begins with the epoch', () => {
  const { segmentUrl } = createApiClient('http://x/below/')
  const whole = 'http://x/below/api/recordings/r/segments/s'
  expect(segmentUrl('r', 's')).toBe(whole)
  expect(segmentUrl('r', 's', { from: 0, to: 5 })).toBe(`${whole}?from=0&to=5`)
  expect(segmentUrl('r', 's', { from: 1, to: 5, trace: 'cc' })).toBe(`${whole}?from=1&to=5&trace=cc`)
})

test('collects all pages of a list', async () => {
  const api = await serve((request, response) => {
    const cursor = new URL(request.url!, 'http://x').searchParams.get('cursor')
    const page =
      cursor === 'two' ? { items: [{ id: 'c' }] } : { items: [{ id: 'a' }, { id: 'b' }], cursor: 'two' }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(page))
  })
  expect((await api.recordings()).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
})

test('a refusal carries the collector’s words and names the request', async () => {
  const api = await serve((_request, response) => {
    response.writeHead(404, { 'content-type': 'application/json; charset=utf-8' })
    response.end('{"error":{"code":"not-found","message":"No recording here"}}')
  })
  const failure = await api.recording('x').catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(RequestError)
  expect(failureOf(failure)).toEqual({
    request: 'GET /below/api/recordings/x',
    status: 404,
    message: 'No recording here'
  })
})

test('an answer of something else in between is said as it is', async () => {
  const api = await serve((_request, response) => {
    response.writeHead(502, 'Bad Gateway', { 'content-type': 'text/html' })
    response.end('<h1>proxy</h1>')
  })
  await expect(api.trace('x')).rejects.toMatchObject({
    status: 502,
    message: 'The collector answered 502 Bad Gateway'
  })
})

test('no answer at all says so', async () => {
  const api = await serve((_request, response) => response.destroy())
  await expect(api.trace('x')).rejects.toMatchObject({
    status: 0,
    message: expect.stringContaining('No answer from the collector')
  })
})

test('deleting sends DELETE, importing sends the bytes with the file’s name', async () => {
  const seen: string[] = []
  const api = await serve((request, response) => {
    let body = ''
    request.on('data', chunk => (body += chunk))
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${body}`)
      response.setHeader('content-type', 'application/json').end('{"ids":["new"]}')
    })
  })
  await api.removeRecording('x')
  expect(await api.importFile(new File(['bytes'], 'a b.cpuprofile'))).toEqual(['new'])
  expect(seen).toEqual([
    'DELETE /below/api/recordings/x ',
    'POST /below/api/import?name=a+b.cpuprofile bytes'
  ])
})
