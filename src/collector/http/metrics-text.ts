// The collector's own figures in Prometheus' text format (prometheus.io/docs/instrumenting/exposition_formats).
import type { Ingest } from '../ingest/ingest.ts'
import type { LatencyHistogram } from '../ingest/latency-histogram.ts'
import { codeOfStatus } from './error-status.ts'

export function metricsText(ingest: Ingest, problems: number): string {
  const { statistics, journal, sealer } = ingest
  const refused = [...statistics.refused].sort(([a], [b]) => a - b)
  return [
    counter('requests', 'OTLP requests that were read', statistics.requests),
    counter(
      'requests_repeated',
      'Requests that had come before and were not kept again',
      statistics.repeated
    ),
    metric('microlog_requests_refused_total', 'counter', 'OTLP requests that were answered with an error', [
      ...refused.map(([status, count]): Line => [
        `{reason="${codeOfStatus(status)}",status="${status}"}`,
        count
      ])
    ]),
    counter('items_accepted', 'Spans, logs, points and samples that were kept', statistics.accepted),
    counter('items_rejected', 'Items refused by a partial success', statistics.rejected),
    counter('journal_commits', 'Syncs of the journal', journal.statistics.commits),
    counter('journal_entries', 'Requests that the journal took', journal.statistics.entries),
    counter('journal_bytes', 'Bytes written to the journal', journal.statistics.bytes),
    counter('journal_failures', 'Syncs of the journal that failed', journal.statistics.failures),
    histogram('microlog_journal_seconds', 'From a request to its bytes on disk', journal.latency),
    counter('segments_sealed', 'Segments written', sealer.sealed),
    counter('store_errors', 'Times that the store could not be read or written', statistics.storeErrors),
    metric('microlog_problems', 'gauge', 'What /healthz names', [['', problems]]),
    metric('process_resident_memory_bytes', 'gauge', 'Resident memory', [['', process.memoryUsage.rss()]])
  ].join('')
}

/** What follows the name: a suffix, labels, both or neither. */
type Line = [tail: string, value: number]

function counter(name: string, help: string, value: number): string {
  return metric(`microlog_${name}_total`, 'counter', help, [['', value]])
}

function histogram(name: string, help: string, latency: LatencyHistogram): string {
  const buckets = latency.cumulated()
  return metric(name, 'histogram', help, [
    ...buckets.map(({ boundMs, count }): Line => {
      const bound = boundMs === Infinity ? '+Inf' : String(boundMs / 1000)
      return [`_bucket{le="${bound}"}`, count]
    }),
    ['_sum', latency.sumMs / 1000],
    ['_count', buckets.at(-1)!.count]
  ])
}

function metric(name: string, type: string, help: string, lines: readonly Line[]): string {
  const body = lines.map(([tail, value]) => `${name}${tail} ${value}\n`).join('')
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${body}`
}
