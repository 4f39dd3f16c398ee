// Where time went, as a flame graph: stacks laid over each other from their outermost calls in, or from the functions that
// the time was spent in out to those that called them.
import { attributeText } from './attributes.ts'
import type { Calls } from './calls.ts'
import { endpointAttribute } from './call-tree.ts'
import type { Recording } from './schema.ts'
import { buildTreeCalls } from './tree-calls.ts'
import { weighedPaths } from './weighed-paths.ts'
import type { FlameFrom, WeighedStacks } from './weighed-paths.ts'

/** `samples` are those of a call and of what is above it. */
export function buildFlameCalls(stacks: WeighedStacks, from: FlameFrom): Calls {
  const tree = new GrowingTree(stacks.recording.frames.length)
  for (const { path, weight, count } of weighedPaths(stacks, from)) tree.add(path, weight, count)
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
