// What one segment has for a page of log lines.
import { crc32c } from '../../base/crc32c.ts'
import type { RecordingFile } from '../../format/index.ts'
import { buildLogEntries, isListed, uidOf } from '../../recording/log-entries.ts'
import type { LogEntry, OwnChoice } from '../../recording/log-entries.ts'
import { escaped } from '../../recording/part-search.ts'
import type { LogLine, Page } from '../api.ts'
import { pageOf } from './first-items.ts'
import { parseCursor } from './page.ts'
import type { PageRequest } from './page.ts'
import { serviceOf } from './service-of.ts'

export interface LogFilter {
  service?: string | undefined
  /** One or more levels. */
  levels?: ReadonlySet<string> | undefined
  /** Which of the recorder's own entries; all where nothing is said. */
  own?: OwnChoice | undefined
  /** Hex. */
  trace?: string | undefined
  /** Part of the body. */
  q?: string | undefined
  from?: number | undefined
  to?: number | undefined
  /** Else the newest first. */
  oldestFirst: boolean
}

export interface KeyedLine {
  /** Tells it from others, and one from its double. */
  key: string
  line: LogLine
}

/** What one segment is asked for: its part of the page. */
export interface LogQuestion {
  recording: string
  filter: LogFilter
  page: PageRequest
}

/** The lines of a segment that may be on the page. */
export async function linesOfSegment(
  file: RecordingFile,
  { recording: recordingId, filter, page }: LogQuestion
): Promise<KeyedLine[]> {
  const { footer } = file
  const { from, to } = boundsOf(filter, page)
  // A log call on a span comes as an event of that span, too; with events there may be logs that came no other way.
  const recording = await file.read(footer.counts.events > 0 ? ['logs', 'spans'] : ['logs'])
  const found = new Map<string, KeyedLine>()
  const alike = new Map<string, number>()
  for (const entry of buildLogEntries(recording, holdingText(filter.q))) {
    const unixNs = footer.epoch + BigInt(Math.round(entry.time || 0))
    const time = Number.isNaN(entry.time) ? NaN : Number(unixNs) / 1e6
    if (!(time >= from && time <= to)) continue
    if (filter.levels && !filter.levels.has(entry.level)) continue
    if (!isListed(entry, filter.own ?? 'all')) continue
    if (filter.trace !== undefined && entry.traceId !== filter.trace) continue
    const uid = uidOf(recording, entry.attributes)
    const line: LogLine = {
      recording: recordingId,
      label: footer.meta.label,
      service: serviceOf(footer.meta),
      time,
      level: entry.level,
      body: entry.body,
      ...(uid !== undefined && { uid }),
      ...(entry.traceId && { traceId: entry.traceId }),
      ...(entry.spanId && { spanId: entry.spanId })
    }
    const key = `${recordingId}.${uid ?? placeOf(entry, unixNs, alike)}`
    if (!found.has(key)) found.set(key, { key, line })
  }
  return keyedPage(found.values(), filter, beyondPage(page)).items
}

/** In any case. Bodies are many: those of plain letters are looked through without a copy of each. */
function holdingText(part = ''): (body: string) => boolean {
  if (/^[ -~]+$/.test(part)) {
    const pattern = new RegExp(escaped(part), 'i')
    return body => pattern.test(body)
  }
  const text = part.toLowerCase()
  return body => body.toLowerCase().includes(text)
}

/** Of the texts of a page, roughly: long ones make it end early. */
const pageCharacters = 16 * 1024 * 1024

interface LinesRequest extends PageRequest {
  characters?: number
}

/** A line and a few texts more than the page may hold tell that it isn't the last. */
export function beyondPage(page: PageRequest): LinesRequest {
  return { ...page, limit: page.limit + 1, characters: 2 * pageCharacters }
}

const utf8 = new TextEncoder()

/** What tells a line without a uid from others, the same in a head, in what it is sealed to, and in what that is put into. */
function placeOf({ level, body, spanId }: LogEntry, unixNs: bigint, alike: Map<string, number>): string {
  const place = `${unixNs}.${level}.${spanId}.${body.length}.${crc32c(utf8.encode(body))}`
  const before = alike.get(place) ?? 0
  alike.set(place, before + 1)
  return `${place}.${before}`
}

/** Where the lines of a page may lie, Unix ms. */
export function boundsOf(
  { from = -Infinity, to = Infinity, oldestFirst }: LogFilter,
  { after }: PageRequest
): { from: number; to: number } {
  if (after === undefined) return { from, to }
  const place = parseCursor(after).numbers[0]!
  return oldestFirst ? { from: Math.max(from, -place), to } : { from, to: Math.min(to, place) }
}

export function keyedPage(
  lines: Iterable<KeyedLine>,
  { oldestFirst }: LogFilter,
  request: LinesRequest
): Page<KeyedLine> {
  const some = (from: Iterable<KeyedLine>, limit: number): Page<KeyedLine> =>
    pageOf(
      from,
      ({ line: { time } }) => (oldestFirst ? -time : time),
      ({ key }) => key,
      { ...request, limit }
    )
  const page = some(lines, request.limit)
  const fitting = countFitting(page.items, request.characters ?? pageCharacters)
  return fitting === page.items.length ? page : some(page.items, fitting)
}

/** At least one. */
function countFitting(items: readonly KeyedLine[], most: number): number {
  let characters = 0
  const first = items.findIndex(({ line }, i) => (characters += line.body.length) > most && i > 0)
  return first < 0 ? items.length : first
}
