import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Health } from '../api.ts'
import type { CompactionStatistics } from '../compaction/compactor.ts'
import type { Ingest } from '../ingest/ingest.ts'
import type { Catalog } from '../store/catalog.ts'
import { createCollectorMetrics } from './collector-metrics.ts'
import type { Gate } from './fastify-app.ts'
import type { CatalogFacts, HealthFacts } from './health-facts.ts'

export const healthPath = '/healthz'

/** Wire versions that this collector reads. */
const wireVersions = [1]

export function addHealthRoutes(
  app: FastifyInstance,
  {
    catalog,
    ingest,
    compaction,
    health,
    gate
  }: {
    catalog: Catalog
    ingest: Ingest
    compaction: Readonly<CompactionStatistics>
    health: HealthFacts
    gate: Gate
  }
): void {
  const metrics = createCollectorMetrics({ catalog, ingest, compaction, health })

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
      ...(trusted && health.catalog && catalogHealth(health.catalog)),
      problems: trusted ? problems : []
    }
  })
}

function catalogHealth({ name, statistics, sweep, others }: CatalogFacts): Partial<Health> {
  const { sweptMs } = sweep
  return {
    catalog: name,
    catalogState: {
      answers: statistics.isAnswering,
      others: others(),
      ...(sweptMs !== undefined && { swept: sweptMs })
    }
  }
}
