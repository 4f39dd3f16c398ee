// Recordings: list, detail, deletion, and the bytes of their segments.
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { MicrologError, messageOf } from '../../base/errors.ts'
import type { Page, RecordingDetail, RecordingOverview, RecordingPage, SegmentSummary } from '../api.ts'
import type { Ingest } from '../ingest/ingest.ts'
import { coversMost, readPart } from '../query/cut-segment.ts'
import type { Library } from '../query/library.ts'
import type { OpenSegment } from '../store/segment.ts'
import { pageOf } from '../query/first-items.ts'
import { readNumber, readPageRequest } from '../query/page.ts'
import { withoutDetail } from '../query/recording-summaries.ts'
import { unixMs } from '../store/unix-ms.ts'
import { findRecording, listRecordings } from '../query/list-recordings.ts'
import { buildOverview } from '../query/recording-overview.ts'
import type { SegmentSearch } from '../query/segment-search.ts'
import { exportRecording, exportType } from '../exchange/export-recording.ts'
import type { Catalog } from '../store/catalog.ts'
import type { HealthFacts } from './health-facts.ts'
import type { OnChange } from './on-change.ts'
import { parseRange } from './byte-range.ts'
import { pathText, queryTexts } from './query-texts.ts'

export interface RecordingParts {
  catalog: Catalog
  library: Library
  search: SegmentSearch
  ingest: Ingest
  health: HealthFacts
  onChange?: OnChange
}

const recordingKey = /^[0-9a-z]{26}$/
const segmentKey = /^[\w-]+$/
const immutable = 'public, max-age=31536000, immutable'
/** What is cut out of an immutable one: another release may cut it otherwise. */
const forADay = 'public, max-age=86400'

export function addRecordingRoutes(
  app: FastifyInstance,
  { catalog, library, search, ingest, health, onChange }: RecordingParts
): void {
  app.get('/api/recordings', async (request, reply): Promise<RecordingPage> => {
    const query = queryTexts(request)
    const from = readNumber(query, 'from') ?? -Infinity
    const to = readNumber(query, 'to') ?? Infinity
    const all = await listRecordings(library, query.get('q'), Date.now())
    const wanted = all.filter(
      recording => recording.start <= to && recording.start + recording.durationMs >= from
    )
    void reply.header('cache-control', 'no-store')
    const page = pageOf(
      wanted,
      ({ start }) => start,
      ({ id }) => id,
      readPageRequest(query, recordingKey)
    )
    const others = health.catalog?.others() ?? 0
    return { ...page, items: page.items.map(withoutDetail), ...(others > 0 && { others }) }
  })

  app.get('/api/recordings/:id', async (request, reply): Promise<RecordingDetail> => {
    const id = pathText(request, 'id')
    const found = await findRecording(library, id, Date.now())
    if (!found) throw unknownRecording(id)
    void reply.header('cache-control', 'no-store')
    return found
  })

  app.delete('/api/recordings/:id', async (request, reply) => {
    const id = pathText(request, 'id')
    const isThere = (await library.segments(id)).length > 0 || (await catalog.isStored(id))
    if (!isThere) throw unknownRecording(id)
    await catalog.deleteRecording(id)
    ingest.forget(id)
    onChange?.('deleted', { recording: id })
    return reply.code(204).send()
  })

  app.get('/api/recordings/:id/segments', async (request, reply): Promise<Page<SegmentSummary>> => {
    search.prepare()
    const id = pathText(request, 'id')
    const opened = await library.open(id)
    if (opened.length === 0) throw unknownRecording(id)
    void reply.header('cache-control', 'no-store')
    return pageOf(
      opened.map(summarizeSegment),
      ({ from }) => from,
      ({ id }) => id,
      readPageRequest(queryTexts(request), segmentKey)
    )
  })

  app.get('/api/recordings/:id/overview', async (request, reply): Promise<RecordingOverview> => {
    const id = pathText(request, 'id')
    const opened = await library.open(id)
    if (opened.length === 0) throw unknownRecording(id)
    void reply.header('cache-control', 'no-store')
    const query = queryTexts(request)
    return buildOverview(
      opened,
      { stepMs: readNumber(query, 'stepMs') ?? 60_000, metric: query.get('metric') || undefined },
      (segment, why) => catalog.noteDamage(segment, why)
    )
  })

  app.get('/api/recordings/:id/segments/:segment', async (request, reply) => {
    const segment = await library.find(pathText(request, 'id'), pathText(request, 'segment'))
    if (!segment) throw new MicrologError('not-found', 'No such segment (any more): ask for the list again')
    // A head's id may be answered by what it was sealed to: the same bytes, but not promised for ever.
    const live = pathText(request, 'segment') !== segment.id || segment.live
    void reply.type('application/octet-stream')
    const part = readPart(queryTexts(request))
    const file = part && (await segment.open())
    if (file && !coversMost(file.footer, part)) {
      const cut = await search.ask('cutSegment', { segment, file }, part)
      void reply.header('cache-control', live ? 'no-store' : forADay)
      return reply.send(asBuffer(cut))
    }
    void reply.header('cache-control', live ? 'no-store' : immutable)
    void reply.header('accept-ranges', 'bytes')
    const range = parseRange(request.headers.range, segment.bytes)
    if (range === 'unsatisfiable') {
      return reply.code(416).header('content-range', `bytes */${segment.bytes}`).send()
    }
    if (range) {
      const { from, to } = range
      void reply.code(206).header('content-range', `bytes ${from}-${to - 1}/${segment.bytes}`)
      return reply.send(asBuffer(await segment.read(from, to)))
    }
    return reply.send(asBuffer(await segment.read(0, segment.bytes)))
  })

  app.get('/api/recordings/:id/export', async (request, reply) => {
    const id = pathText(request, 'id')
    const format = queryTexts(request).get('format') ?? 'microlog'
    const { type, suffix } = exportType(format)
    const opened = await library.open(id)
    if (opened.length === 0) throw unknownRecording(id)
    const pieces = await exportRecording(
      opened.map(({ file }) => file),
      format,
      (file, why) => {
        const { segment } = opened.find(known => known.file === file)!
        catalog.noteDamage(segment, why)
        const named = `Segment ${segment.id} of recording ${id} is damaged: ${messageOf(why)}`
        throw new MicrologError('corrupt', `${named}; microlog export writes the rest`, { cause: why })
      }
    )
    void reply.header('content-disposition', `attachment; filename="${id}${suffix}"`)
    return reply.header('cache-control', 'no-store').type(type).send(Readable.from(pieces))
  })
}

function summarizeSegment({ segment, file: { footer } }: OpenSegment): SegmentSummary {
  const { id, bytes, live } = segment
  const start = Number.isNaN(footer.from) ? 0 : footer.from
  const end = Number.isNaN(footer.to) ? start : footer.to
  return { id, from: unixMs(footer, start), to: unixMs(footer, end), bytes, live }
}

function unknownRecording(id: string): MicrologError {
  return new MicrologError('not-found', `No recording ${JSON.stringify(id.slice(0, 60))} here`)
}

/** The same bytes, as Fastify takes them; not a copy. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
