// The calls of two runs as one tree, each node with the times of both: calls are the same where their callers are, and
// functions where their name and file are, since lines move between versions. Threads of a run are summed.
import { CallNodes, frameRowsIn } from './call-nodes.ts'
import type { NamedFrames } from './call-nodes.ts'
import { buildCallTree } from './call-tree.ts'
import type { CallTree } from './call-tree.ts'
import type { Recording } from './schema.ts'
import { listSampledThreads } from './threads.ts'
import { weighedPaths } from './weighed-paths.ts'
import type { FlameFrom, WeighedStacks } from './weighed-paths.ts'

/** By node, ns. */
export interface NodeTimes {
  readonly self: Float64Array
  readonly total: Float64Array
}

/** A table of nodes; callers come before what they call. */
export interface CallTreeDiff {
  /** Lines are those of B, of A where B doesn't have the function; 0 unknown. */
  readonly frames: NamedFrames
  /** Row of `frames`. */
  readonly frame: readonly number[]
  /** -1 for the outermost. */
  readonly parent: readonly number[]
  readonly a: NodeTimes
  readonly b: NodeTimes
  /** Sampled and not idle, ns. */
  readonly busy: { readonly a: number; readonly b: number }
  /** How many samples that comes from. */
  readonly samples: { readonly a: number; readonly b: number }
  /** Calls beyond the limit count as time of their callers. */
  readonly truncated: boolean
}

/** @param a one run; several recordings where it lies too far apart for one */
export function diffCallTrees(
  a: readonly Recording[],
  b: readonly Recording[],
  limit?: number
): CallTreeDiff {
  const nodes = new CallNodes(limit, 'together')
  // The first line seen of a function is kept.
  const own = { b: sumSelf(nodes, b), a: sumSelf(nodes, a) }
  return treeDiff(nodes, own)
}

/** The same of stacks that were weighed already, with the calls in either order. */
export function diffWeighedStacks(
  a: WeighedStacks,
  b: WeighedStacks,
  from: FlameFrom,
  limit?: number
): CallTreeDiff {
  const nodes = new CallNodes(limit, 'together')
  const own = { b: sumPaths(nodes, b, from), a: sumPaths(nodes, a, from) }
  return treeDiff(nodes, own)
}

function treeDiff(nodes: CallNodes, own: { a: OwnTimes; b: OwnTimes }): CallTreeDiff {
  const { frames, frame, parent, truncated } = nodes
  return Object.freeze({
    frames,
    frame,
    parent,
    a: withTotals(own.a.self, parent),
    b: withTotals(own.b.self, parent),
    busy: { a: sum(own.a.self), b: sum(own.b.self) },
    samples: { a: own.a.samples, b: own.b.samples },
    truncated
  })
}

/** What ends in each node of a side. */
interface OwnTimes {
  /** By node, ns. */
  self: number[]
  samples: number
}

/** Adds the nodes of a side. */
function sumSelf(nodes: CallNodes, recordings: readonly Recording[]): OwnTimes {
  const self: number[] = []
  let samples = 0
  for (const recording of recordings) {
    const frameOf = frameRowsIn(nodes, recording)
    for (const thread of listSampledThreads(recording)) {
      const tree = buildCallTree(recording, thread.id)
      addTree(nodes, self, tree, frameOf)
      for (let node = 0; node < tree.length; node++)
        if (tree.parent[node]! < 0) samples += tree.samples[node]!
    }
  }
  return { self, samples }
}

function sumPaths(nodes: CallNodes, stacks: WeighedStacks, from: FlameFrom): OwnTimes {
  const frameOf = frameRowsIn(nodes, stacks.recording)
  const self: number[] = []
  let samples = 0
  for (const { path, weight, count } of weighedPaths(stacks, from)) {
    const node = path.reduce((up, frame) => nodes.nodeOf(up, frameOf(frame)), -1)
    if (node < 0) continue
    self[node] = (self[node] ?? 0) + weight
    samples += count
  }
  return { self, samples }
}

function addTree(nodes: CallNodes, self: number[], tree: CallTree, frameOf: (frame: number) => number): void {
  const places = new Int32Array(tree.length)
  for (let node = 0; node < tree.length; node++) {
    const up = tree.parent[node]!
    const place = nodes.nodeOf(up < 0 ? -1 : places[up]!, frameOf(tree.frame[node]!))
    places[node] = place
    self[place] = (self[place] ?? 0) + tree.self[node]!
  }
}

function withTotals(own: readonly number[], parent: readonly number[]): NodeTimes {
  const self = Float64Array.from(parent, (_, node) => own[node] ?? 0)
  const total = self.slice()
  for (let node = total.length - 1; node >= 0; node--) {
    if (parent[node]! >= 0) total[parent[node]!]! += total[node]!
  }
  return { self, total }
}

function sum(own: readonly number[]): number {
  return own.reduce((all, time) => all + time, 0)
}
