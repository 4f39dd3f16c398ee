import { countedLogs } from '../recording/log-entries.ts'
import type { Recording } from '../recording/schema.ts'
import { timingProfiles } from '../recording/threads.ts'
import type { SegmentCounts } from './footer.ts'

const timing = 0
const log = 1
const span = 2
const other = 3

/** @param counted as countedLogs gives it */
export function countSegment(recording: Recording, counted = countedLogs(recording)): SegmentCounts {
  const { samples, spans, events, logs, points, opaque } = recording
  const kinds = sampleKinds(recording)
  const bySampleKind = [0, 0, 0, 0]
  for (const profile of samples.profile) bySampleKind[kinds[profile] ?? other]!++
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
    spanErrors: countOf(spans.statusCode, 2),
    events: events.length,
    logs: countOf(counted, 1),
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

function countOf(values: Uint8Array, wanted: number): number {
  let count = 0
  for (const value of values) if (value === wanted) count++
  return count
}

/** By profile, what its samples are. */
function sampleKinds(recording: Recording): number[] {
  const { profiles, strings } = recording
  return Array.from(timingProfiles(recording), (isTiming, profile) => {
    if (isTiming) return timing
    const type = strings[profiles.sampleType[profile]!]
    return type === 'log' ? log : type === 'span' ? span : other
  })
}
