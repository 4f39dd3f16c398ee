// Log lines across recordings, newest or oldest first. Segments are read from that end on, and no further than the page needs.
import { groupId } from '../../format/layout.ts'
import type { LogLine, Page } from '../api.ts'
import type { OpenSegment } from '../store/segment.ts'
import type { PageRequest } from './page.ts'
import { unixMs } from '../store/unix-ms.ts'
import { beyondPage, boundsOf, keyedPage } from './segment-lines.ts'
import type { KeyedLine, LogFilter, LogQuestion } from './segment-lines.ts'
import { serviceOf } from './service-of.ts'
import type { SegmentSearch } from './segment-search.ts'
import { rowOfTrace } from './trace-parts.ts'

/** The times of footers are rounded otherwise than those of lines: by a µs and what doubles lose, ms. */
const roundedMs = 0.002

export async function findLogLines(
  search: SegmentSearch,
  segments: readonly OpenSegment[],
  filter: LogFilter,
  request: PageRequest
): Promise<Page<LogLine>> {
  const bounds = boundsOf(filter, request)
  const wanted = segments.filter(segment => mayHold(segment, filter, bounds))
  // A page's places fall: times, or from the oldest on what is left until time's beginning.
  const firstPlaceOf = ({ file: { footer } }: OpenSegment): number =>
    filter.oldestFirst ? -unixMs(footer, footer.from) : unixMs(footer, footer.to)
  wanted.sort((a, b) => firstPlaceOf(b) - firstPlaceOf(a))
  let lines = new Map<string, KeyedLine>()
  let page: Page<KeyedLine> = { items: [] }
  const questionOf = ({ segment: { recording } }: OpenSegment): LogQuestion => ({
    recording,
    filter,
    page: request
  })
  for await (const { answer, index } of search.askEach('logLines', wanted, questionOf)) {
    for (const found of answer) if (!lines.has(found.key)) lines.set(found.key, found)
    lines = new Map(
      keyedPage(lines.values(), filter, beyondPage(request)).items.map(found => [found.key, found])
    )
    page = keyedPage(lines.values(), filter, request)
    const following = wanted[index + 1]
    const last = page.items.at(-1)?.line.time ?? -Infinity
    const lastPlace = filter.oldestFirst ? -last : last
    if (page.cursor !== undefined && following && firstPlaceOf(following) < lastPlace - roundedMs) break
  }
  const items = page.items.map(({ line }) => line)
  return page.cursor === undefined ? { items } : { items, cursor: page.cursor }
}

/** Judged by the footer alone. */
function mayHold(
  { file: { footer } }: OpenSegment,
  filter: LogFilter,
  { from, to }: { from: number; to: number }
): boolean {
  const { counts, traces, meta, blocks } = footer
  // The counts leave out the recorder's own entries.
  if (counts.events === 0 && !blocks.some(({ owner }) => owner.group === groupId.logs)) return false
  if (filter.service !== undefined && serviceOf(meta) !== filter.service) return false
  if (unixMs(footer, footer.to) < from - roundedMs || unixMs(footer, footer.from) > to + roundedMs)
    return false
  return filter.trace === undefined || rowOfTrace(traces, filter.trace) >= 0
}
