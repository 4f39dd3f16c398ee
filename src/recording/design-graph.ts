// How the parts of a program call each other, as its sampled stacks saw it. Each stack has a weight, and a stack holds its
// callers: what a part or a call weighs is the sum over the stacks in which it occurs first, so recursion counts once.
import type { CodeParts } from './code-parts.ts'
import { cutParts, mergeLightNodes } from './part-cut.ts'
import type { Cut, CutChoice, CutNode } from './part-cut.ts'
import type { Recording } from './schema.ts'
import type { StackWeights } from './stack-weights.ts'

/** Times in ns. */
export interface PartTimes {
  /** In itself, and in hidden parts that it called. */
  readonly self: number
  /** … and in what it called. */
  readonly total: number
  /** Samples that saw it. */
  readonly samples: number
}

export interface DesignNode extends CutNode, PartTimes {}

export interface DesignEdge {
  /** Indices of nodes: caller and callee. */
  readonly from: number
  readonly to: number
  /** ns that the callee and what it called took for this caller. */
  readonly total: number
  readonly samples: number
}

export interface DesignGraph {
  /** Those that were seen, the longest first. */
  readonly nodes: readonly DesignNode[]
  readonly edges: readonly DesignEdge[]
  /** By row of the parts: index of `nodes` for functions, -1 for those that aren't shown. */
  readonly nodeOf: Int32Array
  /** ns of everything that is shown, each once. */
  readonly busy: number
}

export function buildDesignGraph(
  recording: Recording,
  code: CodeParts,
  weights: StackWeights,
  choice: CutChoice
): DesignGraph {
  const cut = cutParts(code, choice)
  const first = sumCut(recording, code, weights, cut)
  const merged = mergeLightNodes(code, cut, first.total, choice.open)
  return asGraph(merged, merged === cut ? first : sumCut(recording, code, weights, merged))
}

/** The same for each function by row of the parts: 0 for what isn't one. */
export function sumFunctions(
  recording: Recording,
  code: CodeParts,
  weights: StackWeights
): { self: Float64Array; total: Float64Array; samples: Float64Array } {
  const cut = { nodes: code.parts, nodeOf: Int32Array.from(code.parts, (_, row) => row) }
  return sumCut(recording, code, weights, cut)
}

interface Sums {
  readonly self: Float64Array
  readonly total: Float64Array
  readonly samples: Float64Array
  readonly edges: Map<number, { total: number; samples: number }>
  readonly busy: number
}

/** Passes over the stacks: a parent is a smaller row. */
function sumCut(
  { stacks }: Recording,
  { ofStack }: CodeParts,
  { weight, count }: StackWeights,
  { nodes, nodeOf }: { nodes: readonly unknown[]; nodeOf: Int32Array }
): Sums {
  const { length } = stacks
  const total = weight.slice()
  const samples = Float64Array.from(count)
  for (let stack = length - 1; stack >= 0; stack--) {
    const parent = stacks.parent[stack]!
    if (parent < 0) continue
    total[parent]! += total[stack]!
    samples[parent]! += samples[stack]!
  }
  // Of each stack its node, and the stack at which the path to it came to that node; the same of those before.
  const nodeAt = new Int32Array(length)
  const enteredAt = new Int32Array(length)
  const sums = {
    self: new Float64Array(nodes.length),
    total: new Float64Array(nodes.length),
    samples: new Float64Array(nodes.length),
    edges: new Map<number, { total: number; samples: number }>()
  }
  let busy = 0
  const callerOf = (entry: number): number => {
    const parent = stacks.parent[entry]!
    return parent < 0 ? -1 : enteredAt[parent]!
  }
  for (let stack = 0; stack < length; stack++) {
    const parent = stacks.parent[stack]!
    const above = parent < 0 ? -1 : enteredAt[parent]!
    const caller = above < 0 ? -1 : nodeAt[above]!
    const node = ofStack[stack]! < 0 ? -1 : nodeOf[ofStack[stack]!]!
    if (node < 0 || node === caller) {
      nodeAt[stack] = caller
      enteredAt[stack] = above
    } else {
      nodeAt[stack] = node
      enteredAt[stack] = stack
      let isFirst = true
      let isFirstCall = caller >= 0
      for (let at = above; at >= 0; at = callerOf(at)) {
        if (nodeAt[at] !== node) continue
        isFirst = false
        const before = callerOf(at)
        if (before >= 0 && nodeAt[before] === caller) isFirstCall = false
      }
      if (isFirst) {
        sums.total[node]! += total[stack]!
        sums.samples[node]! += samples[stack]!
      }
      if (isFirstCall && samples[stack]! > 0) {
        const key = caller * nodes.length + node
        const edge = sums.edges.get(key)
        if (edge) {
          edge.total += total[stack]!
          edge.samples += samples[stack]!
        } else sums.edges.set(key, { total: total[stack]!, samples: samples[stack]! })
      }
    }
    if (nodeAt[stack]! >= 0) {
      sums.self[nodeAt[stack]!]! += weight[stack]!
      busy += weight[stack]!
    }
  }
  return { ...sums, busy }
}

function asGraph({ nodes, nodeOf }: Cut, { self, total, samples, edges, busy }: Sums): DesignGraph {
  const order = nodes.map((_, row) => row).filter(row => samples[row]! > 0)
  order.sort((a, b) => total[b]! - total[a]! || self[b]! - self[a]! || a - b)
  const rank = new Int32Array(nodes.length).fill(-1)
  order.forEach((row, i) => (rank[row] = i))
  return Object.freeze({
    nodes: order.map(row => ({
      ...nodes[row]!,
      self: self[row]!,
      total: total[row]!,
      samples: samples[row]!
    })),
    edges: [...edges]
      .map(([key, times]) => ({
        from: rank[Math.floor(key / nodes.length)]!,
        to: rank[key % nodes.length]!,
        ...times
      }))
      .sort((a, b) => b.total - a.total || a.from - b.from || a.to - b.to),
    nodeOf: nodeOf.map(row => (row < 0 ? -1 : rank[row]!)),
    busy
  })
}
