// Log lines across recordings, newest first. Segments are read from the newest on, and no further than the page needs.
import { groupId } from '../../format/layout.ts'
import { traceIdAt } from '../../recording/ids.ts'
import type { LogLine, Page } from '../api.ts'
import type { OpenSegment } from './library.ts'
import type { PageRequest } from './page.ts'
import { unixMs } from './recording-summaries.ts'
import { keyedPage, latestOf } from './segment-lines.ts'
import type { KeyedLine, LogFilter, LogQuestion } from './segment-lines.ts'
import type { SegmentSearch } from './segment-search.ts'

export async function findLogLines(
  search: SegmentSearch,
  segments: readonly OpenSegment[],
  filter: LogFilter,
  request: PageRequest
): Promise<Page<LogLine>> {
  const until = latestOf(filter, request)
  const wanted = segments.filter(segment => mayHold(segment, filter, until))
  wanted.sort((a, b) => endOf(b) - endOf(a))
  const lines = new Map<string, KeyedLine>()
  let page: Page<KeyedLine> = { items: [] }
  let next = 0
  const questionOf = ({ segment: { recording, id } }: OpenSegment): LogQuestion => ({
    recording,
    id,
    filter,
    page: request
  })
  for await (const { answer } of search.askEach('logLines', wanted, questionOf)) {
    for (const found of answer) if (!lines.has(found.key)) lines.set(found.key, found)
    page = keyedPage(lines.values(), request)
    const following = wanted[++next]
    const oldest = page.items.at(-1)?.line.time ?? -Infinity
    if (page.cursor !== undefined && following && endOf(following) < oldest) break
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

function endOf({ file: { footer } }: OpenSegment): number {
  return unixMs(footer, footer.to)
}
