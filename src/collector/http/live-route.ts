// GET /api/live: tells which recordings got data, as an event stream. Who asks fetches what it shows anew.
import type { FastifyInstance } from 'fastify'
import type { ServerResponse } from 'node:http'
import type { Ingest } from '../ingest/ingest.ts'

/** Data is told of at most this often, ms. */
const tellEveryMs = 1000
/** Something is sent this often, so that a lost connection is noticed, ms. */
const keepAliveMs = 15_000
const mostListeners = 200

export function addLiveRoute(app: FastifyInstance, ingest: Ingest): void {
  const listeners = new Set<ServerResponse>()
  const changed = new Set<string>()
  let telling: NodeJS.Timeout | undefined

  const send = (text: string): void => {
    for (const response of listeners) {
      // A reader that doesn't read is let go: it may come back.
      if (response.writableNeedDrain) response.destroy()
      else response.write(text)
    }
  }
  const tell = (): void => {
    telling = undefined
    send(`event: data\ndata: ${JSON.stringify({ recordings: [...changed] })}\n\n`)
    changed.clear()
  }
  const onData = (recordings: string[]): void => {
    if (listeners.size === 0) return
    for (const recording of recordings) changed.add(recording)
    telling ??= setTimeout(tell, tellEveryMs).unref()
  }
  const keepAlive = setInterval(() => send(': still here\n\n'), keepAliveMs).unref()
  ingest.events.on('data', onData)

  app.addHook('preClose', async () => {
    ingest.events.off('data', onData)
    clearInterval(keepAlive)
    clearTimeout(telling)
    for (const response of listeners) response.end()
  })

  // HEAD would never be answered.
  app.get('/api/live', { exposeHeadRoute: false }, async (_request, reply) => {
    if (listeners.size >= mostListeners) {
      return reply
        .code(503)
        .send({ error: { code: 'unavailable', message: 'Too many pages are listening: close some' } })
    }
    reply.hijack()
    const response = reply.raw
    const headers = reply.getHeaders()
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream',
      'cache-control': 'no-store'
    } as never)
    response.write('event: ready\ndata: {}\n\n')
    listeners.add(response)
    response.once('close', () => listeners.delete(response))
    return reply
  })
}
