import type { LinkedProfile } from './record-sink.ts'

const shortestMs = 2000
const longestMs = 5000
/** Stopping a profile takes 4–5 µs per node: this many keep the pause below 5 ms. */
const comfortableNodes = 1000
/** V8 and we take 2–3 µs for each, beside the nodes of its stack. */
const mostMarks = 2000
const fewestMarks = 100
/** Until it is known how many nodes they bring. */
const firstMarks = 500

/** How long a profile may run and how many stacks it may be asked for, learnt from the one before: both bound its pause. */
export class RotationPace {
  periodMs = shortestMs
  /** Stacks of log calls until the next rotation. */
  logLimit = firstMarks

  /** Spans are many and start in few places; they leave half to the log calls. */
  get spanLimit(): number {
    return this.logLimit / 2
  }

  /** `nodes` is what V8's tree had, for `ms`. */
  learn(profile: Pick<LinkedProfile, 'stacks' | 'wall'>, nodes: number, ms: number): void {
    this.periodMs = clamp(ms * (comfortableNodes / Math.max(1, nodes)), shortestMs, longestMs)
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

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
