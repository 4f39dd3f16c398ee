// What one segment has for a page of log lines.
import type { RecordingFile } from '../../format/index.ts'
import { attributeText } from '../../recording/attributes.ts'
import { buildLogEntries } from '../../recording/log-entries.ts'
import type { LogLine, Page } from '../api.ts'
import { pageOf, parseCursor } from './page.ts'
import type { PageRequest } from './page.ts'
import { unixMs } from '../store/unix-ms.ts'

export interface LogFilter {
  service?: string | undefined
  /** One or more levels. */
  levels?: ReadonlySet<string> | undefined
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
  /** Of the segment. */
  id: string
  filter: LogFilter
  page: PageRequest
}

/** The lines of a segment that may be on the page. */
export async function linesOfSegment(
  file: RecordingFile,
  { recording: recordingId, id, filter, page }: LogQuestion
): Promise<KeyedLine[]> {
  const { footer } = file
  const { from, to } = boundsOf(filter, page)
  // A log call on a span comes as an event of that span, too; with events there may be logs that came no other way.
  const recording = await file.read(footer.counts.events > 0 ? ['logs', 'spans'] : ['logs'])
  const text = filter.q?.toLowerCase()
  const found = new Map<string, KeyedLine>()
  for (const entry of buildLogEntries(recording, body => !text || body.toLowerCase().includes(text))) {
    const time = unixMs(footer, entry.time)
    if (!(time >= from && time <= to)) continue
    if (filter.levels && !filter.levels.has(entry.level)) continue
    if (filter.trace !== undefined && entry.traceId !== filter.trace) continue
    const uid = attributeText(recording, entry.attributes, 'log.record.uid')
    const line: LogLine = {
      recording: recordingId,
      label: footer.meta.label,
      time,
      level: entry.level,
      body: entry.body,
      ...(uid !== undefined && { uid }),
      ...(entry.traceId && { traceId: entry.traceId }),
      ...(entry.spanId && { spanId: entry.spanId })
    }
    const key = `${recordingId}.${uid ?? `${id}.${entry.key}`}`
    if (!found.has(key)) found.set(key, { key, line })
  }
  // One more tells that the page isn't the last.
  return keyedPage(found.values(), filter, { ...page, limit: page.limit + 1 }).items
}

/** Where the lines of a page may lie, Unix ms. */
export function boundsOf(
  { from = -Infinity, to = Infinity, oldestFirst }: LogFilter,
  { after }: PageRequest
): { from: number; to: number } {
  if (after === undefined) return { from, to }
  const { time } = parseCursor(after)
  return oldestFirst ? { from: Math.max(from, -time), to } : { from, to: Math.min(to, time) }
}

export function keyedPage(
  lines: Iterable<KeyedLine>,
  { oldestFirst }: LogFilter,
  request: PageRequest
): Page<KeyedLine> {
  return pageOf(
    lines,
    ({ line: { time } }) => (oldestFirst ? -time : time),
    ({ key }) => key,
    request
  )
}
