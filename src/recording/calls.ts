// Calls from the timing samples of one thread. A sampler sees moments, so starts, ends and counts are estimates:
// calls that follow each other unseen are one, and a call between two samples isn't there.
import type { Recording } from './schema.ts'
import { timingProfiles } from './threads.ts'

/** A table of calls in the order they began: callers come before what they call; at one depth none overlap. */
export interface Calls {
  readonly length: number
  /** ns since the recording's epoch. */
  readonly start: Float64Array
  readonly end: Float64Array
  /** 0 for the outermost. */
  readonly depth: Int32Array
  readonly frame: Int32Array
  /** Row of the caller, -1 at depth 0. */
  readonly parent: Int32Array
  /** Samples that saw the call, its callees included. */
  readonly samples: Uint32Array
  /** Row of `links`: the span that was active; 0 is none. A call never crosses spans. */
  readonly link: Int32Array
  readonly depths: number
}

/** How far a call reaches beyond the last sample that saw it, in sampling intervals. */
export const longestExtension = 3

/** @param hidden by frame: 1 for those that are left out, as if their callers had called what they call */
export function buildCalls(recording: Recording, threadId: number, hidden?: Uint8Array): Calls {
  const { samples, stacks } = recording
  const order = timingSamples(recording, threadId)
  const periods = samplingPeriods(recording, order)
  const roles = frameRoles(recording)
  const calls = new CallStack(order.length * 2)
  let path: number[] = []
  let pathStack = -1
  let link = 0
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!
    const time = samples.time[row]!
    const stack = samples.stack[row]!
    const leaf = stack < 0 ? -1 : stacks.frame[stack]!
    const collecting = roles[leaf] === frameRole.garbage
    const own = samples.link[row]!
    const goesOn = collecting && path.length > 0 && (own === 0 || own === link)
    const nextLink = goesOn ? link : own
    if (i > 0) {
      const reach =
        samples.time[order[i - 1]!]! + longestExtension * periods[samples.profile[order[i - 1]!]!]!
      if (time > reach) calls.closeTo(0, reach)
      else if (nextLink !== link) calls.closeTo(0, time)
    }
    link = nextLink
    if (collecting) {
      // V8 shows no JavaScript stack while it collects: what ran before still does, unless another span is active by now.
      if (!goesOn) [path, pathStack] = [[], -1]
      calls.see([...path, leaf], time, link)
      continue
    }
    if (stack !== pathStack) {
      path = stackPath(recording, stack, roles, hidden)
      pathStack = stack
    }
    calls.see(path, time, link)
  }
  const last = order[order.length - 1]
  if (last !== undefined) calls.closeTo(0, samples.time[last]! + periods[samples.profile[last]!]!)
  return calls.finish()
}

/** Rows of the thread's timing samples by time; the order of arrival isn't theirs. */
export function timingSamples(recording: Recording, threadId: number): Int32Array {
  const { samples } = recording
  const wanted = timingProfiles(recording, threadId)
  const rows = new Int32Array(samples.length)
  let count = 0
  let sorted = true
  for (let row = 0; row < samples.length; row++) {
    if (!wanted[samples.profile[row]!]) continue
    if (count > 0 && samples.time[rows[count - 1]!]! > samples.time[row]!) sorted = false
    rows[count++] = row
  }
  const order = rows.subarray(0, count)
  if (sorted) return order
  // Nearly in order, by profile: an array’s sort makes use of that, a typed array’s does not.
  return Int32Array.from(Array.from(order).sort((a, b) => samples.time[a]! - samples.time[b]! || a - b))
}

/** ns between two samples as each profile says; the median of the gaps where it doesn't. */
export function samplingPeriods(recording: Recording, order: Int32Array): Float64Array {
  const { profiles, samples } = recording
  const periods = Float64Array.from(profiles.period)
  if (periods.every(period => period > 0)) return periods
  const gaps = new Float64Array(Math.max(0, order.length - 1))
  for (let i = 0; i < gaps.length; i++) gaps[i] = samples.time[order[i + 1]!]! - samples.time[order[i]!]!
  gaps.sort()
  const median = gaps[gaps.length >> 1] ?? 0
  return periods.map(period => (period > 0 ? period : median > 0 ? median : 1e7))
}

/** ns that each sample stands for: until the next one, but no further than a call may reach. */
export function buildSampleWeights(recording: Recording, order: Int32Array): Float64Array {
  const { samples } = recording
  const periods = samplingPeriods(recording, order)
  const weights = new Float64Array(order.length)
  // A plain loop: for a million samples `from` takes 100 ms more.
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!
    const period = periods[samples.profile[row]!]!
    const next = order[i + 1]
    weights[i] =
      next === undefined
        ? period
        : Math.min(samples.time[next]! - samples.time[row]!, longestExtension * period)
  }
  return weights
}

