// What each stack weighs: the time and the number of the timing samples that end in it. The samples of a thread are
// weighed once; the sums over a stretch of time and some threads are then one pass.
import { buildSampleWeights, timingSamples } from './calls.ts'
import { oncePer } from './once-per.ts'
import type { Recording } from './schema.ts'
import { listSampledThreads } from './threads.ts'
import { isWithin } from './time-range.ts'
import type { TimeRange } from './time-range.ts'

export interface WeighedThread {
  readonly id: number
  /** Rows of its timing samples, by time. */
  readonly order: Int32Array
  /** ns that each of them stands for. */
  readonly weights: Float64Array
}

/** By row of `stacks`. */
export interface StackWeights {
  readonly weight: Float64Array
  readonly count: Uint32Array
}

const weighedById = oncePer((_: Recording) => new Map<number, WeighedThread>())

/** One thread at a time: the screen does something else in between. Each is weighed once a recording. */
export function* weighThreads(recording: Recording): Generator<WeighedThread> {
  const weighed = weighedById(recording)
  for (const { id } of listSampledThreads(recording)) {
    let thread = weighed.get(id)
    if (thread === undefined) {
      const order = timingSamples(recording, id)
      thread = { id, order, weights: buildSampleWeights(recording, order) }
      weighed.set(id, thread)
    }
    yield thread
  }
}

/** All of them. */
export const weighedThreads = oncePer((recording: Recording): readonly WeighedThread[] => [
  ...weighThreads(recording)
])

/**
 * @param range samples before its end; undefined is all of them
 * @param sets by row of `sets`: 1 for the attributes of samples that count; undefined is all of them
 */
export function sumStacks(
  { samples, stacks }: Recording,
  threads: Iterable<WeighedThread>,
  range?: TimeRange,
  sets?: Uint8Array
): StackWeights {
  const weight = new Float64Array(stacks.length)
  const count = new Uint32Array(stacks.length)
  for (const { order, weights } of threads) {
    for (let i = 0; i < order.length; i++) {
      const row = order[i]!
      const stack = samples.stack[row]!
      if (stack < 0 || (range && !isWithin(samples.time[row]!, range))) continue
      if (sets && sets[samples.attributes[row]!] !== 1) continue
      weight[stack]! += weights[i]!
      count[stack]!++
    }
  }
  return { weight, count }
}
