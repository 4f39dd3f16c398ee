// Where the time of a kind of request went: its own work, other work on its event loop, or waiting. What `loopShares` tells
// of one span, summed over all spans of a name that nothing here is above of, in one pass over the samples.
import { idleTest } from './calls.ts'
import type { Recording } from './schema.ts'
import type { SpanIndex } from './span-index.ts'
import { spanOperations } from './span-operations.ts'
import { weighedThreads } from './stack-weights.ts'
import type { WeighedThread } from './stack-weights.ts'
import { firstAfter } from './statuses.ts'
import { isWithin } from './time-range.ts'
import type { TimeRange } from './time-range.ts'

/** Times in ns, estimated from the gaps between samples. */
export interface EndpointShares {
  /** Of its spans, see spanOperations. */
  readonly name: string
  readonly spans: number
  /** All of them together: the sum of the next four. */
  readonly duration: number
  /** The spans, and those below them. */
  readonly own: number
  /** The loop was busy with something else. */
  readonly others: number
  /** The loop was idle. */
  readonly waiting: number
  /** No sample tells. */
  readonly unknown: number
  /** Row of `spans` of the one that others held up longest. */
  readonly worst: number
}

/** Of spans that began in the range and ended, the names that took most time together first. */
export function endpointShares(recording: Recording, index: SpanIndex, range: TimeRange): EndpointShares[] {
  const { spans } = recording
  const { names, of } = spanOperations(recording)
  const rootOf = localRoots(index)
  const loops = weighedThreads(recording).map(thread => ({
    own: ownTimes(recording, index, thread, rootOf),
    spent: timeSpent(recording, thread)
  }))
  const sums = new Map<number, { -readonly [Key in keyof EndpointShares]: EndpointShares[Key] }>()
  const mostHeld = new Map<number, number>()
  for (let row = 0; row < spans.length; row++) {
    const [from, to] = [spans.start[row]!, spans.end[row]!]
    if (rootOf[row] !== row || !isWithin(from, range) || !(to > from)) continue
    // It ran where most of its samples are; without any, on the main thread.
    const loop = loops.reduce((most, loop) => (loop.own[row]! > most.own[row]! ? loop : most), loops[0]!)
    if (!loop) break
    const own = loop.own[row]!
    const busy = loop.spent.busyUntil(to) - loop.spent.busyUntil(from)
    const waiting = loop.spent.idleUntil(to) - loop.spent.idleUntil(from)
    const others = Math.max(0, busy - own)
    const operation = of[row]!
    const sum = sums.get(operation) ?? {
      name: names[operation]!,
      ...{ spans: 0, duration: 0, own: 0, others: 0, waiting: 0, unknown: 0, worst: row }
    }
    sums.set(operation, sum)
    if (others > (mostHeld.get(operation) ?? 0)) {
      mostHeld.set(operation, others)
      sum.worst = row
    }
    sum.spans++
    sum.duration += to - from
    sum.own += own
    sum.others += others
    sum.waiting += waiting
    sum.unknown += Math.max(0, to - from - own - others - waiting)
  }
  return [...sums.values()].sort((a, b) => b.duration - a.duration)
}

/** By row of `spans`: the outermost span above it that is here. */
export function localRoots({ parentOf }: SpanIndex): Int32Array {
  const roots = new Int32Array(parentOf.length).fill(-1)
  for (let row = 0; row < roots.length; row++) {
    const path: number[] = []
    let at = row
    for (; roots[at]! < 0 && parentOf[at]! >= 0; at = parentOf[at]!) path.push(at)
    const root = roots[at]! < 0 ? (roots[at] = at) : roots[at]!
    for (const passed of path) roots[passed] = root
  }
  return roots
}

/** By row of `spans`: what the thread's samples say ran for it and those below it while it lasted. */
function ownTimes(
  recording: Recording,
  { spanOfLink }: SpanIndex,
  { order, weights }: WeighedThread,
  rootOf: Int32Array
): Float64Array {
  const { samples, spans } = recording
  const isIdle = idleTest(recording)
  const times = new Float64Array(spans.length)
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!
    const span = spanOfLink[samples.link[row]!] ?? -1
    const stack = samples.stack[row]!
    if (span < 0 || isIdle(stack)) continue
    const root = rootOf[span]!
    const [from, to] = [samples.time[row]!, samples.time[row]! + weights[i]!]
    const duration = Math.min(to, spans.end[root]!) - Math.max(from, spans.start[root]!)
    if (duration > 0) times[root]! += duration
  }
  return times
}

interface TimeSpent {
  /** ns until a moment. */
  busyUntil(time: number): number
  idleUntil(time: number): number
}

/** Sums from the first sample on, so that any stretch is a difference of two. */
function timeSpent(recording: Recording, { order, weights }: WeighedThread): TimeSpent {
  const { samples } = recording
  const wasIdle = idleTest(recording)
  const times = Float64Array.from(order, row => samples.time[row]!)
  const isIdle = Uint8Array.from(order, row => Number(wasIdle(samples.stack[row]!)))
  const sumsOf = (idle: 0 | 1): ((time: number) => number) => {
    const before = new Float64Array(order.length + 1)
    for (let i = 0; i < order.length; i++) before[i + 1] = before[i]! + (isIdle[i] === idle ? weights[i]! : 0)
    return time => {
      const last = firstAfter(times, time) - 1
      if (last < 0) return 0
      return before[last]! + (isIdle[last] === idle ? Math.min(time - times[last]!, weights[last]!) : 0)
    }
  }
  return { busyUntil: sumsOf(0), idleUntil: sumsOf(1) }
}
