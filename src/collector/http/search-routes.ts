// Traces and logs, across all recordings.
import type { FastifyInstance } from 'fastify'
import { MicrologError } from '../../base/errors.ts'
import type { LogLine, Page, TraceDetail, TraceSummary } from '../api.ts'
import { exportTrace } from '../exchange/export-recording.ts'
import type { Library, OpenSegment } from '../query/library.ts'
import { findLogLines } from '../query/log-lines.ts'
import { pageOf, readFlag, readNumber, readPageRequest } from '../query/page.ts'
import type { QueryTexts } from '../query/page.ts'
import { parseAttributeFilter, tracesWithAttribute } from '../query/span-attributes.ts'
import { assembleTraces, filterTraces, withoutSegments } from '../query/trace-summaries.ts'
import type { TraceFilter, TracePart } from '../query/trace-summaries.ts'
import { pathText, queryTexts } from './query-texts.ts'

export function addSearchRoutes(app: FastifyInstance, { library }: { library: Library }): void {
  app.get('/api/traces', async (request, reply): Promise<Page<TraceSummary>> => {
    const query = queryTexts(request)
    const opened = await library.open()
    let found = filterTraces(assembleTraces(opened.map(tracePart)).values(), traceFilter(query))
    const attribute = query.get('attr')
    if (attribute) found = await withAttribute(found, opened, attribute)
    void reply.header('cache-control', 'no-store')
    const page = pageOf(
      found,
      ({ start, traceId }) => ({ time: start, key: traceId }),
      readPageRequest(query)
    )
    return { ...page, items: page.items.map(withoutSegments) }
  })

  app.get('/api/traces/:traceId', async (request, reply) => {
    const traceId = pathText(request, 'traceId').toLowerCase()
    const format = queryTexts(request).get('format')
    const opened = await library.open()
    const trace = assembleTraces(opened.map(tracePart), traceId).get(traceId)
    if (!trace) throw new MicrologError('not-found', `No trace ${JSON.stringify(traceId.slice(0, 60))} here`)
    void reply.header('cache-control', 'no-store')
    if (format === undefined) return withStart(trace.detail)
    if (format !== 'otlp')
      throw new MicrologError(
        'invalid-input',
        `Expected format to be otlp, found ${JSON.stringify(format.slice(0, 40))}`
      )
    const segments = new Set(trace.detail.segments.map(({ segment }) => segment))
    const files = opened.filter(({ segment }) => segments.has(segment.id)).map(({ file }) => file)
    return reply.type('application/json').send(await exportTrace(files, traceId))
  })

  app.get('/api/logs', async (request, reply): Promise<Page<LogLine>> => {
    const query = queryTexts(request)
    const level = query.get('level')
    const filter = {
      service: query.get('service') || undefined,
      levels: level ? new Set(level.toLowerCase().split(',')) : undefined,
      trace: query.get('trace')?.toLowerCase() || undefined,
      q: query.get('q') || undefined,
      from: readNumber(query, 'from'),
      to: readNumber(query, 'to')
    }
    void reply.header('cache-control', 'no-store')
    return findLogLines(await library.open(), filter, readPageRequest(query))
  })
}

function traceFilter(query: QueryTexts): TraceFilter {
  return {
    service: query.get('service') || undefined,
    name: query.get('name') || undefined,
    minDurationMs: readNumber(query, 'minDurationMs'),
    error: readFlag(query, 'error'),
    from: readNumber(query, 'from'),
    to: readNumber(query, 'to'),
    q: query.get('q') || undefined
  }
}

function tracePart({ segment, file }: OpenSegment): TracePart {
  return { recording: segment.recording, segment: segment.id, footer: file.footer }
}

/** Footers don't tell of attributes: the spans of the segments that may matter are read. */
async function withAttribute(
  found: TraceDetail[],
  opened: readonly OpenSegment[],
  text: string
): Promise<TraceDetail[]> {
  const filter = parseAttributeFilter(text)
  const needed = new Set(found.flatMap(({ segments }) => segments.map(({ segment }) => segment)))
  const matching = new Set<string>()
  for (const { segment, file } of opened) {
    if (!needed.has(segment.id) || file.footer.counts.spans === 0) continue
    for (const traceId of tracesWithAttribute(await file.read(['spans']), filter)) matching.add(traceId)
  }
  return found.filter(({ traceId }) => matching.has(traceId))
}

/** A trace of which only logs or samples without a time are known starts nowhere. */
function withStart(detail: TraceDetail): TraceDetail {
  return Number.isFinite(detail.start) ? detail : { ...detail, start: 0 }
}
