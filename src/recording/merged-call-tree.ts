// Call trees of many recordings as one: functions are the same where their name, file and line are, whatever rows of
// whatever recording they stand in.
import type { CallTree } from './call-tree.ts'
import type { Recording } from './schema.ts'

/** As columns; callers come before what they call. */
export interface MergedCalls {
  /** Functions; line is 1-based, 0 unknown. */
  readonly frames: { readonly name: string[]; readonly url: string[]; readonly line: number[] }
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

const usualNodes = 250_000

export class MergedCallTree {
  readonly #limit: number
  readonly #frames = { name: [] as string[], url: [] as string[], line: [] as number[] }
  readonly #frameRows = new Map<string, number>()
  readonly #frame: number[] = []
  readonly #parent: number[] = []
  readonly #self: number[] = []
  /** Samples whose innermost call it is. */
  readonly #own: number[] = []
  /** Node by frame: of each node's callees, and of the outermost calls. */
  readonly #callees: Map<number, number>[] = []
  readonly #outermost = new Map<number, number>()
  #truncated = false

  constructor(limit = usualNodes) {
    this.#limit = limit
  }

  /** @param tree as buildCallTree made it of this recording */
  add(recording: Recording, tree: CallTree): void {
    const own = Float64Array.from(tree.samples)
    for (let node = 0; node < tree.length; node++) {
      const up = tree.parent[node]!
      if (up >= 0) own[up]! -= tree.samples[node]!
    }
    const frameMap = new Map<number, number>()
    const nodes = new Int32Array(tree.length)
    for (let node = 0; node < tree.length; node++) {
      const source = tree.frame[node]!
      let frame = frameMap.get(source)
      if (frame === undefined) frameMap.set(source, (frame = this.#frameOf(recording, source)))
      const up = tree.parent[node]!
      const merged = this.#nodeOf(up < 0 ? -1 : nodes[up]!, frame)
      nodes[node] = merged
      this.#self[merged]! += tree.self[node]!
      this.#own[merged]! += own[node]!
    }
  }

  finish(): MergedCalls {
    const total = Float64Array.from(this.#self)
    const samples = Uint32Array.from(this.#own)
    for (let node = total.length - 1; node >= 0; node--) {
      const up = this.#parent[node]!
      if (up < 0) continue
      total[up]! += total[node]!
      samples[up]! += samples[node]!
    }
    return {
      frames: this.#frames,
      frame: this.#frame,
      parent: this.#parent,
      self: Float64Array.from(this.#self),
      total,
      samples,
      truncated: this.#truncated
    }
  }

  #frameOf({ frames, strings }: Recording, source: number): number {
    const name = strings[frames.name[source]!]!
    const url = strings[frames.url[source]!]!
    const line = frames.line[source]!
    const key = `${line}\0${name}\0${url}`
    let row = this.#frameRows.get(key)
    if (row === undefined) {
      row = this.#frames.name.push(name) - 1
      this.#frames.url.push(url)
      this.#frames.line.push(line)
      this.#frameRows.set(key, row)
    }
    return row
  }

  #nodeOf(up: number, frame: number): number {
    const siblings = up < 0 ? this.#outermost : this.#callees[up]!
    const known = siblings.get(frame)
    if (known !== undefined) return known
    if (this.#frame.length >= this.#limit && up >= 0) {
      this.#truncated = true
      return up
    }
    const node = this.#frame.push(frame) - 1
    this.#parent.push(up)
    this.#self.push(0)
    this.#own.push(0)
    this.#callees.push(new Map())
    siblings.set(frame, node)
    return node
  }
}
