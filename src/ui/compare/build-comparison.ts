// What the page of two recordings shows, of what is loaded of them.
import { nanosPerMs } from '../../base/units.ts'
import { diffCallTrees, diffWeighedStacks } from '../../recording/diff-call-trees.ts'
import { countRow, diffCounts, timeRow } from '../../recording/diff-counts.ts'
import type { CountRow, RunCounts } from '../../recording/diff-counts.ts'
import { buildDiffFlame } from '../../recording/diff-flame.ts'
import type { DiffFlame } from '../../recording/diff-flame.ts'
import { diffFunctions, diffSummaries } from '../../recording/diff-functions.ts'
import type { FunctionDiff } from '../../recording/diff-functions.ts'
import { diffSpans } from '../../recording/diff-spans.ts'
import type { SpanDiff } from '../../recording/diff-spans.ts'
import type { Recording } from '../../recording/schema.ts'
import { countLogLevels, summarizeStacks } from '../../recording/summary.ts'
import type { FunctionSummary } from '../../recording/summary.ts'
import { listSampledThreads } from '../../recording/threads.ts'
import { rangeOfRecording } from '../../recording/time-range.ts'
import type { FlameFrom, WeighedStacks } from '../../recording/weighed-paths.ts'

/** Of two sides by their stacks alone. */
export interface StackComparison {
  readonly counts: readonly CountRow[]
  readonly functions: readonly FunctionDiff[]
  readonly flame: DiffFlame
  /** 'A', 'B', 'A and B', '' where both have samples that aren't idle. */
  readonly withoutSamples: string
}

export interface Comparison extends StackComparison {
  readonly spans: readonly SpanDiff[]
}

export function buildComparison(a: Recording, b: Recording): Comparison {
  const { busyMs, functions } = diffFunctions([a], [b])
  return Object.freeze({
    counts: diffCounts(countRun(a, busyMs.a), countRun(b, busyMs.b)),
    functions,
    spans: diffSpans([a], [b]),
    flame: buildDiffFlame(diffCallTrees([a], [b])),
    withoutSamples: sidesWithout(busyMs)
  })
}

/** Stacks that were summed up over recordings, with how many those are. */
export interface MergedSide {
  readonly stacks: WeighedStacks
  readonly recordings: number
}

/** @param from the order of the calls in the graph */
export function compareMerged(a: MergedSide, b: MergedSide, from: FlameFrom): StackComparison {
  const functionsOf = ({ stacks }: MergedSide): FunctionSummary[] => summarizeStacks(stacks, 'together')
  const { busyMs, functions } = diffSummaries(functionsOf(a), functionsOf(b))
  const tree = diffWeighedStacks(a.stacks, b.stacks, from)
  return Object.freeze({
    counts: [
      countRow('recordings', a.recordings, b.recordings),
      timeRow('busy', busyMs.a, busyMs.b),
      countRow('samples', tree.samples.a, tree.samples.b)
    ],
    functions,
    flame: buildDiffFlame(tree),
    withoutSamples: sidesWithout(busyMs)
  })
}

function sidesWithout(busyMs: { a: number; b: number }): string {
  return [busyMs.a > 0 ? '' : 'A', busyMs.b > 0 ? '' : 'B'].filter(Boolean).join(' and ')
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
