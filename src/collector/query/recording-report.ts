// Everything `microlog show` tells of a recording.
import { groups as allGroups } from '../../format/index.ts'
import type { RecordingFile } from '../../format/index.ts'
import type { LogLevel } from '../../recording/log-entries.ts'
import { countLogLevels, summarizeFunctions, summarizeSpans } from '../../recording/summary.ts'
import type { FunctionSummary, SpanSummary } from '../../recording/summary.ts'
import type { Recording } from '../../recording/schema.ts'
import { readWhole } from './read-whole.ts'
import type { OnDamagedFile } from './read-whole.ts'
import { summarizeRecordings } from './recording-summaries.ts'

/** Which recording it is, and how much of everything it has. */
export interface RecordingHead {
  id: string
  label: string
  /** ISO 8601. */
  start: string
  durationMs: number
  bytes: number
  counts: { samples: number; spans: number; logs: number; statuses: number; threads: number }
  logs: Record<LogLevel, number>
  resource: Record<string, string>
}

export interface RecordingReport extends RecordingHead {
  bytesPer: { sample: number; span: number; log: number; status: number }
  functions: FunctionSummary[]
  spans: SpanSummary[]
}

/** @param files all segments of the recording */
export async function buildRecordingReport(
  id: string,
  files: readonly RecordingFile[],
  onDamage?: OnDamagedFile
): Promise<RecordingReport> {
  const recordings = await readWhole(files, onDamage)
  const head = buildRecordingHead(id, files, recordings)
  const { counts } = head
  const bytes = bytesOfGroups(files)
  const share = (group: number, count: number): number =>
    count === 0 ? 0 : Math.round((group / count) * 100) / 100
  return {
    ...head,
    bytesPer: {
      sample: share(bytes.samples, counts.samples),
      span: share(bytes.spans, counts.spans),
      log: share(bytes.logs, counts.logs),
      status: share(bytes.statuses, counts.statuses)
    },
    functions: recordings.flatMap(recording => summarizeFunctions(recording)),
    spans: recordings.flatMap(summarizeSpans)
  }
}

/** @param recordings what its files hold */
export function buildRecordingHead(
  id: string,
  files: readonly RecordingFile[],
  recordings: readonly Recording[]
): RecordingHead {
  const parts = files.map(file => ({ recording: id, bytes: file.byteLength, footer: file.footer }))
  const summary = summarizeRecordings(parts)[0]!
  const logs = recordings.map(countLogLevels).reduce(addCounts)
  return {
    id,
    label: summary.label,
    start: new Date(summary.start).toISOString(),
    durationMs: summary.durationMs,
    bytes: summary.bytes,
    counts: {
      samples: summary.samples,
      spans: summary.spans,
      logs: Object.values(logs).reduce((a, b) => a + b, 0),
      statuses: summary.statuses,
      threads: summary.threads
    },
    logs,
    resource: summary.resource
  }
}

function addCounts(a: Record<LogLevel, number>, b: Record<LogLevel, number>): Record<LogLevel, number> {
  const sum = { ...a }
  for (const level of Object.keys(sum) as LogLevel[]) sum[level] += b[level]
  return sum
}

type GroupBytes = Record<(typeof allGroups)[number], number>

/** What serves all groups (dictionaries, footer) is laid on them by their own bytes, so that they sum to the whole. */
function bytesOfGroups(files: readonly RecordingFile[]): GroupBytes {
  const total: GroupBytes = { spans: 0, logs: 0, samples: 0, statuses: 0, opaque: 0 }
  for (const { byteLength, footer } of files) {
    const own: GroupBytes = { spans: 0, logs: 0, samples: 0, statuses: 0, opaque: 0 }
    let sum = 0
    for (const { owner, length } of footer.blocks) {
      const group = allGroups[owner.group - 1]
      if (group === undefined) continue
      own[group] += length
      sum += length
    }
    for (const group of allGroups) total[group] += sum === 0 ? 0 : (own[group] / sum) * byteLength
  }
  return total
}
