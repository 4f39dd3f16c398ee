// The nodes of a call tree that grows: functions are the same where their name, file and line are, whatever rows of
// whatever recording they stand in; without the line where versions of a program meet, since lines move between them.
import { finishHash, hashSeed, mixInteger } from './hash.ts'
import { HashIndex } from './hash-index.ts'
import type { Recording } from './schema.ts'

/** Functions; line is 1-based, 0 unknown. */
export interface NamedFrames {
  readonly name: string[]
  readonly url: string[]
  readonly line: number[]
}

/** Whether functions of one name and file are told apart by their lines. */
export type Lines = 'apart' | 'together'

/** More is never drawn, and this bounds what a hostile recording can make of it. */
export const usualNodes = 250_000

export class CallNodes {
  readonly frames: NamedFrames = { name: [], url: [], line: [] }
  /** Row of `frames` of each node. */
  readonly frame: number[] = []
  /** -1 for the outermost; callers come before what they call. */
  readonly parent: number[] = []
  /** Calls beyond the limit are their callers' nodes. */
  truncated = false
  readonly #limit: number
  readonly #lines: Lines
  /** Names and urls, numbered, so that no key is put together for a function that is looked up. */
  readonly #texts = new Map<string, number>()
  /** By row of `frames`. */
  readonly #name: number[] = []
  readonly #url: number[] = []
  readonly #frameRows = new HashIndex((known, row) => this.#isSameFrame(known, row))
  readonly #nodes = new HashIndex(
    (known, node) => this.parent[known] === this.parent[node] && this.frame[known] === this.frame[node]
  )

  /** @param lines 'together': of a function the first line seen is kept */
  constructor(limit = usualNodes, lines: Lines = 'apart') {
    this.#limit = limit
    this.#lines = lines
  }

  frameOf(name: string, url: string, line: number): number {
    const row = this.#name.push(this.#textOf(name)) - 1
    this.#url.push(this.#textOf(url))
    this.frames.line.push(line)
    let hash = mixInteger(mixInteger(hashSeed, this.#name[row]!), this.#url[row]!)
    if (this.#lines === 'apart') hash = mixInteger(hash, line)
    const known = this.#frameRows.intern(finishHash(hash), row)
    if (known === row) {
      this.frames.name.push(name)
      this.frames.url.push(url)
      return row
    }
    this.#name.pop()
    this.#url.pop()
    this.frames.line.pop()
    return known
  }

  /** @param up the caller's node, -1 where there is none */
  nodeOf(up: number, frame: number): number {
    const hash = finishHash(mixInteger(mixInteger(hashSeed, up), frame))
    const node = this.frame.push(frame) - 1
    this.parent.push(up)
    const isFull = node >= this.#limit && up >= 0
    const known = isFull ? this.#nodes.find(hash, node) : this.#nodes.intern(hash, node)
    if (known === node) return node
    this.frame.pop()
    this.parent.pop()
    if (known >= 0) return known
    this.truncated = true
    return up
  }

  #textOf(text: string): number {
    let row = this.#texts.get(text)
    if (row === undefined) this.#texts.set(text, (row = this.#texts.size))
    return row
  }

  #isSameFrame(known: number, row: number): boolean {
    const isSameFunction = this.#name[known] === this.#name[row] && this.#url[known] === this.#url[row]
    return isSameFunction && (this.#lines === 'together' || this.frames.line[known] === this.frames.line[row])
  }
}

/** For each frame of a recording its row here, looked up once; a stack may have no frame (-1). */
export function frameRowsIn(nodes: CallNodes, { frames, strings }: Recording): (frame: number) => number {
  const unknown = -1
  /** By frame + 1. */
  const rows = new Int32Array(frames.length + 1).fill(unknown)
  return frame => {
    const known = rows[frame + 1]!
    if (known !== unknown) return known
    return (rows[frame + 1] =
      frame < 0
        ? nodes.frameOf('', '', 0)
        : nodes.frameOf(strings[frames.name[frame]!]!, strings[frames.url[frame]!]!, frames.line[frame]!))
  }
}
