// What is found in what is looked at: each question in a task of its own, so that the page goes on meanwhile.
import { onScopeDispose, shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'
import { codePartsOf } from '../../recording/code-parts.ts'
import { endpointShares } from '../../recording/endpoint-shares.ts'
import type { EndpointShares } from '../../recording/endpoint-shares.ts'
import type { Recording } from '../../recording/schema.ts'
import { spanIndexOf } from '../../recording/span-index.ts'
import { sumStacks, weighedThreads } from '../../recording/stack-weights.ts'
import { summarizeFunctions } from '../../recording/summary.ts'
import type { FunctionSummary } from '../../recording/summary.ts'
import { rangeOfRecording } from '../../recording/time-range.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import { nextTask } from '../data/next-task.ts'
import { findBlockedLoop } from './blocked-loop.ts'
import { findCollectedGarbage } from './collected-garbage.ts'
import { findFailedSpans } from './failed-spans.ts'
import { byCost } from './finding.ts'
import type { Finder, Finding, OrderedFinding } from './finding.ts'
import { findGrownMemory } from './grown-memory.ts'
import { findHeldUp } from './held-up.ts'
import { findHotFunctions, findHotPackages } from './hot-code.ts'
import { findNotRecorded } from './not-recorded.ts'
import { findSlowModules } from './slow-modules.ts'
import { findSlowSpans } from './slow-spans.ts'
import { spansByName } from './spans-by-name.ts'
import type { SpansOfName } from './spans-by-name.ts'
import { findSpansOneByOne } from './spans-one-by-one.ts'

export interface Analysis {
  readonly range: TimeRange
  /** What costs most first. */
  readonly findings: readonly OrderedFinding[]
  readonly functions: readonly FunctionSummary[]
  /** Of all functions together. */
  readonly busyMs: number
  readonly endpoints: readonly EndpointShares[]
  readonly spans: readonly SpansOfName[]
}

/** Of equal cost, what comes first here stays first. */
const finders: readonly Finder[] = [
  findNotRecorded,
  findBlockedLoop,
  findHeldUp,
  findHotFunctions,
  findHotPackages,
  findSlowModules,
  findFailedSpans,
  findSlowSpans,
  findSpansOneByOne,
  findCollectedGarbage,
  findGrownMemory
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
  const threads = weighedThreads(recording)
  yield
  const weights = sumStacks(recording, threads, chosen)
  const code = codePartsOf(recording)
  yield
  const endpoints = endpointShares(recording, index, range)
  yield
  const spans = spansByName(recording, range)
  yield
  const findings: Finding[] = []
  for (const find of finders) {
    findings.push(...find({ recording, index, code, weights, endpoints, spans, range }))
    yield
  }
  const functions = summarizeFunctions(recording, 'apart', chosen)
  yield
  return Object.freeze({
    range,
    findings: byCost(findings),
    functions,
    busyMs: functions.reduce((sum, { selfMs }) => sum + selfMs, 0),
    endpoints,
    spans
  })
}
