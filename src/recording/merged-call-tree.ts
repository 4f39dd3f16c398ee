// Call trees of many recordings as one.
import { CallNodes, frameRowsIn } from './call-nodes.ts'
import type { NamedFrames } from './call-nodes.ts'
import type { CallTree } from './call-tree.ts'
import type { Recording } from './schema.ts'
import type { StackCounts } from './stack-counts.ts'

/** As columns; callers come before what they call. */
export interface MergedCalls {
  readonly frames: NamedFrames
  /** Row of `frames`. */
  readonly frame: readonly number[]
  /** -1 for the outermost. */
  readonly parent: readonly number[]
  /** ns. */
  readonly self: Float64Array
  readonly total: Float64Array
  /** Timing samples that saw the call, its callees included. */
  readonly samples: Uint32Array
  /** Calls beyond the limit count as time of their callers. */
  readonly truncated: boolean
}

export class MergedCallTree {
  readonly #nodes: CallNodes
  readonly #self: number[] = []
  /** Samples whose innermost call it is. */
  readonly #own: number[] = []

  constructor(limit?: number) {
    this.#nodes = new CallNodes(limit)
  }

  /** @param tree as buildCallTree made it of this recording */
  add(recording: Recording, tree: CallTree): void {
    const own = Float64Array.from(tree.samples)
    for (let node = 0; node < tree.length; node++) {
      const up = tree.parent[node]!
      if (up >= 0) own[up]! -= tree.samples[node]!
    }
    const frameOf = frameRowsIn(this.#nodes, recording)
    const nodes = new Int32Array(tree.length)
    for (let node = 0; node < tree.length; node++) {
      const up = tree.parent[node]!
      const merged = this.#nodes.nodeOf(up < 0 ? -1 : nodes[up]!, frameOf(tree.frame[node]!))
      nodes[node] = merged
      this.#count(merged, tree.self[node]!, own[node]!)
    }
  }

  /** True where something was added. @param endpoint only what was sampled for it */
  addCounts(counts: StackCounts, endpoint?: string): boolean {
    const { frames, nodes } = counts
    const wanted = endpoint === undefined ? -1 : counts.endpoints.indexOf(endpoint)
    if (endpoint !== undefined && wanted < 0) return false
    const places = new Int32Array(nodes.frame.length).fill(-1)
    const placeOf = (node: number): number => {
      const path: number[] = []
      for (let at = node; at >= 0 && places[at]! < 0; at = nodes.parent[at]!) path.push(at)
      for (const at of path.reverse()) {
        const row = nodes.frame[at]!
        const frame = this.#nodes.frameOf(frames.name[row]!, frames.url[row]!, frames.line[row]!)
        const up = nodes.parent[at]!
        places[at] = this.#nodes.nodeOf(up < 0 ? -1 : places[up]!, frame)
      }
      return places[node]!
    }
    let added = false
    for (let row = 0; row < counts.node.length; row++) {
      if (wanted >= 0 && counts.endpoint[row] !== wanted) continue
      this.#count(placeOf(counts.node[row]!), counts.self[row]!, counts.samples[row]!)
      added = true
    }
    return added
  }

  get truncated(): boolean {
    return this.#nodes.truncated
  }

  /** What was added so far, of no endpoint. */
  counts(): StackCounts {
    const { frames, frame, parent } = this.#nodes
    const node = Int32Array.from(frame.keys()).filter(row => (this.#self[row] ?? 0) !== 0 || this.#own[row])
    return {
      frames,
      nodes: { frame: Int32Array.from(frame), parent: Int32Array.from(parent) },
      endpoints: [''],
      endpoint: new Int32Array(node.length),
      node,
      samples: Uint32Array.from(node, row => this.#own[row]!),
      self: Float64Array.from(node, row => this.#self[row]!)
    }
  }

  finish(): MergedCalls {
    const { frames, frame, parent, truncated } = this.#nodes
    const self = Float64Array.from(frame, (_, node) => this.#self[node] ?? 0)
    const total = self.slice()
    const samples = Uint32Array.from(frame, (_, node) => this.#own[node] ?? 0)
    for (let node = total.length - 1; node >= 0; node--) {
      const up = parent[node]!
      if (up < 0) continue
      total[up]! += total[node]!
      samples[up]! += samples[node]!
    }
    return { frames, frame, parent, self, total, samples, truncated }
  }

  #count(node: number, self: number, own: number): void {
    while (this.#self.length <= node) {
      this.#self.push(0)
      this.#own.push(0)
    }
    this.#self[node]! += self
    this.#own[node]! += own
  }
}
