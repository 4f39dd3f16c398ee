// Two runs of a program, function by function: one is the same where its name and file are, since lines move between
// versions. Runs have different lengths, so each time is also a share of what was sampled busy, idle left out.
import type { Recording } from './schema.ts'
import { summarizeFunctions } from './summary.ts'
import type { FunctionSummary } from './summary.ts'

export interface FunctionTimes {
  /** As `summarizeFunctions` counts them. */
  selfMs: number
  totalMs: number
  samples: number
  /** Of the busy time of its side, 0 to 1. */
  selfShare: number
  totalShare: number
}

export interface FunctionDiff {
  name: string
  file: string
  /** Where it begins in B, in A where B doesn't have it; 0 unknown. */
  line: number
  a: FunctionTimes
  b: FunctionTimes
  /** B less A. */
  difference: Omit<FunctionTimes, 'samples'>
}

export interface FunctionsDiff {
  /** Sampled and not idle, of all threads. */
  busyMs: { a: number; b: number }
  /** The largest change of its own share first, whether it grew or shrank. */
  functions: FunctionDiff[]
}

/** Below this a change isn't told to people: a twentieth of a percentage point. */
const leastChange = 0.0005

/** @param a one run; several recordings where it lies too far apart for one */
export function diffFunctions(a: readonly Recording[], b: readonly Recording[]): FunctionsDiff {
  const summaries = (recordings: readonly Recording[]): FunctionSummary[] =>
    recordings.flatMap(recording => summarizeFunctions(recording, 'together'))
  return diffSummaries(summaries(a), summaries(b))
}

/** @param a functions of one run; one function may stand in several rows */
export function diffSummaries(a: readonly FunctionSummary[], b: readonly FunctionSummary[]): FunctionsDiff {
  const sides = { a: timesByFunction(a), b: timesByFunction(b) }
  const busyMs = { a: busyTime(sides.a), b: busyTime(sides.b) }
  const functions = [...new Set([...sides.b.keys(), ...sides.a.keys()])].map((key): FunctionDiff => {
    const known = (sides.b.get(key) ?? sides.a.get(key))!
    const times = { a: shared(sides.a.get(key), busyMs.a), b: shared(sides.b.get(key), busyMs.b) }
    return {
      name: known.name,
      file: known.file,
      line: known.line,
      ...times,
      difference: {
        selfMs: times.b.selfMs - times.a.selfMs,
        totalMs: times.b.totalMs - times.a.totalMs,
        selfShare: times.b.selfShare - times.a.selfShare,
        totalShare: times.b.totalShare - times.a.totalShare
      }
    }
  })
  return { busyMs, functions: functions.sort(byChange) }
}

/** Those that people should look at. */
export function changedFunctions(functions: readonly FunctionDiff[]): FunctionDiff[] {
  return functions.filter(({ difference }) => Math.abs(difference.selfShare) >= leastChange)
}

function byChange({ difference: a }: FunctionDiff, { difference: b }: FunctionDiff): number {
  return (
    Math.abs(b.selfShare) - Math.abs(a.selfShare) ||
    Math.abs(b.totalShare) - Math.abs(a.totalShare) ||
    Math.abs(b.selfMs) - Math.abs(a.selfMs)
  )
}

function timesByFunction(functions: readonly FunctionSummary[]): Map<string, FunctionSummary> {
  const times = new Map<string, FunctionSummary>()
  for (const part of functions) {
    const key = `${part.name}\0${part.file}`
    const known = times.get(key)
    if (!known) times.set(key, { ...part })
    else {
      known.selfMs += part.selfMs
      known.totalMs += part.totalMs
      known.samples += part.samples
    }
  }
  return times
}

function busyTime(times: ReadonlyMap<string, FunctionSummary>): number {
  let sum = 0
  for (const { selfMs } of times.values()) sum += selfMs
  return sum
}

function shared(times: FunctionSummary | undefined, busyMs: number): FunctionTimes {
  const { selfMs = 0, totalMs = 0, samples = 0 } = times ?? {}
  const shareOf = (ms: number): number => (busyMs > 0 ? ms / busyMs : 0)
  return { selfMs, totalMs, samples, selfShare: shareOf(selfMs), totalShare: shareOf(totalMs) }
}
