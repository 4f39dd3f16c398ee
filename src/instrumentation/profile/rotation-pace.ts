import { clamp } from '../../base/units.ts'
import type { LinkedProfile } from '../record-sink.ts'

const shortestMs = 2000
/** A process killed for good loses less than 10 s of samples; each profile repeats the names of all its functions. */
const longestMs = 9000
/** A worker thread may be terminated without a word: what it hasn't handed over is lost. */
const longestOfWorkerMs = 1000
/** Stopping a profile takes 4–5 µs per node: this many keep the pause below 5 ms. */
const comfortableNodes = 1000
/** V8 and we take 2–3 µs for each, beside the nodes of its stack. */
const mostMarks = 2000
const fewestMarks = 100
/** Until it is known how many nodes they bring. */
const firstMarks = 500
/** Starts of spans are many and in few places: a burst, then some a second. */
const burstOfSpans = 100
const spansPerSecond = 50

/** How long a profile may run and how many stacks it may be asked for, learnt from the one before: both bound its pause. */
export class RotationPace {
  periodMs: number
  /** Stacks of log calls until the next rotation. */
  logLimit = firstMarks

  readonly #longestMs: number
  constructor(ofWorker = false) {
    this.#longestMs = ofWorker ? longestOfWorkerMs : longestMs
    this.periodMs = Math.min(shortestMs, this.#longestMs)
  }

  #spansLeft = burstOfSpans

  /** Whether this start of a span may have its stack. */
  takeSpan(): boolean {
    if (this.#spansLeft < 1) return false
    this.#spansLeft--
    return true
  }

  /** To be told as time passes: cheaper than reading the clock at each start of a span. */
  passed(ms: number): void {
    this.#spansLeft = Math.min(burstOfSpans, this.#spansLeft + (spansPerSecond * ms) / 1000)
  }

  /** `nodes` is what V8's tree had, for `ms`. */
  learn(profile: Pick<LinkedProfile, 'stacks' | 'wall'>, nodes: number, ms: number): void {
    const fittingMs = clamp(ms * (comfortableNodes / Math.max(1, nodes)), shortestMs, longestMs)
    this.periodMs = Math.min(fittingMs, this.#longestMs)
    const ofMarks = nodes - sampledNodes(profile)
    const fitting = this.logLimit * (comfortableNodes / Math.max(1, ofMarks))
    this.logLimit = clamp(fitting, fewestMarks, Math.min(mostMarks, this.logLimit * 2))
  }
}

/** Nodes that the sampler itself met; the others are there for stacks that were asked for. */
function sampledNodes({ stacks, wall }: Pick<LinkedProfile, 'stacks' | 'wall'>): number {
  const met = new Uint8Array(stacks.parent.length)
  let count = 0
  for (const leaf of wall.stack) {
    for (let row = leaf; row >= 0 && met[row] === 0; row = stacks.parent[row]!) {
      met[row] = 1
      count++
    }
  }
  return count
}
