import type { FastifyInstance } from 'fastify'
import type { Health } from '../api.ts'
import type { Ingest } from '../ingest/ingest.ts'
import type { Gate } from './fastify-app.ts'
import { metricsText } from './metrics-text.ts'

/** What the collector tells of itself. */
export interface HealthFacts {
  version: string
  store: string
  /** Asked each time: the port is known once it listens. @param host that the request came to, without a port */
  otlpUrl(host: string): string
  problems(): string[]
}

/** Wire versions that this collector reads. */
const wireVersions = [1]

export function addHealthRoutes(
  app: FastifyInstance,
  { ingest, health, gate }: { ingest: Ingest; health: HealthFacts; gate: Gate }
): void {
  app.get('/healthz', async (request, reply): Promise<Health> => {
    const problems = health.problems()
    // Paths and what is wrong are for holders of the key.
    const trusted = gate.key(request.headers) === undefined
    void reply.header('cache-control', 'no-store')
    return {
      status: problems.length === 0 ? 'ok' : 'degraded',
      version: health.version,
      otlp: health.otlpUrl(request.hostname),
      wire: wireVersions,
      store: trusted ? health.store : '',
      problems: trusted ? problems : []
    }
  })

  app.get('/metrics', async (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(metricsText(ingest, health.problems().length))
  )
}
