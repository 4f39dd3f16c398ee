// The collector's own figures, for Prometheus. What counts keeps its counts itself; here they get names.
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { CompactionStatistics } from '../compaction/compactor.ts'
import type { Ingest } from '../ingest/ingest.ts'
import type { Catalog } from '../store/catalog.ts'
import type { HealthFacts } from './health-facts.ts'

/** CPU, memory, event loop and garbage collection belong to the process, however many collectors it has. */
let processMetrics: Registry | undefined

function registryOfProcess(): Registry {
  if (processMetrics === undefined) {
    processMetrics = new Registry()
    collectDefaultMetrics({ register: processMetrics })
  }
  return processMetrics
}

export interface MeasuredParts {
  catalog: Pick<Catalog, 'counts'>
  ingest: Ingest
  compaction: Readonly<CompactionStatistics>
  health: HealthFacts
}

export function createCollectorMetrics({ catalog, ingest, compaction, health }: MeasuredParts): Registry {
  const { statistics, journal, sealer } = ingest
  const registry = new Registry()
  const registers = [registry]
  const counter = (name: string, help: string, read: () => number): void => {
    const collect = function (this: Counter): void {
      this.reset()
      this.inc(read())
    }
    new Counter({ name: `microlog_${name}_total`, help, registers, collect })
  }
  const gauge = (name: string, help: string, read: () => number): void => {
    const collect = function (this: Gauge): void {
      this.set(read())
    }
    new Gauge({ name: `microlog_${name}`, help, registers, collect })
  }
  counter('requests', 'OTLP requests that were read', () => statistics.requests)
  counter('requests_acknowledged', 'OTLP requests that were answered 200', () => statistics.acknowledged)
  counter(
    'requests_repeated',
    'Requests that had come before and were not kept again',
    () => statistics.repeated
  )
  new Counter({
    name: 'microlog_requests_refused_total',
    help: 'OTLP requests that were answered with an error',
    labelNames: ['reason', 'status'],
    registers,
    collect() {
      this.reset()
      const refused = statistics.refused.toSorted((a, b) => a.status - b.status)
      for (const { status, code, count } of refused) this.inc({ reason: code, status: String(status) }, count)
    }
  })
  counter('items_accepted', 'Spans, logs, points and samples that were kept', () => statistics.accepted)
  counter('items_rejected', 'Items refused by a partial success', () => statistics.rejected)
  counter('journal_commits', 'Syncs of the journal', () => journal.statistics.commits)
  counter('journal_entries', 'Requests that the journal took', () => journal.statistics.entries)
  counter('journal_bytes', 'Bytes written to the journal', () => journal.statistics.bytes)
  counter('journal_failures', 'Syncs of the journal that failed', () => journal.statistics.failures)
  registry.registerMetric(journal.latency)
  counter('segments_sealed', 'Segments written', () => sealer.sealed)
  counter('compactions', 'Segments that compaction wrote', () => compaction.written)
  counter('segments_compacted', 'Segments that compacted ones stand for', () => compaction.inputs)
  counter('compaction_read_bytes', 'Bytes of segments before compaction', () => compaction.bytesBefore)
  counter('compaction_written_bytes', 'Bytes of segments after compaction', () => compaction.bytesAfter)
  counter(
    'segments_deleted_after_compaction',
    'Segments deleted since compacted ones stand for them',
    () => compaction.deleted
  )
  counter('store_errors', 'Times that the store could not be read or written', () => statistics.storeErrors)
  gauge('problems', 'What /healthz names', () => health.problems().length)
  gauge('segments', 'Segments that count, as they were listed last', () => catalog.counts.segments)
  gauge('segments_replaced', 'Segments that compacted ones stand for', () => catalog.counts.replaced)
  if (health.catalog) {
    const { statistics, sweep, others } = health.catalog
    gauge('catalog_up', '1 where the database answered what it was asked last', () =>
      Number(statistics.isAnswering)
    )
    gauge('catalog_collectors', 'Collectors that share the catalog, this one among them', () => 1 + others())
    counter('catalog_failures', 'Questions that the database failed', () => statistics.failures)
    counter('catalog_swept', 'Objects deleted since nothing named them', () => sweep.deleted)
    gauge('catalog_swept_timestamp_seconds', 'When such objects were last looked for; 0: not yet', () =>
      Math.floor((sweep.sweptMs ?? 0) / 1000)
    )
  }
  return Registry.merge([registry, registryOfProcess()])
}
