// Traces and logs, across all recordings.
import type { FastifyInstance } from 'fastify'
import { MicrologError } from '../../base/errors.ts'
import type { LogLine, Page, TraceDetail, TraceSummary } from '../api.ts'
import { exportTrace } from '../exchange/export-recording.ts'
import type { Library } from '../query/library.ts'
import type { OpenSegment } from '../store/segment.ts'
import { findLogLines } from '../query/log-lines.ts'
import { findTraces, numbersOfPlace, pageOfTraces, traceOrders } from '../query/find-traces.ts'
import type { PathIndexes, TraceFilter, TraceSort } from '../query/find-traces.ts'
import { filterInSteps } from '../query/in-steps.ts'
import { LatestTraces } from '../query/latest-traces.ts'
import { MergedTraces } from '../query/merged-traces.ts'
import { partsOfTrace } from '../query/trace-parts.ts'
import type { TracePart } from '../query/trace-parts.ts'
import { readChoice, readChoices, readFlag, readNumber, readPageRequest } from '../query/page.ts'
import type { QueryTexts } from '../query/page.ts'
import type { SegmentSearch } from '../query/segment-search.ts'
import { TracePaths } from '../query/trace-paths.ts'
import { parseAttributeFilter } from '../../recording/traces-with-attribute.ts'
import { logLevels, ownChoices } from '../../recording/log-entries.ts'
import { pathText, queryTexts } from './query-texts.ts'

const traceKey = /^[0-9a-f]{32}$/
/** Of a recording, then what tells the line from its others. */
const logKey = /^[0-9a-z]{26}\../

export function addSearchRoutes(
  app: FastifyInstance,
  { library, search }: { library: Library; search: SegmentSearch }
): void {
  const merged = new LatestTraces()
  const paths = new TracePaths(search, {
    onKept: (segment, bytes) => library.noteKept(segment, bytes)
  })

  // Not before the answer: to start a thread takes what the answer needs.
  const looking = { onResponse: async () => search.prepare() }

  app.get('/api/traces', looking, async (received, reply): Promise<Page<TraceSummary>> => {
    const query = queryTexts(received)
    const sort = traceSort(query)
    const request = readPageRequest(query, traceKey, numbersOfPlace(sort))
    const opened = await library.open()
    const traces = await merged.of(opened.map(tracePart))
    const filter = traceFilter(query)
    const indexes = await pathIndexes(paths, filter, opened)
    let found = await findTraces(traces, filter, indexes)
    const attribute = query.get('attr')
    if (attribute) found = await withAttribute(search, traces, found, opened, attribute)
    if (filter.operation !== undefined)
      found = await paths.withOperation(filter.operation, traces, found, opened, indexes)
    void reply.header('cache-control', 'no-store')
    const page = await pageOfTraces(traces, found, sort, request)
    const shown = Int32Array.from(page.items, ({ traceId }) => traces.find(traceId))
    const pathOf = await paths.ofShown(traces, shown, opened)
    return { ...page, items: page.items.map(item => withPath(withoutSegments(item), pathOf)) }
  })

  app.get('/api/traces/:traceId', looking, async (request, reply) => {
    const traceId = pathText(request, 'traceId').toLowerCase()
    const format = queryTexts(request).get('format')
    const opened = await library.open()
    const traces = await MergedTraces.of(await partsOfTrace(opened.map(tracePart), traceId))
    if (traces.length === 0)
      throw new MicrologError('not-found', `No trace ${JSON.stringify(traceId.slice(0, 60))} here`)
    const detail = traces.detail(0)
    void reply.header('cache-control', 'no-store')
    if (format === undefined)
      return withPath(withStart(detail), await paths.ofShown(traces, Int32Array.of(0), opened))
    if (format !== 'otlp')
      throw new MicrologError(
        'invalid-input',
        `Expected format to be otlp, found ${JSON.stringify(format.slice(0, 40))}`
      )
    const segments = new Set(detail.segments.map(({ segment }) => segment))
    const files = opened.filter(({ segment }) => segments.has(segment.id)).map(({ file }) => file)
    return reply.type('application/json').send(await exportTrace(files, traceId))
  })

  app.get('/api/logs', async (request, reply): Promise<Page<LogLine>> => {
    const query = queryTexts(request)
    const filter = {
      service: query.get('service') || undefined,
      levels: readChoices(query, 'level', logLevels),
      own: readChoice(query, 'own', ownChoices),
      trace: query.get('trace')?.toLowerCase() || undefined,
      q: query.get('q') || undefined,
      from: readNumber(query, 'from'),
      to: readNumber(query, 'to'),
      oldestFirst: readChoice(query, 'order', ['newest', 'oldest']) === 'oldest'
    }
    void reply.header('cache-control', 'no-store')
    const opened = await library.open(query.get('recording') || undefined)
    return findLogLines(search, opened, filter, readPageRequest(query, logKey))
  })
}

/** An operation isn't searched for in vain; texts are found in what can be read. */
async function pathIndexes(
  paths: TracePaths,
  { operation, name, q }: TraceFilter,
  opened: readonly OpenSegment[]
): Promise<PathIndexes> {
  if (operation !== undefined) return paths.indexes(opened)
  return name === undefined && q === undefined ? [] : paths.indexesNow(opened)
}

function traceFilter(query: QueryTexts): TraceFilter {
  return {
    service: query.get('service') || undefined,
    name: query.get('name') || undefined,
    minDurationMs: readNumber(query, 'minDurationMs'),
    maxDurationMs: readNumber(query, 'maxDurationMs'),
    operation: query.get('operation') || undefined,
    error: readFlag(query, 'error'),
    from: readNumber(query, 'from'),
    to: readNumber(query, 'to'),
    q: query.get('q') || undefined
  }
}

function traceSort(query: QueryTexts): TraceSort {
  return {
    by: readChoice(query, 'sort', traceOrders) ?? 'start',
    ascending: readChoice(query, 'order', ['desc', 'asc']) === 'asc'
  }
}

function tracePart({ segment, file }: OpenSegment): TracePart {
  return { recording: segment.recording, segment: segment.id, footer: file.footer }
}

/** Footers don't tell of attributes: the spans of the segments that may matter are read. */
async function withAttribute(
  search: SegmentSearch,
  traces: MergedTraces,
  found: Int32Array,
  opened: readonly OpenSegment[],
  text: string
): Promise<Int32Array> {
  const filter = parseAttributeFilter(text)
  const needed = await traces.segmentsOf(found)
  const matching = new Set<number>()
  const asked = opened.filter(({ segment, file }) => needed.has(segment.id) && file.footer.counts.spans > 0)
  for await (const { answer } of search.askEach('tracesWithAttribute', asked, () => filter)) {
    for (const traceId of answer) matching.add(traces.find(traceId))
  }
  return filterInSteps(found, trace => matching.has(trace))
}

function withoutSegments({ segments: _segments, ...summary }: TraceDetail): TraceSummary {
  return summary
}

function withPath<Trace extends TraceSummary>(trace: Trace, paths: ReadonlyMap<string, string>): Trace {
  const path = paths.get(trace.traceId)
  return path === undefined ? trace : { ...trace, path }
}

/** A trace of which only logs or samples without a time are known starts nowhere. */
function withStart(detail: TraceDetail): TraceDetail {
  return Number.isFinite(detail.start) ? detail : { ...detail, start: 0 }
}
