// Where time went, as a flame graph: stacks laid over each other from their outermost calls in, or from the functions that
// the time was spent in out to those that called them.
import { attributeText } from './attributes.ts'
import { frameRole, frameRoles } from './calls.ts'
import type { Calls } from './calls.ts'
import { endpointAttribute } from './call-tree.ts'
import type { Recording } from './schema.ts'
import type { StackWeights } from './stack-weights.ts'
import { buildTreeCalls } from './tree-calls.ts'

export interface FlameChoice {
  readonly from: 'callers' | 'callees'
  /** By frame: 1 for those that are left out, as if their callers had called what they call. */
  readonly hidden?: Uint8Array | undefined
}

/** Idle time is left out. `samples` are those of a call and of what is above it. */
export function buildFlameCalls(recording: Recording, weights: StackWeights, choice: FlameChoice): Calls {
  const { stacks, frames } = recording
  const roles = frameRoles(recording)
  const tree = new GrowingTree(frames.length)
  const isShown = (stack: number): boolean =>
    roles[stacks.frame[stack]!] !== frameRole.root && choice.hidden?.[stacks.frame[stack]!] !== 1
  for (let stack = 0; stack < stacks.length; stack++) {
    const count = weights.count[stack]!
    if (count === 0 || roles[stacks.frame[stack]!] === frameRole.idle) continue
    const path: number[] = []
    for (let at = stack; at >= 0; at = stacks.parent[at]!) if (isShown(at)) path.push(stacks.frame[at]!)
    tree.add(choice.from === 'callers' ? path.reverse() : path, weights.weight[stack]!, count)
  }
  const { calls, node } = buildTreeCalls(tree)
  return Object.freeze({ ...calls, samples: Uint32Array.from(node, at => tree.count[at]!) })
}

/** More is never drawn, and this bounds what a hostile recording can make of it. */
const mostNodes = 250_000

class GrowingTree {
  readonly parent: number[] = []
  readonly frame: number[] = []
  readonly total: number[] = []
  readonly count: number[] = []
  readonly #frames: number
  readonly #known = new Map<number, number>()

  constructor(frames: number) {
    this.#frames = frames
  }

  add(path: readonly number[], weight: number, count: number): void {
    let node = -1
    for (const frame of path) {
      const key = (node + 1) * this.#frames + frame
      const known = this.#known.get(key)
      if (known === undefined && this.parent.length >= mostNodes) return
      node = known ?? this.#push(key, node, frame)
      this.total[node]! += weight
      this.count[node]! += count
    }
  }

  #push(key: number, parent: number, frame: number): number {
    const node = this.parent.push(parent) - 1
    this.frame.push(frame)
    this.total.push(0)
    this.count.push(0)
    this.#known.set(key, node)
    return node
  }
}

/** Names of the endpoints that samples were taken for, in the order of the alphabet. */
export function listEndpoints(recording: Recording): string[] {
  const names = new Set<string>()
  for (const set of new Set(recording.samples.attributes)) {
    const name = attributeText(recording, set, endpointAttribute)
    if (name) names.add(name)
  }
  return [...names].sort()
}
