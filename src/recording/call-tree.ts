// Where time went, summed over calls with the same callers: the top-down tree behind flame graphs.
import { attributeText } from './attributes.ts'
import { buildSampleWeights, frameRole, frameRoles, idleTest, timingSamples } from './calls.ts'
import type { Recording } from './schema.ts'
import { isWithin } from './time-range.ts'
import type { TimeRange } from './time-range.ts'

/** A table of nodes; callers come before what they call. */
export interface CallTree {
  readonly length: number
  readonly frame: Int32Array
  /** -1 for the outermost. */
  readonly parent: Int32Array
  readonly depth: Int32Array
  /** ns, estimated from the gaps between samples. */
  readonly self: Float64Array
  readonly total: Float64Array
  readonly samples: Uint32Array
}

/** On a sample: the name or route of the local root span that was active. */
export const endpointAttribute = 'microlog.endpoint'

export interface CallTreeFilter {
  readonly range?: TimeRange
  /** Row of `links`. */
  readonly link?: number
  /** Samples taken for this endpoint, as their attribute says. */
  readonly endpoint?: string
}

export function buildCallTree(recording: Recording, threadId: number, filter: CallTreeFilter = {}): CallTree {
  const { stacks, frames } = recording
  const { weight, count } = sumByStack(recording, threadId, filter)
  const roles = frameRoles(recording)
  const nodes = { frame: [] as number[], parent: [] as number[], depth: [] as number[] }
  const known = new Map<number, number>()
  const nodeOfStack = new Int32Array(stacks.length).fill(-1)
  const used = withCallers(recording, count)
  // A stack's parent is a smaller row, so callers get their nodes first.
  for (let stack = 0; stack < stacks.length; stack++) {
    if (!used[stack]) continue
    const leaf = stacks.frame[stack]!
    const up = stacks.parent[stack]! < 0 ? -1 : nodeOfStack[stacks.parent[stack]!]!
    if (roles[leaf] === frameRole.root) {
      nodeOfStack[stack] = up
      continue
    }
    const key = (up + 1) * frames.length + leaf
    let node = known.get(key)
    if (node === undefined) {
      node = nodes.frame.push(leaf) - 1
      nodes.parent.push(up)
      nodes.depth.push(up < 0 ? 0 : nodes.depth[up]! + 1)
      known.set(key, node)
    }
    nodeOfStack[stack] = node
  }
  const length = nodes.frame.length
  const self = new Float64Array(length)
  const samples = new Uint32Array(length)
  for (let stack = 0; stack < stacks.length; stack++) {
    const node = nodeOfStack[stack]!
    if (node < 0) continue
    self[node]! += weight[stack]!
    samples[node]! += count[stack]!
  }
  const total = self.slice()
  for (let node = length - 1; node >= 0; node--) {
    const up = nodes.parent[node]!
    if (up < 0) continue
    total[up]! += total[node]!
    samples[up]! += samples[node]!
  }
  return Object.freeze({
    length,
    frame: Int32Array.from(nodes.frame),
    parent: Int32Array.from(nodes.parent),
    depth: Int32Array.from(nodes.depth),
    self,
    total,
    samples
  })
}

/** Time and timing samples of each stack, idle ones left out. */
function sumByStack(
  recording: Recording,
  threadId: number,
  { range, link, endpoint }: CallTreeFilter
): { weight: Float64Array; count: Uint32Array } {
  const { samples, stacks } = recording
  const order = timingSamples(recording, threadId)
  const weights = buildSampleWeights(recording, order)
  const isIdle = idleTest(recording)
  const weight = new Float64Array(stacks.length)
  const count = new Uint32Array(stacks.length)
  const served = endpoint === undefined ? undefined : setsOfEndpoint(recording, endpoint)
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!
    const time = samples.time[row]!
    const stack = samples.stack[row]!
    if (range && !isWithin(time, range)) continue
    if (link !== undefined && samples.link[row] !== link) continue
    if (served && served[samples.attributes[row]!] !== 1) continue
    if (isIdle(stack)) continue
    weight[stack]! += weights[i]!
    count[stack]!++
  }
  return { weight, count }
}

/** By row of `sets`: 1 for those that name the endpoint. */
export function setsOfEndpoint(recording: Recording, endpoint: string): Uint8Array {
  return Uint8Array.from({ length: recording.sets.length }, (_, set) =>
    attributeText(recording, set, endpointAttribute) === endpoint ? 1 : 0
  )
}

function withCallers(recording: Recording, count: Uint32Array): Uint8Array {
  const used = new Uint8Array(count.length)
  for (let stack = count.length - 1; stack >= 0; stack--) {
    if (count[stack]! > 0) used[stack] = 1
    const up = recording.stacks.parent[stack]!
    if (used[stack] && up >= 0) used[up] = 1
  }
  return used
}
