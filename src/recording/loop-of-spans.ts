// Who held the event loop while spans lasted, summed over many spans: what loop-holders.ts tells of one, without its names.
import { frameRole, frameRoles } from './calls.ts'
import { firstFrom } from './loop-stretches.ts'
import type { Recording } from './schema.ts'
import type { SpanIndex } from './span-index.ts'
import { weighedThreads } from './stack-weights.ts'
import type { WeighedThread } from './stack-weights.ts'

/** ns, summed over the spans. */
export interface LoopSums {
  /** The spans, and those below them. */
  readonly own: number
  readonly others: number
  readonly waiting: number
  /** No sample tells. */
  readonly unknown: number
}

/** Sums of each group of spans. @param groups rows of `spans` that have an end, each in one group at most */
export function sumLoopOfSpans(
  recording: Recording,
  index: SpanIndex,
  groups: readonly (readonly number[])[]
): LoopSums[] {
  const { spans } = recording
  const states = weighedThreads(recording).map(thread => ({
    own: sumOwn(recording, index, thread, groups),
    ...sumStates(recording, thread)
  }))
  return groups.map((rows, group) => {
    const thread = states.reduce(
      (most, state) => (most !== undefined && most.own[group]! >= state.own[group]! ? most : state),
      states[0]
    )
    const sums = { whole: 0, busy: 0, waiting: 0 }
    for (const row of rows) {
      const [from, to] = [spans.start[row]!, spans.end[row]!]
      sums.whole += to - from
      if (thread === undefined) continue
      sums.busy += thread.busyUntil(to) - thread.busyUntil(from)
      sums.waiting += thread.idleUntil(to) - thread.idleUntil(from)
    }
    const own = thread?.own[group] ?? 0
    return {
      own,
      others: Math.max(0, sums.busy - own),
      waiting: sums.waiting,
      unknown: Math.max(0, sums.whole - Math.max(own, sums.busy) - sums.waiting)
    }
  })
}

/** ns that a thread ran the spans of each group, while those lasted. */
function sumOwn(
  { samples, spans }: Recording,
  index: SpanIndex,
  { order, weights }: WeighedThread,
  groups: readonly (readonly number[])[]
): Float64Array {
  const own = new Float64Array(groups.length)
  const groupOf = new Int32Array(spans.length).fill(-1)
  groups.forEach((rows, group) => {
    for (const row of rows) groupOf[row] = group
  })
  for (let i = 0; i < order.length; i++) {
    const sample = order[i]!
    const time = samples.time[sample]!
    for (let at = index.spanOfLink[samples.link[sample]!]!; at >= 0; at = index.parentOf[at]!) {
      if (groupOf[at]! < 0) continue
      const duration = Math.min(time + weights[i]!, spans.end[at]!) - Math.max(time, spans.start[at]!)
      if (duration > 0) own[groupOf[at]!]! += duration
    }
  }
  return own
}

/** ns that a thread was busy, and idle, up to any time. */
function sumStates(
  recording: Recording,
  { order, weights }: WeighedThread
): Record<'busyUntil' | 'idleUntil', (time: number) => number> {
  const { samples, stacks } = recording
  const roles = frameRoles(recording)
  const busy = new Float64Array(order.length + 1)
  const idle = new Float64Array(order.length + 1)
  for (let i = 0; i < order.length; i++) {
    const stack = samples.stack[order[i]!]!
    const isIdle = stack < 0 || roles[stacks.frame[stack]!] === frameRole.idle
    busy[i + 1] = busy[i]! + (isIdle ? 0 : weights[i]!)
    idle[i + 1] = idle[i]! + (isIdle ? weights[i]! : 0)
  }
  const until = (sums: Float64Array) => (time: number) => {
    const i = firstFrom(recording, order, time)
    if (i === 0) return 0
    // The last sample before may reach beyond that time.
    const beyond = Math.max(0, samples.time[order[i - 1]!]! + weights[i - 1]! - time)
    return sums[i - 1]! + Math.max(0, sums[i]! - sums[i - 1]! - beyond)
  }
  return { busyUntil: until(busy), idleUntil: until(idle) }
}
