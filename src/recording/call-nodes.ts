// The nodes of a call tree that grows: functions are the same where their name, file and line are, whatever rows of
// whatever recording they stand in; without the line where versions of a program meet, since lines move between them.
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
  readonly #frameRows = new Map<string, number>()
  /** Node by frame: of each node's callees, and of the outermost calls. */
  readonly #callees: Map<number, number>[] = []
  readonly #outermost = new Map<number, number>()

  /** @param lines 'together': of a function the first line seen is kept */
  constructor(limit = usualNodes, lines: Lines = 'apart') {
    this.#limit = limit
    this.#lines = lines
  }

  frameOf(name: string, url: string, line: number): number {
    const key = `${this.#lines === 'apart' ? line : ''}\0${name}\0${url}`
    let row = this.#frameRows.get(key)
    if (row === undefined) {
      row = this.frames.name.push(name) - 1
      this.frames.url.push(url)
      this.frames.line.push(line)
      this.#frameRows.set(key, row)
    }
    return row
  }

  /** @param up the caller's node, -1 where there is none */
  nodeOf(up: number, frame: number): number {
    const siblings = up < 0 ? this.#outermost : this.#callees[up]!
    const known = siblings.get(frame)
    if (known !== undefined) return known
    if (this.frame.length >= this.#limit && up >= 0) {
      this.truncated = true
      return up
    }
    const node = this.frame.push(frame) - 1
    this.parent.push(up)
    this.#callees.push(new Map())
    siblings.set(frame, node)
    return node
  }
}

/** For each frame of a recording its row here, looked up once; a stack may have no frame (-1). */
export function frameRowsIn(nodes: CallNodes, { frames, strings }: Recording): (frame: number) => number {
  const rows = new Map<number, number>()
  return frame => {
    let row = rows.get(frame)
    if (row === undefined) {
      row =
        frame < 0
          ? nodes.frameOf('', '', 0)
          : nodes.frameOf(strings[frames.name[frame]!]!, strings[frames.url[frame]!]!, frames.line[frame]!)
      rows.set(frame, row)
    }
    return row
  }
}
