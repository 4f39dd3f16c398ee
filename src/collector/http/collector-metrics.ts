// The collector's own figures, for Prometheus. What counts keeps its counts itself; here they get names.
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { CompactionStatistics } from '../compaction/compactor.ts'
import type { Ingest } from '../ingest/ingest.ts'

/** CPU, memory, event loop and garbage collection belong to the process, however many collectors it has. */
let processMetrics: Registry | undefined

function registryOfProcess(): Registry {
  if (processMetrics === undefined) {
    processMetrics = new Registry()
    collectDefaultMetrics({ register: processMetrics })
  }
  return processMetrics
}

/** @param problems how many things /healthz names */
export function createCollectorMetrics(
  ingest: Ingest,
  compaction: Readonly<CompactionStatistics>,
  problems: () => number
): Registry {
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
  new Gauge({
    name: 'microlog_problems',
    help: 'What /healthz names',
    registers,
    collect() {
      this.set(problems())
    }
  })
  return Registry.merge([registry, registryOfProcess()])
}
