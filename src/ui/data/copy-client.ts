// What the screens ask of a collector, answered from one recording that was saved with them. Nothing else is there: no other
// recording, no way to change or delete it.
import type { Page, RecordingDetail, TraceDetail, TraceSummary } from '../../collector/api.ts'
import type { RecordingFile } from '../../format/index.ts'
import { operationOf } from '../../base/http-operation.ts'
import { traceIdAt } from '../../recording/ids.ts'
import { tracePaths } from '../../recording/trace-paths.ts'
import { parseAttributeFilter, tracesWithAttribute } from '../../recording/traces-with-attribute.ts'
import type { ApiClient, TraceFilter } from './api-client.ts'
import { RequestError } from './send-request.ts'

/** The whole recording is one segment. */
const segment = 'whole'

export interface RecordingCopy {
  /** As the collector told it when the copy was made. */
  detail: RecordingDetail
  file: RecordingFile
  /** Where a worker can fetch the file's bytes. */
  url: string
}

export function createCopyClient({ detail, file, url }: RecordingCopy): ApiClient {
  const { id, start, durationMs } = detail
  const traces = listTraces(detail, file)
  let pathed: Promise<TraceDetail[]> | undefined
  const withPaths = (): Promise<TraceDetail[]> => (pathed ??= addPaths(traces, file))

  async function withAttribute(attr: string | undefined): Promise<Set<string> | undefined> {
    return attr ? tracesWithAttribute(await file.read(['spans']), parseAttributeFilter(attr)) : undefined
  }

  return {
    isCopy: true,
    authorization: undefined,
    recordings: async () => [detail],
    recording: async asked => (asked === id ? detail : nothing(`recording ${asked}`)),
    segments: async () => [
      { id: segment, from: start, to: start + durationMs, bytes: file.byteLength, live: false }
    ],
    segmentUrl: () => url,
    async traces(filter): Promise<Page<TraceSummary>> {
      const wanted = await withAttribute(filter.attr)
      const found = (await withPaths()).filter(
        trace => trace.spans > 0 && fitsFilter(trace, filter) && (wanted?.has(trace.traceId) ?? true)
      )
      return { items: sortTraces(found, filter).slice(0, Number(filter.limit ?? found.length)) }
    },
    trace: async asked =>
      (await withPaths()).find(({ traceId }) => traceId === asked) ?? nothing(`trace ${asked}`),
    overview: () => nothing('overview'),
    removeRecording: () => nothing('way to delete it'),
    traceAsOtlp: () => nothing('OTLP'),
    logs: () => nothing('list of logs'),
    flame: () => nothing('flame graph of others'),
    live: () => nothing('stream'),
    importFile: () => nothing('way to import a file'),
    health: () => nothing('collector')
  }
}

async function nothing(what: string): Promise<never> {
  throw new RequestError('', 404, `There is no ${what} in this copy`)
}

/** Newest first; also those that only logs and samples name. */
function listTraces({ id, service }: RecordingDetail, { footer }: RecordingFile): TraceDetail[] {
  const { traces, epoch } = footer
  const epochMs = Number(epoch / 1000n) / 1000
  const found: TraceDetail[] = []
  for (let row = 0; row < traces.length; row++) {
    if (!Number.isFinite(traces.start[row])) continue
    found.push({
      traceId: traceIdAt(traces.id, row),
      service: traces.texts[traces.service[row]!] || service,
      name: traces.texts[traces.name[row]!] ?? '',
      start: epochMs + traces.start[row]! / 1e6,
      durationMs: traces.duration[row]! / 1e6,
      spans: traces.spans[row]!,
      errors: traces.errors[row]!,
      logs: traces.logs[row]!,
      samples: traces.samples[row]!,
      segments: [{ recording: id, segment }]
    })
  }
  return found.sort((a, b) => b.start - a.start)
}

/** Those named by an HTTP method alone say their paths, as those of a collector do. */
async function addPaths(traces: readonly TraceDetail[], file: RecordingFile): Promise<TraceDetail[]> {
  const paths = tracePaths(await file.read(['spans']), new Set(traces.map(({ traceId }) => traceId)))
  return traces.map(trace => {
    const path = paths.get(trace.traceId)
    return path === undefined ? trace : { ...trace, path }
  })
}

/** @param traces newest first, as equal ones stay */
function sortTraces(traces: readonly TraceSummary[], { sort, order }: TraceFilter): TraceSummary[] {
  const column = sort === 'duration' ? 'durationMs' : (sort ?? 'start')
  const sign = order === 'asc' ? -1 : 1
  return [...traces].sort((a, b) => sign * (b[column] - a[column]))
}

/** Not by service: all of them are of the one that was recorded. */
function fitsFilter(trace: TraceSummary, filter: TraceFilter): boolean {
  const { name, operation, minDurationMs, maxDurationMs, error, q, from, to } = filter
  const holds = (text: string, part = ''): boolean => text.toLowerCase().includes(part.toLowerCase())
  if (!holds(trace.name, name)) return false
  if (!holds(trace.name, q) && !holds(trace.service, q) && !holds(trace.traceId, q)) return false
  if (operation && operationOf(trace.name, trace.path) !== operation) return false
  if (maxDurationMs && trace.durationMs > Number(maxDurationMs)) return false
  if (minDurationMs && trace.durationMs < Number(minDurationMs)) return false
  if (error === 'true' && trace.errors === 0) return false
  if (from && trace.start + trace.durationMs < Number(from)) return false
  return !to || trace.start <= Number(to)
}
