// Microlog for Python keeps no samples, only the calls it made of them. Here each thread's calls become samples again: one
// wherever its stack changes, and between these as many as its sampler usually took, so that calls built from them begin
// and end where the file says.
import { MicrologError } from '../../base/errors.ts'
import type { PythonCall } from './python-recording.ts'

/** Columns with a row for each sample; a call stands for itself and its callers. */
export interface SampledThread {
  readonly threadId: string
  /** µs since the recording's start, ascending. */
  readonly time: readonly number[]
  /** Innermost call, as a position in the calls given; -1 where none goes on. */
  readonly call: readonly number[]
}

export interface PythonSamples {
  /** The main thread first, the others as they began. */
  readonly threads: readonly SampledThread[]
  /** By call: the position of its caller, -1 for an outermost one. */
  readonly caller: Int32Array
  /** µs between two samples. */
  readonly period: number
}

/** µs: MICROLOG_SAMPLE_DELAY as it is where nobody sets it. */
const usualPeriod = 50_000
const mostSamples = 1_000_000
/** The file's times are whole ms: what ended and what began then may be one apart. */
const rounding = 1_000
/** Python itself ends at 1000, unless it is told otherwise. */
const mostDepth = 5_000

export function buildPythonSamples(calls: readonly PythonCall[]): PythonSamples {
  const caller = new Int32Array(calls.length).fill(-1)
  const threads = groupByThread(calls).map(rows => ({
    threadId: calls[rows[0]!]!.threadId,
    isMain: isMainThread(calls, rows),
    changes: stackChanges(calls, rows, caller)
  }))
  const covered = threads.reduce((sum, { changes }) => sum + coveredTime(changes), 0)
  const period = Math.max(usualPeriod, Math.ceil(covered / mostSamples))
  const main = Math.max(
    0,
    threads.findIndex(({ isMain }) => isMain)
  )
  const ordered = [...threads.slice(main, main + 1), ...threads.filter((_, i) => i !== main)]
  return {
    threads: ordered.map(({ threadId, changes }) => ({ threadId, ...fill(changes, period) })),
    caller,
    period
  }
}

/** Positions of each thread's calls, callers before what they call; threads as they began. */
function groupByThread(calls: readonly PythonCall[]): number[][] {
  const order = calls.map((_, row) => row)
  order.sort((a, b) => calls[a]!.when - calls[b]!.when || calls[a]!.depth - calls[b]!.depth || a - b)
  const threads = new Map<string, number[]>()
  for (const row of order) {
    const { threadId } = calls[row]!
    const rows = threads.get(threadId)
    if (rows) rows.push(row)
    else threads.set(threadId, [row])
  }
  return [...threads.values()]
}

/** Only there a program's own file is run. */
function isMainThread(calls: readonly PythonCall[], rows: readonly number[]): boolean {
  return rows.some(row => calls[row]!.depth === 0 && calls[row]!.site.name.endsWith('.<module>'))
}

/** From a time on the innermost call is this; -1: none is. */
interface Change {
  time: number
  call: number
}

/** Fills in the callers. */
function stackChanges(
  calls: readonly PythonCall[],
  rows: readonly number[],
  caller: Int32Array
): readonly Change[] {
  const starts = Float64Array.from(rows, row => micros(calls[row]!.when))
  const changes: Change[] = []
  const open: { call: number; depth: number; end: number }[] = []
  const change = (time: number): void => {
    const call = open.at(-1)?.call ?? -1
    const last = changes.at(-1)
    if (last?.time === time) last.call = call
    else changes.push({ time, call })
  }
  const closeUntil = (time: number, depth: number): void => {
    for (let top = open.at(-1); top && (top.end <= time || top.depth >= depth); top = open.at(-1)) {
      open.pop()
      change(Math.min(top.end, time))
    }
  }
  rows.forEach((row, at) => {
    const { duration, depth } = calls[row]!
    const start = starts[at]!
    closeUntil(start, depth)
    if (open.length >= mostDepth)
      throw new MicrologError('too-large', `Expected calls at most ${mostDepth} deep, found more`)
    const parent = open.at(-1)
    const end = endOf(start, start + micros(duration), starts, parent?.end ?? Infinity)
    caller[row] = parent?.call ?? -1
    open.push({ call: row, depth, end })
    change(start)
  })
  closeUntil(Infinity, Infinity)
  return changes
}

/** Where the next call began or its caller ended, if that is as near as rounding leaves it; never after its caller. */
function endOf(start: number, end: number, starts: Float64Array, callerEnd: number): number {
  if (Math.abs(callerEnd - end) <= rounding) return callerEnd
  const next = starts[firstNotBefore(starts, Math.max(start + 1, end - rounding))]
  return Math.min(callerEnd, next !== undefined && next <= end + rounding ? next : end)
}

function firstNotBefore(ascending: Float64Array, time: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ascending[middle]! < time) low = middle + 1
    else high = middle
  }
  return low
}

function coveredTime(changes: readonly Change[]): number {
  return changes.reduce((sum, { time, call }, i) => sum + (call < 0 ? 0 : changes[i + 1]!.time - time), 0)
}

/** The stack after each change, again and again until the next; one sample says that nothing goes on. */
function fill(changes: readonly Change[], period: number): { time: number[]; call: number[] } {
  const time: number[] = []
  const call: number[] = []
  changes.forEach((change, i) => {
    const length = change.call < 0 ? 0 : changes[i + 1]!.time - change.time
    const count = Math.max(1, Math.round(length / period))
    for (let sample = 0; sample < count; sample++) {
      time.push(Math.round(change.time + (sample * length) / count))
      call.push(change.call)
    }
  })
  return { time, call }
}

function micros(seconds: number): number {
  return Math.round(seconds * 1e6)
}