/** What V8's own frames mean. */
export const frameRole = { call: 0, root: 1, idle: 2, garbage: 3 } as const

export function frameRoles(recording: Recording): Uint8Array {
  const { frames, strings } = recording
  return Uint8Array.from({ length: frames.length }, (_, frame) => {
    if (strings[frames.url[frame]!] !== '') return frameRole.call
    const name = strings[frames.name[frame]!]
    if (name === '(root)') return frameRole.root
    if (name === '(idle)') return frameRole.idle
    return name === '(garbage collector)' ? frameRole.garbage : frameRole.call
  })
}

/** Whether nothing ran at a sample, by the row of its stack: it has none, or V8 says that its thread was idle. */
export function idleTest(recording: Recording): (stack: number) => boolean {
  const { frame } = recording.stacks
  const roles = frameRoles(recording)
  return stack => stack < 0 || roles[frame[stack]!] === frameRole.idle
}

/** Frames from the outermost in, without V8's root; nothing for an idle thread. */
function stackPath(
  recording: Recording,
  stack: number,
  roles: Uint8Array,
  hidden: Uint8Array | undefined
): number[] {
  const { stacks } = recording
  const path: number[] = []
  for (let at = stack; at >= 0; at = stacks.parent[at]!) {
    const frame = stacks.frame[at]!
    if (roles[frame] === frameRole.idle) return []
    if (roles[frame] !== frameRole.root && hidden?.[frame] !== 1) path.push(frame)
  }
  return path.reverse()
}

class CallStack {
  readonly #open: number[] = []
  /** What the last sample saw: most see the same, as do those that follow. */
  #path: readonly number[] = []
  #length = 0
  #depths = 0
  /** Samples so far; an open call keeps how many came before it. */
  #seen = 0
  #start: Float64Array
  #end: Float64Array
  #depth: Int32Array
  #frame: Int32Array
  #parent: Int32Array
  #samples: Uint32Array
  #link: Int32Array

  constructor(capacity: number) {
    const size = Math.max(16, capacity)
    this.#start = new Float64Array(size)
    this.#end = new Float64Array(size)
    this.#depth = new Int32Array(size)
    this.#frame = new Int32Array(size)
    this.#parent = new Int32Array(size)
    this.#samples = new Uint32Array(size)
    this.#link = new Int32Array(size)
  }

  /** A sample: calls on the common prefix go on, the others end, the rest of the path begins. */
  see(path: readonly number[], time: number, link: number): void {
    let common = path === this.#path && this.#open.length === path.length ? path.length : 0
    while (common < this.#open.length && this.#frame[this.#open[common]!] === path[common]) common++
    this.closeTo(common, time)
    for (let depth = common; depth < path.length; depth++) this.#begin(path[depth]!, depth, time, link)
    this.#path = path
    this.#seen++
  }

  closeTo(depth: number, time: number): void {
    while (this.#open.length > depth) {
      const row = this.#open.pop()!
      this.#end[row] = time
      this.#samples[row] = this.#seen - this.#samples[row]!
    }
  }

  #begin(frame: number, depth: number, time: number, link: number): void {
    if (this.#length === this.#start.length) this.#grow()
    const row = this.#length++
    this.#start[row] = time
    this.#depth[row] = depth
    this.#frame[row] = frame
    this.#parent[row] = this.#open[depth - 1] ?? -1
    this.#samples[row] = this.#seen
    this.#link[row] = link
    this.#open.push(row)
    if (depth >= this.#depths) this.#depths = depth + 1
  }

  #grow(): void {
    const size = this.#length * 2
    this.#start = copyInto(new Float64Array(size), this.#start)
    this.#end = copyInto(new Float64Array(size), this.#end)
    this.#depth = copyInto(new Int32Array(size), this.#depth)
    this.#frame = copyInto(new Int32Array(size), this.#frame)
    this.#parent = copyInto(new Int32Array(size), this.#parent)
    this.#samples = copyInto(new Uint32Array(size), this.#samples)
    this.#link = copyInto(new Int32Array(size), this.#link)
  }

  finish(): Calls {
    const length = this.#length
    return Object.freeze({
      length,
      depths: this.#depths,
      start: this.#start.subarray(0, length),
      end: this.#end.subarray(0, length),
      depth: this.#depth.subarray(0, length),
      frame: this.#frame.subarray(0, length),
      parent: this.#parent.subarray(0, length),
      samples: this.#samples.subarray(0, length),
      link: this.#link.subarray(0, length)
    })
  }
}

function copyInto<A extends Float64Array | Int32Array | Uint32Array>(to: A, from: A): A {
  to.set(from)
  return to
}
