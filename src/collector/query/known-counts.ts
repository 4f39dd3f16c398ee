// What sealed segments have for a flame graph, remembered: they never change, and to read their samples again is what takes
// the time of a question. All are kept on one tree, since segments of a program have most of its calls in common.
import type { SegmentFooter } from '../../format/index.ts'
import { CallNodes } from '../../recording/call-nodes.ts'
import type { NamedFrames } from '../../recording/call-nodes.ts'
import type { StackCounts } from '../../recording/stack-counts.ts'

const usualKeptBytes = 64 * 1024 * 1024

/** About what each takes besides its texts. */
const bytesOf = { counts: 1000, row: 20, endpoint: 8, node: 50, frame: 100, text: 50 }

export class KnownCounts {
  readonly #mostOfShelf: number
  #shelf = new Shelf()
  /** What was not asked for since this one was filled is dropped with it. */
  #previous = new Shelf()

  constructor(keptBytes = usualKeptBytes) {
    this.#mostOfShelf = keptBytes / 2
  }

  /** About what is held, or what was before its segments went. */
  get bytes(): number {
    return this.#shelf.bytes + this.#previous.bytes
  }

  get(footer: SegmentFooter): StackCounts | undefined {
    const known = this.#shelf.get(footer)
    if (known) return known
    const older = this.#previous.get(footer)
    return older && this.keep(footer, older)
  }

  /** @returns the same counts, with frames and nodes that all have in common */
  keep(footer: SegmentFooter, counts: StackCounts): StackCounts {
    if (this.#shelf.bytes >= this.#mostOfShelf) {
      this.#previous = this.#shelf
      this.#shelf = new Shelf()
    }
    return this.#shelf.keep(footer, counts)
  }
}

class Shelf {
  bytes = 0
  readonly #nodes = new CallNodes(Infinity)
  readonly #endpoints = new Map<string, string>()
  readonly #counts = new WeakMap<SegmentFooter, StackCounts>()

  get(footer: SegmentFooter): StackCounts | undefined {
    return this.#counts.get(footer)
  }

  keep(footer: SegmentFooter, counts: StackCounts): StackCounts {
    const known = this.#counts.get(footer)
    // Two may have asked for it at once.
    if (known) return known
    const { endpoint, samples, self, truncated } = counts
    const shared = Object.freeze({
      frames: this.#nodes.frames,
      nodes: this.#nodes,
      truncated,
      endpoints: counts.endpoints.map(name => this.#endpointOf(name)),
      endpoint,
      node: this.#nodesOf(counts),
      samples,
      self
    })
    this.bytes +=
      bytesOf.counts + counts.node.length * bytesOf.row + counts.endpoints.length * bytesOf.endpoint
    this.#counts.set(footer, shared)
    return shared
  }

  /** By row of the counts its node here. Only what they count is taken over: the nodes of others may be beside theirs. */
  #nodesOf({ frames, nodes, node: counted }: StackCounts): Int32Array {
    const before = this.#nodes.frame.length
    const unknown = -1
    const nodeOf = new Int32Array(nodes.frame.length).fill(unknown)
    const path: number[] = []
    for (const node of counted) {
      for (let at = node; at >= 0 && nodeOf[at] === unknown; at = nodes.parent[at]!) path.push(at)
      for (let at = path.pop(); at !== undefined; at = path.pop()) {
        const up = nodes.parent[at]!
        nodeOf[at] = this.#nodes.nodeOf(up < 0 ? -1 : nodeOf[up]!, this.#frameOf(frames, nodes.frame[at]!))
      }
    }
    this.bytes += (this.#nodes.frame.length - before) * bytesOf.node
    return counted.map(node => nodeOf[node]!)
  }

  #frameOf({ name, url, line }: NamedFrames, row: number): number {
    const before = this.#nodes.frames.name.length
    const frame = this.#nodes.frameOf(name[row]!, url[row]!, line[row]!)
    if (frame === before) this.bytes += bytesOf.frame + name[row]!.length + url[row]!.length
    return frame
  }

  #endpointOf(name: string): string {
    const known = this.#endpoints.get(name)
    if (known !== undefined) return known
    this.#endpoints.set(name, name)
    this.bytes += bytesOf.text + name.length
    return name
  }
}
