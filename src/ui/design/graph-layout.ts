// Places for the nodes of a call graph: callers left of what they call, in columns, with few crossings. The same graph
// always gets the same picture.
import { clamp } from '../../base/units.ts'

export interface LaidOutEdge {
  readonly from: number
  readonly to: number
}

export interface GraphPlace {
  readonly x: number
  readonly y: number
  /** Column from the left; row from the top where the picture is high. */
  readonly rank: number
}

const sweeps = 8
/** CSS pixels that a node with its label needs across its column; denser columns are staggered. */
const roomOfNode = 46
/** Free at both ends for labels, and the most between two columns. */
const margin = { wide: 92, high: 56 }
const longestStep = 300
/** Narrower pictures run from top to bottom, unless they are low. */
const narrowest = 640

/** @param edges the heaviest first: of calls in a circle, the lightest one goes back */
export function layOutGraph(
  count: number,
  edges: readonly LaidOutEdge[],
  { width, height }: { width: number; height: number }
): GraphPlace[] {
  const forward = withoutCircles(count, edges)
  const ranks = rankNodes(count, forward)
  const columns = orderColumns(ranks, forward)
  const isHigh = width < narrowest && height > 0.8 * width
  const [along, across] = isHigh ? [height, width] : [width, height]
  const free = along - 2 * (isHigh ? margin.high : margin.wide)
  const step = Math.min(longestStep, free / Math.max(1, columns.length - 1))
  const air = Math.min(isHigh ? 48 : 16, across / 2)
  const first = (along - step * (columns.length - 1)) / 2
  const places: GraphPlace[] = Array(count)
  columns.forEach((column, rank) => {
    const room = (across - 2 * air) / column.length
    const rows = clamp(Math.ceil(roomOfNode / room), 1, 3)
    column.forEach((node, i) => {
      const shift = rows > 1 ? ((i % rows) / (rows - 1) - 0.5) * step * 0.5 : 0
      // Within the picture, with its label below.
      const main = clamp(first + rank * step + shift, 32, Math.max(32, along - 44))
      const cross = air + (i + 0.5) * room
      places[node] = { rank, ...(isHigh ? { x: cross, y: main } : { x: main, y: cross }) }
    })
  })
  return places
}

/** An edge that leads back to where it comes from, by heavier ones, is left out. */
function withoutCircles(count: number, edges: readonly LaidOutEdge[]): LaidOutEdge[] {
  const next: number[][] = Array.from({ length: count }, () => [])
  const leads = (from: number, to: number): boolean => {
    const seen = new Uint8Array(count)
    const open = [from]
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at === to) return true
      if (seen[at]) continue
      seen[at] = 1
      open.push(...next[at]!)
    }
    return false
  }
  return edges.filter(({ from, to }) => {
    if (leads(to, from)) return false
    next[from]!.push(to)
    return true
  })
}

/** The longest way from the outermost callers. Who is called by nobody stands right before what it calls. */
function rankNodes(count: number, edges: readonly LaidOutEdge[]): Int32Array {
  const ranks = new Int32Array(count)
  for (let changed = true; changed;) {
    changed = false
    for (const { from, to } of edges) {
      if (ranks[to]! > ranks[from]!) continue
      ranks[to] = ranks[from]! + 1
      changed = true
    }
  }
  const isCalled = new Uint8Array(count)
  for (const { to } of edges) isCalled[to] = 1
  const nearest = new Int32Array(count).fill(count)
  for (const { from, to } of edges) nearest[from] = Math.min(nearest[from]!, ranks[to]!)
  return ranks.map((rank, node) => (isCalled[node] || nearest[node] === count ? rank : nearest[node]! - 1))
}

/** Each column in the order of what its nodes are tied to in the columns beside it. */
function orderColumns(ranks: Int32Array, edges: readonly LaidOutEdge[]): number[][] {
  const columns: number[][] = []
  ranks.forEach((rank, node) => (columns[rank] ??= []).push(node))
  const filled = columns.filter(Boolean)
  const place = new Float64Array(ranks.length)
  const note = (column: readonly number[]): void =>
    column.forEach((node, i) => (place[node] = (i + 0.5) / column.length))
  filled.forEach(note)
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const forth = sweep % 2 === 0
    const sum = new Float64Array(ranks.length)
    const ties = new Float64Array(ranks.length)
    for (const column of forth ? filled : filled.toReversed()) {
      for (const { from, to } of edges) {
        const [node, other] = forth ? [to, from] : [from, to]
        if (ranks[node] !== ranks[column[0]!]) continue
        sum[node]! += place[other]!
        ties[node]!++
      }
      const middle = (node: number): number => (ties[node] ? sum[node]! / ties[node] : place[node]!)
      column.sort((a, b) => middle(a) - middle(b) || a - b)
      note(column)
    }
  }
  return filled
}
