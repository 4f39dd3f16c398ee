// One flame graph over all recordings that fit: of compacted segments only their stack counts are read, of others, and of
// those that reach beyond the time asked for, the blocks of samples in that time; of sealed ones that lie within it once.
import { nanosPerMs } from '../../base/units.ts'
import type { RecordingFile } from '../../format/index.ts'
import { MergedCallTree } from '../../recording/merged-call-tree.ts'
import type { StackCounts } from '../../recording/stack-counts.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import type { FlameGraph } from '../api.ts'
import type { OpenSegment } from '../store/segment.ts'
import { unixMs } from '../store/unix-ms.ts'
import { inSteps } from './in-steps.ts'
import { KnownCounts } from './known-counts.ts'
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

/** Nobody chooses among more: names that differ for each request are no endpoints. */
const mostEndpoints = 500

/** Segments whose counts are added between two looks at the clock. */
const knownAStep = 16

export async function buildFlameGraph(
  search: SegmentSearch,
  segments: readonly OpenSegment[],
  filter: FlameFilter,
  known = new KnownCounts()
): Promise<FlameGraph> {
  const merged = new MergedCallTree()
  const recordings: string[] = []
  const rows = new Map<string, number>()
  const endpoints = new Map<string, number>()
  const add = ({ segment, file }: OpenSegment, counts: StackCounts): void => {
    addEndpointTimes(endpoints, counts)
    const row = rows.get(segment.recording) ?? recordings.length
    const place = { row, time: unixMs(file.footer, file.footer.to) }
    if (!merged.addCounts(counts, place, filter.endpoint) || row < recordings.length) return
    rows.set(segment.recording, recordings.push(segment.recording) - 1)
  }

  const { services, versions, fitting } = choose(segments, filter)
  const isWhole = ({ file: { footer } }: OpenSegment): boolean => isWithin(footer, rangeIn(footer, filter))
  const unknown: OpenSegment[] = []
  const addKnown = (opened: OpenSegment): void => {
    const counts = isWhole(opened) ? known.get(opened.file.footer) : undefined
    if (counts) add(opened, counts)
    else unknown.push(opened)
  }
  await inSteps(fitting.length, index => addKnown(fitting[index]!), knownAStep)
  const byRows: OpenSegment[] = []
  for (const opened of unknown) {
    const { segment, file } = opened
    const counts = isWhole(opened)
      ? await unlessDamaged(segment, () => file.readStackCounts(), search.onDamage)
      : undefined
    if (counts) add(opened, counts)
    else byRows.push(opened)
  }
  const questionOf = ({ file }: OpenSegment): TimeRange => rangeIn(file.footer, filter)
  for await (const { opened, answer } of search.askEach('sampledCalls', byRows, questionOf)) {
    const isKept = isWhole(opened) && !opened.segment.live
    add(opened, isKept ? known.keep(opened.file.footer, answer) : answer)
  }

  const { frames, seenIn, frame, parent, self, total, samples, truncated } = merged.finish()
  const byTime = [...endpoints]
    .filter(([name]) => name !== '')
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostEndpoints)
  return {
    recordings,
    frames: { ...frames, recording: [...seenIn] },
    nodes: {
      frame: [...frame],
      parent: [...parent],
      selfMs: Array.from(self, roundedMs),
      totalMs: Array.from(total, roundedMs),
      samples: [...samples]
    },
    truncated,
    choices: {
      services: [...services].sort(),
      versions: [...versions].sort(),
      endpoints: { name: byTime.map(([name]) => name), selfMs: byTime.map(([, time]) => roundedMs(time)) }
    }
  }
}

type Footer = RecordingFile['footer']

interface Chosen {
  fitting: OpenSegment[]
  /** With samples in that time. */
  services: Set<string>
  /** … of the service asked for. */
  versions: Set<string>
}

/** Judged by the footers alone. */
function choose(segments: readonly OpenSegment[], filter: FlameFilter): Chosen {
  const chosen: Chosen = { fitting: [], services: new Set(), versions: new Set() }
  for (const opened of segments) {
    const { footer } = opened.file
    if (footer.counts.samples === 0 || !overlaps(footer, filter)) continue
    const service = serviceOf(footer.meta)
    chosen.services.add(service)
    if (filter.service !== undefined && service !== filter.service) continue
    const version = footer.meta.resource?.['service.version']
    if (version) chosen.versions.add(version)
    if (filter.version === undefined || version === filter.version) chosen.fitting.push(opened)
  }
  return chosen
}

function overlaps(footer: Footer, { from = -Infinity, to = Infinity }: FlameFilter): boolean {
  return !(unixMs(footer, footer.to) < from || unixMs(footer, footer.from) > to)
}

/** ns by endpoint. */
function addEndpointTimes(times: Map<string, number>, { endpoints, endpoint, self }: StackCounts): void {
  const sums = new Float64Array(endpoints.length)
  for (let row = 0; row < endpoint.length; row++) sums[endpoint[row]!]! += self[row]!
  endpoints.forEach((name, row) => times.set(name, (times.get(name) ?? 0) + sums[row]!))
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
  return Math.round((nanos / nanosPerMs) * 1000) / 1000
}
