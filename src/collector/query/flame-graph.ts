// One flame graph over all recordings that fit: of compacted segments only their stack counts are read, of others, and of
// those that reach beyond the time asked for, the blocks of samples in that time.
import type { RecordingFile } from '../../format/index.ts'
import { MergedCallTree } from '../../recording/merged-call-tree.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import type { FlameGraph } from '../api.ts'
import type { OpenSegment } from '../store/segment.ts'
import { unixMs } from '../store/unix-ms.ts'
import type { Question } from './segment-questions.ts'
import type { SegmentSearch } from './segment-search.ts'
import { serviceOf } from './service-of.ts'
import { unlessDamaged } from './unless-damaged.ts'

export interface FlameFilter {
  service?: string | undefined
  /** Route or name of the local root span: 'GET /orders'. */
  endpoint?: string | undefined
  /** service.version */
  version?: string | undefined
  /** Unix ms. */
  from?: number | undefined
  to?: number | undefined
}

export async function buildFlameGraph(
  search: SegmentSearch,
  segments: readonly OpenSegment[],
  filter: FlameFilter
): Promise<FlameGraph> {
  const merged = new MergedCallTree()
  const recordings = new Set<string>()
  const { endpoint } = filter
  const byRows: OpenSegment[] = []
  for (const opened of segments) {
    const { segment, file } = opened
    if (!mayHold(file.footer, filter)) continue
    const counts = isWithin(file.footer, rangeIn(file.footer, filter))
      ? await unlessDamaged(segment, () => file.readStackCounts(), search.onDamage)
      : undefined
    if (!counts) byRows.push(opened)
    else if (merged.addCounts(counts, endpoint)) recordings.add(segment.recording)
  }
  let cut = false
  const questionOf = ({ file }: OpenSegment): Question<'sampledCalls'> => ({
    range: rangeIn(file.footer, filter),
    endpoint
  })
  for await (const { opened, answer } of search.askEach('sampledCalls', byRows, questionOf)) {
    cut ||= answer.truncated
    if (merged.addCounts(answer.counts)) recordings.add(opened.segment.recording)
  }
  const { frames, frame, parent, self, total, samples, truncated } = merged.finish()
  return {
    recordings: [...recordings],
    frames,
    nodes: {
      frame: [...frame],
      parent: [...parent],
      selfMs: Array.from(self, roundedMs),
      totalMs: Array.from(total, roundedMs),
      samples: [...samples]
    },
    truncated: truncated || cut
  }
}

type Footer = RecordingFile['footer']

/** Judged by the footer alone. */
function mayHold(footer: Footer, { service, version, from, to }: FlameFilter): boolean {
  const { counts, meta } = footer
  if (counts.samples === 0) return false
  if (service !== undefined && serviceOf(meta) !== service) return false
  if (version !== undefined && meta.resource?.['service.version'] !== version) return false
  return !(unixMs(footer, footer.to) < (from ?? -Infinity) || unixMs(footer, footer.from) > (to ?? Infinity))
}

/** ns since the segment's epoch. */
function rangeIn({ epoch }: Footer, { from, to }: FlameFilter): TimeRange {
  const inSegment = (ms: number): number => Number(BigInt(Math.round(ms * 1000)) * 1000n - epoch)
  return {
    from: from === undefined ? -Infinity : inSegment(from),
    to: to === undefined ? Infinity : inSegment(to)
  }
}

function isWithin({ from, to }: Footer, range: TimeRange): boolean {
  return range.from <= from && to < range.to
}

/** To the µs. */
function roundedMs(nanos: number): number {
  return Math.round(nanos / 1000) / 1000
}
