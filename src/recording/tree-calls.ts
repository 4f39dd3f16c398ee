// A tree of calls as a flame graph: callees stand side by side, the widest first, and what a call holds itself is at its
// right end. Starts and ends count whatever the widths are made of, from 0 on.
import type { Calls } from './calls.ts'

/** Nodes of a tree; callers come before what they call. */
export interface WeighedTree {
  /** -1 for the outermost. */
  readonly parent: ArrayLike<number>
  readonly frame: ArrayLike<number>
  /** What a node and all below it come to; those of 0 are left out. */
  readonly total: ArrayLike<number>
}

export interface TreeCalls {
  /** Without links and samples: both are 0. */
  readonly calls: Calls
  /** By call its node. */
  readonly node: Int32Array
}

export function buildTreeCalls({ parent, frame, total }: WeighedTree): TreeCalls {
  const callees = new Map<number, number[]>()
  for (let node = 0; node < parent.length; node++) {
    if (!(total[node]! > 0)) continue
    const siblings = callees.get(parent[node]!)
    if (siblings) siblings.push(node)
    else callees.set(parent[node]!, [node])
  }
  for (const siblings of callees.values()) siblings.sort((a, b) => total[b]! - total[a]!)

  const rows = { start: [] as number[], depth: [] as number[], parent: [] as number[], node: [] as number[] }
  const waiting = beside(callees.get(-1), total, 0, 0, -1)
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const row = rows.node.push(next.node) - 1
    rows.start.push(next.start)
    rows.depth.push(next.depth)
    rows.parent.push(next.parent)
    for (const callee of beside(callees.get(next.node), total, next.start, next.depth + 1, row))
      waiting.push(callee)
  }
  const calls = Object.freeze({
    length: rows.node.length,
    depths: rows.depth.reduce((most, depth) => Math.max(most, depth + 1), 0),
    start: Float64Array.from(rows.start),
    end: Float64Array.from(rows.node, (node, row) => rows.start[row]! + total[node]!),
    depth: Int32Array.from(rows.depth),
    frame: Int32Array.from(rows.node, node => frame[node]!),
    parent: Int32Array.from(rows.parent),
    samples: new Uint32Array(rows.node.length),
    link: new Int32Array(rows.node.length)
  })
  return { calls, node: Int32Array.from(rows.node) }
}

interface Placed {
  node: number
  start: number
  depth: number
  parent: number
}

/** The leftmost comes off the end first, so that calls are in the order of their starts. */
function beside(
  siblings: readonly number[] | undefined,
  total: ArrayLike<number>,
  from: number,
  depth: number,
  parent: number
): Placed[] {
  let start = from
  const placed: Placed[] = []
  for (const node of siblings ?? []) {
    placed.push({ node, start, depth, parent })
    start += total[node]!
  }
  return placed.reverse()
}
