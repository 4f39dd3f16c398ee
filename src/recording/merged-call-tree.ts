// Call trees of many recordings as one.
import { CallNodes } from './call-nodes.ts'
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

interface NodePlaces {
  /** By node of the counts that of the tree; -1 where nothing was added to it yet. */
  readonly nodeOf: Int32Array
  /** By node of the counts the addition that came by it last. */
  readonly addedBy: Int32Array
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
  #additions = 0
  readonly #places = new WeakMap<StackCounts['nodes'], NodePlaces>()
  readonly #frameRows = new WeakMap<NamedFrames, number[]>()

  constructor(limit?: number) {
    this.#nodes = new CallNodes(limit)
  }

  /**
   * True where something was added. Counts that share their frames and nodes have these looked up once.
   * @param endpoint only what was sampled for it; undefined: all
   */
  addCounts(counts: StackCounts, place: CountsPlace, endpoint?: string): boolean {
    const wanted = endpoint === undefined ? -1 : counts.endpoints.indexOf(endpoint)
    if (endpoint !== undefined && wanted < 0) return false
    this.#cut ||= counts.truncated
    const { nodeOf, addedBy } = this.#placesOf(counts)
    const addition = ++this.#additions
    const { frame, parent } = counts.nodes
    const path: number[] = []
    let added = false
    for (let row = 0; row < counts.node.length; row++) {
      if (wanted >= 0 && counts.endpoint[row] !== wanted) continue
      added = true
      const node = counts.node[row]!
      for (let at = node; at >= 0 && addedBy[at] !== addition; at = parent[at]!) {
        addedBy[at] = addition
        path.push(at)
      }
      for (let at = path.pop(); at !== undefined; at = path.pop()) {
        const own = this.#seenFrame(counts.frames, frame[at]!, place)
        const up = parent[at]!
        if (nodeOf[at]! < 0) nodeOf[at] = this.#nodes.nodeOf(up < 0 ? -1 : nodeOf[up]!, own)
      }
      this.#count(nodeOf[node]!, counts.self[row]!, counts.samples[row]!)
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

  /** With room for all nodes that the counts have by now. */
  #placesOf({ nodes }: StackCounts): NodePlaces {
    const { length } = nodes.frame
    const known = this.#places.get(nodes)
    if (known && known.nodeOf.length >= length) return known
    // Shared ones grow with each of those who share them.
    const size = known ? length * 2 : length
    const places = { nodeOf: new Int32Array(size).fill(-1), addedBy: new Int32Array(size) }
    if (known) {
      places.nodeOf.set(known.nodeOf)
      places.addedBy.set(known.addedBy)
    }
    this.#places.set(nodes, places)
    return places
  }

  #seenFrame(frames: NamedFrames, row: number, place: CountsPlace): number {
    let rows = this.#frameRows.get(frames)
    if (!rows) this.#frameRows.set(frames, (rows = []))
    const frame = (rows[row] ??= this.#nodes.frameOf(frames.name[row]!, frames.url[row]!, frames.line[row]!))
    const seen = this.#seen[frame]
    if (!seen || seen.time <= place.time) this.#seen[frame] = place
    return frame
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
