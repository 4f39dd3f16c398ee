// What the page of two recordings shows, of what is loaded of them.
import { nanosPerMs } from '../../base/units.ts'
import { diffCallTrees } from '../../recording/diff-call-trees.ts'
import { diffCounts } from '../../recording/diff-counts.ts'
import type { CountRow, RunCounts } from '../../recording/diff-counts.ts'
import { buildDiffFlame } from '../../recording/diff-flame.ts'
import type { DiffFlame } from '../../recording/diff-flame.ts'
import { diffFunctions } from '../../recording/diff-functions.ts'
import type { FunctionDiff } from '../../recording/diff-functions.ts'
import { diffSpans } from '../../recording/diff-spans.ts'
import type { SpanDiff } from '../../recording/diff-spans.ts'
import type { Recording } from '../../recording/schema.ts'
import { countLogLevels } from '../../recording/summary.ts'
import { listSampledThreads } from '../../recording/threads.ts'
import { rangeOfRecording } from '../../recording/time-range.ts'

export interface Comparison {
  readonly counts: readonly CountRow[]
  readonly functions: readonly FunctionDiff[]
  readonly spans: readonly SpanDiff[]
  readonly flame: DiffFlame
  /** 'A', 'B', 'A and B', '' where both have samples that aren't idle. */
  readonly withoutSamples: string
}

export function buildComparison(a: Recording, b: Recording): Comparison {
  const { busyMs, functions } = diffFunctions([a], [b])
  return Object.freeze({
    counts: diffCounts(countRun(a, busyMs.a), countRun(b, busyMs.b)),
    functions,
    spans: diffSpans([a], [b]),
    flame: buildDiffFlame(diffCallTrees([a], [b])),
    withoutSamples: [busyMs.a > 0 ? '' : 'A', busyMs.b > 0 ? '' : 'B'].filter(Boolean).join(' and ')
  })
}

function countRun(recording: Recording, busyMs: number): RunCounts {
  const { from, to } = rangeOfRecording(recording)
  const logs = countLogLevels(recording)
  return {
    durationMs: (to - from) / nanosPerMs,
    busyMs,
    counts: {
      samples: listSampledThreads(recording).reduce((sum, { samples }) => sum + samples, 0),
      spans: recording.spans.length,
      logs: Object.values(logs).reduce((sum, count) => sum + count, 0)
    },
    logs
  }
}
