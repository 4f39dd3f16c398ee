// Call trees of many recordings as one.
import { CallNodes, usualNodes } from './call-nodes.ts'
import type { NamedFrames } from './call-nodes.ts'
import type { StackCounts } from './stack-counts.ts'

/** As columns; callers come before what they call. */
export interface MergedCalls {
  readonly frames: NamedFrames
  /** By row of `frames` the newest of the places that its samples came from. */
  readonly seenIn: readonly number[]
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

/** Where counts come from: any number that names it, and when that was. */
export interface CountsPlace {
  readonly row: number
  readonly time: number
}

export class MergedCallTree {
  readonly #nodes: CallNodes
  readonly #self: number[] = []
  /** Samples whose innermost call it is. */
  readonly #own: number[] = []
  /** By frame. */
  readonly #seen: CountsPlace[] = []
  /** Some counts had as many nodes as they may. */
  #cut = false

  constructor(limit?: number) {
    this.#nodes = new CallNodes(limit)
  }

  /** True where something was added. @param endpoint only what was sampled for it; undefined: all */
  addCounts(counts: StackCounts, place: CountsPlace, endpoint?: string): boolean {
    const { frames, nodes } = counts
    const wanted = endpoint === undefined ? -1 : counts.endpoints.indexOf(endpoint)
    if (endpoint !== undefined && wanted < 0) return false
    this.#cut ||= nodes.frame.length >= usualNodes
    const frameRows = new Int32Array(frames.name.length).fill(-1)
    const frameOf = (row: number): number => {
      const known = frameRows[row]!
      if (known >= 0) return known
      const frame = this.#nodes.frameOf(frames.name[row]!, frames.url[row]!, frames.line[row]!)
      const seen = this.#seen[frame]
      if (!seen || seen.time <= place.time) this.#seen[frame] = place
      return (frameRows[row] = frame)
    }
    const places = new Int32Array(nodes.frame.length).fill(-1)
    const placeOf = (node: number): number => {
      const path: number[] = []
      for (let at = node; at >= 0 && places[at]! < 0; at = nodes.parent[at]!) path.push(at)
      for (const at of path.reverse()) {
        const up = nodes.parent[at]!
        places[at] = this.#nodes.nodeOf(up < 0 ? -1 : places[up]!, frameOf(nodes.frame[at]!))
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

  finish(): MergedCalls {
    const { frames, frame, parent } = this.#nodes
    const self = Float64Array.from(frame, (_, node) => this.#self[node] ?? 0)
    const total = self.slice()
    const samples = Uint32Array.from(frame, (_, node) => this.#own[node] ?? 0)
    for (let node = total.length - 1; node >= 0; node--) {
      const up = parent[node]!
      if (up < 0) continue
      total[up]! += total[node]!
      samples[up]! += samples[node]!
    }
    const seenIn = this.#seen.map(({ row }) => row)
    const truncated = this.#nodes.truncated || this.#cut
    return { frames, seenIn, frame, parent, self, total, samples, truncated }
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
