// What is found in what is looked at: each question in a task of its own, so that the page goes on meanwhile.
import { onScopeDispose, shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'
import { spanIndexOf } from '../../recording/span-index.ts'
import { sumLoopOfSpans, type LoopSums } from '../../recording/loop-of-spans.ts'
import type { Recording } from '../../recording/schema.ts'
import { summarizeFunctions } from '../../recording/summary.ts'
import type { FunctionSummary } from '../../recording/summary.ts'
import { rangeOfRecording } from '../../recording/time-range.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import { nextTask } from '../data/next-task.ts'
import { findBlockedLoop } from './blocked-loop.ts'
import { findCollectedGarbage } from './collected-garbage.ts'
import { findFailedSpans } from './failed-spans.ts'
import type { Finder, Finding } from './finding.ts'
import { findGrownMemory } from './grown-memory.ts'
import { findHeldLoop } from './held-loop.ts'
import { findHotCode } from './hot-code.ts'
import { findLosses, findSlowModules } from './own-entries.ts'
import { findSlowSpans } from './slow-spans.ts'
import { spansByName } from './spans-by-name.ts'
import type { SpansOfName } from './spans-by-name.ts'
import { findSpansOneByOne } from './spans-one-by-one.ts'

export interface Analysis {
  readonly range: TimeRange
  readonly findings: readonly Finding[]
  readonly functions: readonly FunctionSummary[]
  /** Of all functions together. */
  readonly busyMs: number
  readonly spans: readonly SpansOfName[]
  /** Who held the event loop meanwhile, for each of those. */
  readonly loop: readonly LoopSums[]
}

/** What everybody waits for first. */
const finders: readonly Finder[] = [
  findBlockedLoop,
  findFailedSpans,
  findSlowSpans,
  findSpansOneByOne,
  findHeldLoop,
  findHotCode,
  findCollectedGarbage,
  findGrownMemory,
  findSlowModules,
  findLosses
]

/** Undefined until everything was looked at. */
export function useAnalysis(
  recording: () => Recording,
  range: () => TimeRange | null
): ShallowRef<Analysis | undefined> {
  const analysis = shallowRef<Analysis>()
  let asked = 0
  onScopeDispose(() => asked++)
  watch(
    [recording, range],
    async ([recording, chosen]) => {
      const own = ++asked
      const steps = analyse(recording, chosen ?? rangeOfRecording(recording), chosen ?? undefined)
      for (let step = steps.next(); own === asked; step = steps.next()) {
        if (step.done) return void (analysis.value = step.value)
        await nextTask()
      }
    },
    { immediate: true }
  )
  return analysis
}

/** @param chosen undefined is all of it, what has no time included */
function* analyse(
  recording: Recording,
  range: TimeRange,
  chosen: TimeRange | undefined
): Generator<undefined, Analysis> {
  const index = spanIndexOf(recording)
  yield
  const spans = spansByName(recording, range)
  yield
  const functions = summarizeFunctions(recording, 'apart', chosen)
  yield
  const loop = sumLoopOfSpans(
    recording,
    index,
    spans.map(({ rows }) => rows)
  )
  yield
  const findings: Finding[] = []
  for (const find of finders) {
    findings.push(...find({ recording, index, range, spans, loop, functions }))
    yield
  }
  return Object.freeze({
    range,
    findings,
    functions,
    busyMs: functions.reduce((sum, { selfMs }) => sum + selfMs, 0),
    spans,
    loop
  })
}
