// The built screens at /. Names with a hash in them never change; the page itself is asked for anew.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** dist/ui, seen from dist/collector/http and from src/collector/http. */
const builtScreens = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../../dist/ui/' : '../../ui/', import.meta.url)
)

export async function addScreens(app: FastifyInstance, folder = builtScreens): Promise<void> {
  if (!existsSync(folder)) {
    app.get('/', async (_request, reply) =>
      reply
        .code(404)
        .type('text/plain')
        .send('The screens are not built: run npm run build, then start again\n')
    )
    return
  }
  await app.register(fastifyStatic, {
    root: folder,
    index: 'index.html',
    cacheControl: false,
    setHeaders(reply, path) {
      const hashed = /[\\/]assets[\\/]/.test(path)
      reply.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    }
  })
}
