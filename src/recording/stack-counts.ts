// Where the time of a stretch went, by endpoint: all that a flame graph over many recordings needs of it, in a
// hundredth of the bytes that its samples take.
import { attributeText } from './attributes.ts'
import { CallNodes, frameRowsIn, usualNodes } from './call-nodes.ts'
import type { NamedFrames } from './call-nodes.ts'
import { endpointAttribute } from './call-tree.ts'
import { buildSampleWeights, frameRole, frameRoles, idleTest, timingSamples } from './calls.ts'
import type { Recording } from './schema.ts'
import { listSampledThreads } from './threads.ts'
import { isWithin } from './time-range.ts'
import type { TimeRange } from './time-range.ts'

/** Of all threads; idle time is left out. */
export interface StackCounts {
  readonly frames: NamedFrames
  /** A tree of calls; callers come before what they call, and `parent` is -1 for the outermost. */
  readonly nodes: { readonly frame: ArrayLike<number>; readonly parent: ArrayLike<number> }
  /** It has as many nodes as it may: further calls count as time of their callers. */
  readonly truncated: boolean
  /** Routes and names of local root spans; '' for what was sampled for none. */
  readonly endpoints: readonly string[]
  /** A row for each endpoint and innermost call that samples saw, by endpoint. */
  readonly endpoint: Int32Array
  readonly node: Int32Array
  readonly samples: Uint32Array
  /** ns, estimated from the gaps between samples. */
  readonly self: Float64Array
}

/** @param range of the samples that count, see isWithin; undefined: all */
export function buildStackCounts(recording: Recording, range?: TimeRange): StackCounts {
  const seen = busySamples(recording, range)
  const nodes = new CallNodes()
  const nodeOf = nodesOfStacks(recording, seen, nodes)
  const { endpoints, endpointOf } = endpointsOfSets(recording)
  const { samples } = recording
  const endpoint = seen.row.map(sample => endpointOf(samples.attributes[sample]!))
  const node = seen.row.map(sample => nodeOf[samples.stack[sample]!]!)
  return Object.freeze({
    frames: nodes.frames,
    nodes: { frame: Int32Array.from(nodes.frame), parent: Int32Array.from(nodes.parent) },
    truncated: nodes.frame.length >= usualNodes,
    endpoints,
    ...sumByEndpoint({ endpoint, node, weight: seen.weight }, endpoints.length, nodes.frame.length)
  })
}

interface BusySamples {
  /** Rows of `samples`, thread by thread. */
  readonly row: Int32Array
  /** ns. */
  readonly weight: Float64Array
}

function busySamples(recording: Recording, range: TimeRange | undefined): BusySamples {
  const { samples } = recording
  const isIdle = idleTest(recording)
  const row = new Int32Array(samples.length)
  const weight = new Float64Array(samples.length)
  let count = 0
  for (const { id } of listSampledThreads(recording)) {
    const order = timingSamples(recording, id)
    const weights = buildSampleWeights(recording, order)
    for (let i = 0; i < order.length; i++) {
      const sample = order[i]!
      if (isIdle(samples.stack[sample]!) || (range && !isWithin(samples.time[sample]!, range))) continue
      row[count] = sample
      weight[count++] = weights[i]!
    }
  }
  return { row: row.subarray(0, count), weight: weight.subarray(0, count) }
}

/**
 * By stack that a sample has, or that called one, its node: -1 for V8's root. Those that differ by it, or by columns within a
 * line, are one.
 */
function nodesOfStacks(recording: Recording, { row }: BusySamples, nodes: CallNodes): Int32Array {
  const { samples, stacks } = recording
  const isSeen = new Uint8Array(stacks.length)
  for (const sample of row) isSeen[samples.stack[sample]!] = 1
  for (let stack = stacks.length - 1; stack >= 0; stack--)
    if (isSeen[stack] === 1 && stacks.parent[stack]! >= 0) isSeen[stacks.parent[stack]!] = 1
  const roles = frameRoles(recording)
  const frameOf = frameRowsIn(nodes, recording)
  const nodeOf = new Int32Array(stacks.length).fill(-1)
  for (let stack = 0; stack < stacks.length; stack++) {
    if (isSeen[stack] === 0) continue
    const frame = stacks.frame[stack]!
    const parent = stacks.parent[stack]!
    const up = parent < 0 ? -1 : nodeOf[parent]!
    nodeOf[stack] = roles[frame] === frameRole.root ? up : nodes.nodeOf(up, frameOf(frame))
  }
  return nodeOf
}

/** Those of the sets that were asked for. */
function endpointsOfSets(recording: Recording): { endpoints: string[]; endpointOf: (set: number) => number } {
  const endpoints: string[] = []
  const rowOfName = new Map<string, number>()
  const unknown = -1
  const rowOfSet = new Int32Array(recording.sets.length).fill(unknown)
  const endpointOf = (set: number): number => {
    const known = rowOfSet[set]!
    if (known !== unknown) return known
    const name = attributeText(recording, set, endpointAttribute) ?? ''
    let row = rowOfName.get(name)
    if (row === undefined) rowOfName.set(name, (row = endpoints.push(name) - 1))
    return (rowOfSet[set] = row)
  }
  return { endpoints, endpointOf }
}

/** A row for each sample. */
interface PlacedSamples {
  readonly endpoint: Int32Array
  /** -1 for V8's root alone, which is none. */
  readonly node: Int32Array
  readonly weight: Float64Array
}

/** By endpoint, then by node. */
function sumByEndpoint(
  { endpoint, node, weight }: PlacedSamples,
  endpoints: number,
  nodes: number
): Pick<StackCounts, 'endpoint' | 'node' | 'samples' | 'self'> {
  const order = orderByEndpoint(endpoint, endpoints)
  const rows = {
    endpoint: new Int32Array(order.length),
    node: new Int32Array(order.length),
    samples: new Uint32Array(order.length),
    self: new Float64Array(order.length)
  }
  let filled = 0
  const sums = { samples: new Uint32Array(nodes), self: new Float64Array(nodes) }
  const seen = new Int32Array(nodes)
  for (let from = 0, to = from; from < order.length; from = to) {
    const own = endpoint[order[from]!]!
    let count = 0
    for (; to < order.length && endpoint[order[to]!] === own; to++) {
      const at = node[order[to]!]!
      if (at < 0) continue
      if (sums.samples[at]!++ === 0) seen[count++] = at
      sums.self[at]! += weight[order[to]!]!
    }
    for (const at of seen.subarray(0, count).sort()) {
      rows.endpoint[filled] = own
      rows.node[filled] = at
      rows.samples[filled] = sums.samples[at]!
      rows.self[filled++] = sums.self[at]!
      sums.samples[at] = sums.self[at] = 0
    }
  }
  return {
    endpoint: rows.endpoint.slice(0, filled),
    node: rows.node.slice(0, filled),
    samples: rows.samples.slice(0, filled),
    self: rows.self.slice(0, filled)
  }
}

/** Samples of one endpoint stay in their order. */
function orderByEndpoint(endpoint: Int32Array, endpoints: number): Int32Array {
  const next = new Int32Array(endpoints + 1)
  for (const row of endpoint) next[row + 1]!++
  for (let row = 0; row < endpoints; row++) next[row + 1]! += next[row]!
  const order = new Int32Array(endpoint.length)
  for (let sample = 0; sample < endpoint.length; sample++) order[next[endpoint[sample]!]!++] = sample
  return order
}
