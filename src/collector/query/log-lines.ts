// Log lines across recordings, newest first. Segments are read from the newest on, and no further than the page needs.
import { setImmediate } from 'node:timers/promises'
import { groupId } from '../../format/layout.ts'
import { attributeText } from '../../recording/attributes.ts'
import { traceIdAt } from '../../recording/ids.ts'
import { buildLogEntries } from '../../recording/log-entries.ts'
import type { LogLine, Page } from '../api.ts'
import type { OpenSegment } from './library.ts'
import { pageOf, parseCursor } from './page.ts'
import type { PageRequest } from './page.ts'
import { unixMs } from './recording-summaries.ts'

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
}

interface KeyedLine {
  /** Tells it from others, and one from its double. */
  key: string
  line: LogLine
}

export async function findLogLines(
  segments: readonly OpenSegment[],
  filter: LogFilter,
  request: PageRequest
): Promise<Page<LogLine>> {
  const latest = request.after === undefined ? Infinity : parseCursor(request.after).time
  const until = Math.min(filter.to ?? Infinity, latest)
  const wanted = segments.filter(segment => mayHold(segment, filter, until))
  wanted.sort((a, b) => endOf(b) - endOf(a))
  const lines = new Map<string, KeyedLine>()
  let page: Page<KeyedLine> = { items: [] }
  for (const [i, segment] of wanted.entries()) {
    // Others' turn, between two segments.
    await setImmediate()
    for (const found of await linesOf(segment, filter, until)) {
      if (!lines.has(found.key)) lines.set(found.key, found)
    }
    page = pageOf(
      lines.values(),
      ({ line }) => line.time,
      ({ key }) => key,
      request
    )
    const next = wanted[i + 1]
    const oldest = page.items.at(-1)?.line.time ?? -Infinity
    if (page.cursor !== undefined && next && endOf(next) < oldest) break
  }
  const items = page.items.map(({ line }) => line)
  return page.cursor === undefined ? { items } : { items, cursor: page.cursor }
}

/** Judged by the footer alone. */
function mayHold({ file: { footer } }: OpenSegment, filter: LogFilter, until: number): boolean {
  const { counts, traces, meta, blocks } = footer
  // The counts leave out the recorder's own entries.
  if (counts.events === 0 && !blocks.some(({ owner }) => owner.group === groupId.logs)) return false
  if (filter.service !== undefined && (meta.resource?.['service.name'] ?? meta.label) !== filter.service)
    return false
  if (filter.from !== undefined && unixMs(footer, footer.to) < filter.from) return false
  if (unixMs(footer, footer.from) > until) return false
  if (filter.trace === undefined) return true
  for (let row = 0; row < traces.length; row++) if (traceIdAt(traces.id, row) === filter.trace) return true
  return false
}

async function linesOf(
  { segment, file }: OpenSegment,
  filter: LogFilter,
  until: number
): Promise<KeyedLine[]> {
  const { footer } = file
  // A log call on a span comes as an event of that span, too; with events there may be logs that came no other way.
  const recording = await file.read(footer.counts.events > 0 ? ['logs', 'spans'] : ['logs'])
  const text = filter.q?.toLowerCase()
  const found: KeyedLine[] = []
  for (const entry of buildLogEntries(recording, body => !text || body.toLowerCase().includes(text))) {
    const time = unixMs(footer, entry.time)
    if (!(time <= until) || (filter.from !== undefined && time < filter.from)) continue
    if (filter.levels && !filter.levels.has(entry.level)) continue
    if (filter.trace !== undefined && entry.traceId !== filter.trace) continue
    const uid = attributeText(recording, entry.attributes, 'log.record.uid')
    const line: LogLine = {
      recording: segment.recording,
      label: footer.meta.label,
      time,
      level: entry.level,
      body: entry.body,
      ...(uid !== undefined && { uid }),
      ...(entry.traceId && { traceId: entry.traceId }),
      ...(entry.spanId && { spanId: entry.spanId })
    }
    found.push({ key: `${segment.recording}.${uid ?? `${segment.id}.${entry.key}`}`, line })
  }
  return found
}

function endOf({ file: { footer } }: OpenSegment): number {
  return unixMs(footer, footer.to)
}
