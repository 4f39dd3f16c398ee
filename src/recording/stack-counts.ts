// Where the time of a stretch went, by endpoint: all that a flame graph over many recordings needs of it, in a
// hundredth of the bytes that its samples take.
import { attributeText } from './attributes.ts'
import { CallNodes, frameRowsIn } from './call-nodes.ts'
import type { NamedFrames } from './call-nodes.ts'
import { endpointAttribute } from './call-tree.ts'
import { buildSampleWeights, frameRole, frameRoles, idleTest, timingSamples } from './calls.ts'
import type { Recording } from './schema.ts'
import { listThreads } from './threads.ts'
import { isWithin } from './time-range.ts'
import type { TimeRange } from './time-range.ts'

/** Of all threads; idle time is left out. */
export interface StackCounts {
  readonly frames: NamedFrames
  /** A tree of calls; callers come before what they call, and `parent` is -1 for the outermost. */
  readonly nodes: { readonly frame: Int32Array; readonly parent: Int32Array }
  /** Routes and names of local root spans; '' for what was sampled for none. */
  readonly endpoints: readonly string[]
  /** A row for each endpoint and innermost call that samples saw, by endpoint. */
  readonly endpoint: Int32Array
  readonly node: Int32Array
  readonly samples: Uint32Array
  /** ns, estimated from the gaps between samples. */
  readonly self: Float64Array
}

interface Sum {
  samples: number
  self: number
}

/** @param range of the samples that count, see isWithin; undefined: all */
export function buildStackCounts(recording: Recording, range?: TimeRange): StackCounts {
  const { endpoints, sums } = sumByEndpoint(recording, range)
  const nodes = new CallNodes()
  const nodeOf = nodeOfStack(recording, nodes)
  const rows = sums.flatMap((ofStack, endpoint) =>
    [...byNode(ofStack, nodeOf)].map(([node, sum]) => ({ endpoint, node, ...sum }))
  )
  return Object.freeze({
    frames: nodes.frames,
    nodes: { frame: Int32Array.from(nodes.frame), parent: Int32Array.from(nodes.parent) },
    endpoints,
    endpoint: Int32Array.from(rows, row => row.endpoint),
    node: Int32Array.from(rows, row => row.node),
    samples: Uint32Array.from(rows, row => row.samples),
    self: Float64Array.from(rows, row => row.self)
  })
}

/** By endpoint, then by stack. */
function sumByEndpoint(
  recording: Recording,
  range: TimeRange | undefined
): { endpoints: string[]; sums: Map<number, Sum>[] } {
  const { samples } = recording
  const isIdle = idleTest(recording)
  const endpoints: string[] = []
  const sums: Map<number, Sum>[] = []
  const rowOfName = new Map<string, number>()
  const rowOfSet = new Map<number, number>()
  const endpointOf = (set: number): number => {
    const known = rowOfSet.get(set)
    if (known !== undefined) return known
    const name = attributeText(recording, set, endpointAttribute) ?? ''
    let row = rowOfName.get(name)
    if (row === undefined) {
      rowOfName.set(name, (row = endpoints.push(name) - 1))
      sums.push(new Map())
    }
    rowOfSet.set(set, row)
    return row
  }
  for (const { id } of listThreads(recording)) {
    const order = timingSamples(recording, id)
    const weights = buildSampleWeights(recording, order)
    for (let i = 0; i < order.length; i++) {
      if (range && !isWithin(samples.time[order[i]!]!, range)) continue
      const stack = samples.stack[order[i]!]!
      if (isIdle(stack)) continue
      addSum(sums[endpointOf(samples.attributes[order[i]!]!)]!, stack, 1, weights[i]!)
    }
  }
  return { endpoints, sums }
}

/** Stacks that differ by V8's root or by columns within a line are one node. */
function byNode(ofStack: ReadonlyMap<number, Sum>, nodeOf: (stack: number) => number): Map<number, Sum> {
  const found = new Map<number, Sum>()
  for (const [stack, { samples, self }] of ofStack) {
    const node = nodeOf(stack)
    if (node >= 0) addSum(found, node, samples, self)
  }
  return new Map([...found].sort(([a], [b]) => a - b))
}

function addSum(sums: Map<number, Sum>, key: number, samples: number, self: number): void {
  const known = sums.get(key)
  if (known) {
    known.samples += samples
    known.self += self
  } else sums.set(key, { samples, self })
}

/** -1 for V8's root alone. */
function nodeOfStack(recording: Recording, nodes: CallNodes): (stack: number) => number {
  const { stacks } = recording
  const roles = frameRoles(recording)
  const frameOf = frameRowsIn(nodes, recording)
  const unknown = -2
  const known = new Int32Array(stacks.length).fill(unknown)
  return stack => {
    const path: number[] = []
    for (let at = stack; at >= 0 && known[at] === unknown; at = stacks.parent[at]!) path.push(at)
    for (const at of path.reverse()) {
      const up = stacks.parent[at]! < 0 ? -1 : known[stacks.parent[at]!]!
      const frame = stacks.frame[at]!
      known[at] = roles[frame] === frameRole.root ? up : nodes.nodeOf(up, frameOf(frame))
    }
    return known[stack]!
  }
}
