import type { CapturedNodes, CapturedProfile } from './profiler-backend.ts'

/** The shape of a .cpuprofile, which both v8-profiler-next and the inspector give. Times are µs of CLOCK_MONOTONIC. */
export interface V8Profile {
  nodes: V8Node[]
  samples?: number[]
  timeDeltas?: number[]
  startTime: number
}

interface V8Node {
  id: number
  callFrame: { functionName: string; url: string; lineNumber: number; columnNumber: number }
  children?: number[]
}

/**
 * Brings a V8 profile into columns. `firstLine` is what the source counts its first line as: 1 for v8-profiler-next, 0 for
 * the inspector. Samples up to `afterUs` are left out: where profiles overlap, the one before already had them.
 */
export function capturedFromV8(profile: V8Profile, firstLine: 0 | 1, afterUs: number): CapturedProfile {
  const { nodes, rowOfId } = buildNodes(profile.nodes, firstLine)
  const ids = profile.samples ?? []
  const deltas = profile.timeDeltas ?? []
  const order: number[] = []
  const times = new Float64Array(ids.length)
  let time = profile.startTime
  for (let i = 0; i < ids.length; i++) {
    time += deltas[i] ?? 0
    times[i] = time
    if (time > afterUs) order.push(i)
  }
  // A sample taken by hand can overtake one of the sampler's, so V8's order isn't always the order of time.
  if (!isAscending(order, times)) order.sort((a, b) => times[a]! - times[b]! || a - b)
  const samples = new Int32Array(order.length)
  const monotonicUs = new Float64Array(order.length)
  for (let i = 0; i < order.length; i++) {
    samples[i] = rowOfId.get(ids[order[i]!]!) ?? 0
    monotonicUs[i] = times[order[i]!]!
  }
  return { nodes, samples, monotonicUs }
}

function buildNodes(
  nodes: V8Node[],
  firstLine: 0 | 1
): { nodes: CapturedNodes; rowOfId: Map<number, number> } {
  const rowOfId = new Map<number, number>()
  const parentOfId = new Map<number, number>()
  const columns: CapturedNodes = { functionName: [], url: [], line: [], column: [], parent: [] }
  // V8 lists nodes in preorder: parents come before their children.
  for (const node of nodes) {
    const row = columns.parent.length
    rowOfId.set(node.id, row)
    const { functionName, url, lineNumber, columnNumber } = node.callFrame
    const isCode = url !== '' || lineNumber > 0
    columns.functionName.push(functionName)
    columns.url.push(url)
    columns.line.push(isCode ? Math.max(0, lineNumber + 1 - firstLine) : 0)
    columns.column.push(isCode ? Math.max(0, columnNumber + 1 - firstLine) : 0)
    columns.parent.push(parentOfId.get(node.id) ?? -1)
    for (const child of node.children ?? []) parentOfId.set(child, row)
  }
  return { nodes: columns, rowOfId }
}

function isAscending(order: number[], times: Float64Array): boolean {
  for (let i = 1; i < order.length; i++) if (times[order[i]!]! < times[order[i - 1]!]!) return false
  return true
}
