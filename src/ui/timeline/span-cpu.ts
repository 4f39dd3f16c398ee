// How long a span had the thread, by the samples taken while it was active.
import { samplingPeriods } from '../../recording/calls.ts'
import { samplesOfLink } from '../../recording/correlation.ts'
import type { Recording } from '../../recording/schema.ts'

export function spanCpu(recording: Recording, link: number): { samples: number; time: number } {
  const rows = samplesOfLink(recording, link)
  const periods = samplingPeriods(recording, Int32Array.from(rows))
  return {
    samples: rows.length,
    time: rows.reduce((sum, row) => sum + periods[recording.samples.profile[row]!]!, 0)
  }
}
