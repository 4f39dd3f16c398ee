import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Health } from '../api.ts'
import type { CompactionStatistics } from '../compaction/compactor.ts'
import type { Ingest } from '../ingest/ingest.ts'
import { createCollectorMetrics } from './collector-metrics.ts'
import type { Gate } from './fastify-app.ts'

/** What the collector tells of itself. */
export interface HealthFacts {
  version: string
  store: string
  /** Of a bucket, where it has one: without user and password. */
  catalog?: string | undefined
  /** Asked each time: the port is known once it listens. @param host that the request came to, without a port */
  otlpUrl(host: string): string
  problems(): string[]
}

export const healthPath = '/healthz'

/** Wire versions that this collector reads. */
const wireVersions = [1]

export function addHealthRoutes(
  app: FastifyInstance,
  {
    ingest,
    compaction,
    health,
    gate
  }: { ingest: Ingest; compaction: Readonly<CompactionStatistics>; health: HealthFacts; gate: Gate }
): void {
  const metrics = createCollectorMetrics(ingest, compaction, () => health.problems().length)

  // Paths and what is wrong are for holders of the key.
  addHealthRoute(app, health, request => gate.key(request.headers) === undefined)

  app.get('/metrics', async (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .type(metrics.contentType)
      .send(await metrics.metrics())
  )
}

/** @param isTrusted whether to say where the store is, and in words what is wrong */
export function addHealthRoute(
  app: FastifyInstance,
  health: HealthFacts,
  isTrusted: (request: FastifyRequest) => boolean
): void {
  app.get(healthPath, async (request, reply): Promise<Health> => {
    const problems = health.problems()
    const trusted = isTrusted(request)
    void reply.header('cache-control', 'no-store')
    return {
      status: problems.length === 0 ? 'ok' : 'degraded',
      version: health.version,
      otlp: health.otlpUrl(request.hostname),
      wire: wireVersions,
      store: trusted ? health.store : '',
      ...(trusted && health.catalog !== undefined && { catalog: health.catalog }),
      problems: trusted ? problems : []
    }
  })
}
