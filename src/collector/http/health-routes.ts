import type { FastifyInstance } from 'fastify'
import type { Health } from '../api.ts'
import type { Ingest } from '../ingest/ingest.ts'

/** What stays the same while the collector runs. */
export interface HealthFacts {
  version: string
  store: string
  /** Asked each time: the port is known once it listens. */
  otlpUrl(): string
}

/** Wire versions that this collector reads. */
const wireVersions = [1]

export function addHealthRoutes(
  app: FastifyInstance,
  { ingest, health }: { ingest: Ingest; health: HealthFacts }
): void {
  app.get('/healthz', async (_request, reply): Promise<Health> => {
    const problems = ingest.problems()
    void reply.header('cache-control', 'no-store')
    return {
      status: problems.length === 0 ? 'ok' : 'degraded',
      version: health.version,
      otlp: health.otlpUrl(),
      wire: wireVersions,
      store: health.store,
      problems
    }
  })

  app.get('/metrics', async (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(metricsText(ingest))
  )
}

/** Prometheus' text format (prometheus.io/docs/instrumenting/exposition_formats). */
export function metricsText(ingest: Ingest): string {
  const { statistics, journal, sealer } = ingest
  const counters: [name: string, help: string, value: number][] = [
    ['requests', 'OTLP requests that came', statistics.requests],
    ['requests_repeated', 'Requests that had come before and were not kept again', statistics.repeated],
    ['items_accepted', 'Spans, logs, points and samples that were kept', statistics.accepted],
    ['items_rejected', 'Items refused by a partial success', statistics.rejected],
    ['journal_commits', 'Syncs of the journal', journal.statistics.commits],
    ['journal_entries', 'Requests that the journal holds or held', journal.statistics.entries],
    ['journal_bytes', 'Bytes written to the journal', journal.statistics.bytes],
    ['journal_failures', 'Syncs of the journal that failed', journal.statistics.failures],
    ['segments_sealed', 'Segments written', sealer.sealed]
  ]
  const lines = counters.flatMap(([name, help, value]) =>
    metricLines(`microlog_${name}_total`, help, 'counter', value)
  )
  lines.push(...metricLines('microlog_problems', 'What /healthz names', 'gauge', ingest.problems().length))
  lines.push(
    ...metricLines('process_resident_memory_bytes', 'Resident memory', 'gauge', process.memoryUsage.rss())
  )
  return `${lines.join('\n')}\n`
}

function metricLines(name: string, help: string, type: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, `${name} ${value}`]
}
