import { countedLogs } from '../recording/log-entries.ts'
import type { Recording } from '../recording/schema.ts'
import type { SegmentCounts } from './footer.ts'

/** Sample types that don't tell how time was spent. */
const otherTypes = new Set([
  'heap',
  'objects',
  'space',
  'alloc_objects',
  'alloc_space',
  'inuse_objects',
  'inuse_space'
])

const timing = 0
const log = 1
const span = 2
const other = 3

/** @param counted as countedLogs gives it */
export function countSegment(recording: Recording, counted = countedLogs(recording)): SegmentCounts {
  const { profiles, samples, spans, events, logs, points, opaque } = recording
  const kinds = Array.from({ length: profiles.length }, (_, row) => sampleKind(recording, row))
  const bySampleKind = [0, 0, 0, 0]
  for (const profile of samples.profile) bySampleKind[kinds[profile] ?? timing]!++
  const levels = [0, 0, 0, 0, 0, 0]
  for (let row = 0; row < logs.length; row++) {
    if (counted[row] === 0) continue
    const severity = logs.severity[row]!
    if (severity >= 1 && severity <= 24) levels[(severity - 1) >> 2]!++
  }
  return {
    samples: bySampleKind[timing]!,
    logSamples: bySampleKind[log]!,
    spanSamples: bySampleKind[span]!,
    otherSamples: bySampleKind[other]!,
    spans: spans.length,
    spanErrors: spans.statusCode.reduce((sum, code) => sum + Number(code === 2), 0),
    events: events.length,
    logs: counted.reduce((sum, count) => sum + count, 0),
    levels: {
      trace: levels[0]!,
      debug: levels[1]!,
      info: levels[2]!,
      warn: levels[3]!,
      error: levels[4]!,
      fatal: levels[5]!
    },
    statuses: new Set(points.time).size,
    points: points.length,
    opaque: opaque.length
  }
}

/** Whether the samples of a profile tell where time went: not those of log calls, span starts and the heap. */
export function isTimingSample(recording: Recording, profile: number): boolean {
  return sampleKind(recording, profile) === timing
}

function sampleKind({ profiles, strings }: Recording, profile: number): number {
  const type = strings[profiles.sampleType[profile]!]!
  if (type === 'log') return log
  if (type === 'span') return span
  return otherTypes.has(type) || strings[profiles.sampleUnit[profile]!] === 'bytes' ? other : timing
}
