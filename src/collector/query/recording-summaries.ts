// What lists tell of recordings, from the footers of their segments alone.
import type { SegmentFooter } from '../../format/index.ts'
import type { RecordingDetail, RecordingSummary } from '../api.ts'
import { recordingId } from '../store/recording-id.ts'
import { labelOf } from '../ingest/sender.ts'
import { endMs, unixMs } from '../store/unix-ms.ts'

/** A segment as far as summaries need it. */
export interface SummaryPart {
  recording: string
  bytes: number
  footer: SegmentFooter
  /** When its newest data came, by the clock here, Unix ms; undefined for what a sender didn't send. */
  cameMs?: number | undefined
}

/** Data that came within this is called live, ms. */
const liveWithinMs = 5000

/**
 * Newest first.
 * @param nowMs undefined where no collector runs: then nothing is live
 * @param beginnings Unix ms by recording, see Catalog
 */
export function summarizeRecordings(
  parts: readonly SummaryPart[],
  nowMs?: number,
  beginnings: ReadonlyMap<string, number> = new Map()
): RecordingDetail[] {
  const byRecording = new Map<string, SummaryPart[]>()
  for (const part of parts) {
    const known = byRecording.get(part.recording)
    if (known) known.push(part)
    else byRecording.set(part.recording, [part])
  }
  const summaries = [...byRecording].map(([id, own]) => summarizeOne(id, own, nowMs, beginnings.get(id)))
  linkFamilies(summaries)
  return summaries.sort((a, b) => b.start - a.start || (a.id < b.id ? -1 : 1))
}

/** A summary as the list gives it. */
export function withoutDetail({
  resource: _resource,
  children: _children,
  origin: _origin,
  ...summary
}: RecordingDetail): RecordingSummary {
  return summary
}

function summarizeOne(
  id: string,
  parts: readonly SummaryPart[],
  nowMs: number | undefined,
  beganMs = Infinity
): RecordingDetail {
  const last = parts.reduce((a, b) => (endMs(b.footer) > endMs(a.footer) ? b : a))
  const resource = { ...last.footer.meta.resource }
  const sum = (count: (footer: SegmentFooter) => number): number =>
    parts.reduce((total, { footer }) => total + count(footer), 0)
  const starts = parts.map(({ footer }) => unixMs(footer, footer.from)).filter(Number.isFinite)
  const start = starts.length > 0 ? starts.reduce((a, b) => Math.min(a, b)) : unixMs(last.footer, 0)
  const end = Math.max(start, endMs(last.footer))
  const threads = new Set(parts.flatMap(({ footer }) => footer.threads.map(thread => thread.id)))
  return {
    id,
    label: last.footer.meta.label || labelOf(resource),
    service: resource['service.name'] ?? '',
    namespace: resource['service.namespace'] ?? '',
    instance: resource['service.instance.id'] ?? '',
    ...(resource['process.pid'] && { pid: resource['process.pid'] }),
    start,
    durationMs: end - start,
    origin: Math.min(start, beganMs),
    bytes: parts.reduce((total, { bytes }) => total + bytes, 0),
    samples: sum(({ counts }) => counts.samples),
    spans: sum(({ counts }) => counts.spans),
    logs: sum(({ counts }) => counts.logs),
    statuses: sum(({ counts }) => counts.statuses),
    threads: threads.size,
    errors: sum(({ counts }) => counts.spanErrors + counts.levels.error + counts.levels.fatal),
    live: nowMs !== undefined && parts.some(({ cameMs = -Infinity }) => isLately(cameMs, nowMs)),
    resource,
    children: []
  }
}

/** The sender's clock says nothing about it: it may be hours off. */
function isLately(cameMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - cameMs) < liveWithinMs
}

/**
 * A child names its parent's instance only: with the service and namespace of the child, or else among all that are here.
 * Children are found from their side alone, so that both directions always agree.
 */
function linkFamilies(all: readonly RecordingDetail[]): void {
  const byId = new Map(all.map(summary => [summary.id, summary]))
  const byInstance = new Map(all.map(summary => [summary.instance, summary]))
  const byStart = [...all].sort((a, b) => a.start - b.start)
  for (const summary of byStart) {
    const instance = summary.resource['microlog.parent.id']
    if (!instance) continue
    const { namespace, service } = summary
    const sibling = byId.get(recordingId({ namespace, name: service, instance }))
    const parent = sibling ?? byInstance.get(instance)
    if (parent === undefined || parent === summary) continue
    summary.parent = parent.id
    parent.children.push(summary.id)
  }
}
