// Spans of a recording packed into lanes: each trace in its own block, children below their parents, and blocks
// that don't overlap in time share lanes.
import { layOutLanes } from './flame-layout.ts'
import type { Lanes } from './flame-layout.ts'
import { spanIdAt, traceIdAt } from './ids.ts'
import type { Recording } from './schema.ts'

interface Block {
  readonly spans: number[]
  from: number
  to: number
}

/** Lanes whose rows are rows of `spans`. At most `most` lanes: spans beyond go into the last, where there is room. */
export function layOutSpans(recording: Recording, most = 64): Lanes {
  const { spans } = recording
  const lane = new Int32Array(spans.length)
  const free: number[] = []
  for (const block of blocksByTrace(recording)) {
    const lanes = packBlock(recording, block, most)
    const base = firstFree(free, lanes.count, block.from, most)
    block.spans.forEach((span, i) => (lane[span] = Math.min(base + lanes.lane[i]!, most - 1)))
    for (let i = base; i < Math.min(base + lanes.count, most - 1); i++) free[i] = block.to
  }
  return clip(recording, lane, most)
}

function blocksByTrace(recording: Recording): Block[] {
  const { spans } = recording
  const blocks = new Map<string, Block>()
  for (let span = 0; span < spans.length; span++) {
    const id = traceIdAt(spans.traceId, span)
    const from = spans.start[span]!
    const to = Math.max(from, spans.end[span]!)
    const block = blocks.get(id)
    if (!block) blocks.set(id, { spans: [span], from, to })
    else {
      block.spans.push(span)
      block.from = Math.min(block.from, from)
      block.to = Math.max(block.to, to)
    }
  }
  return [...blocks.values()].sort((a, b) => a.from - b.from)
}

/** A lane for each span of the block, below its parent's, in which nothing overlaps it, or else the last. */
function packBlock(recording: Recording, block: Block, most: number): { lane: Int32Array; count: number } {
  const { spans } = recording
  const order = block.spans.map((_, i) => i)
  const startOf = (i: number): number => spans.start[block.spans[i]!]!
  const endOf = (i: number): number => Math.max(startOf(i), spans.end[block.spans[i]!]!)
  order.sort((a, b) => startOf(a) - startOf(b) || endOf(b) - endOf(a))
  const laneOfId = new Map<string, number>()
  const lane = new Int32Array(block.spans.length)
  const free: number[] = []
  for (const i of order) {
    const span = block.spans[i]!
    let at = Math.min((laneOfId.get(spanIdAt(spans.parentSpanId, span)) ?? -1) + 1, most - 1)
    while (at < most - 1 && (free[at] ?? -Infinity) > startOf(i)) at++
    for (let above = free.length; above < at; above++) free[above] = -Infinity
    free[at] = endOf(i)
    lane[i] = at
    laneOfId.set(spanIdAt(spans.spanId, span), at)
  }
  return { lane, count: free.length }
}

/** The first lane from which on so many are free; the last is anyone's. */
function firstFree(free: readonly number[], count: number, from: number, most: number): number {
  let base = 0
  for (let lane = 0; lane < Math.min(base + count, most - 1); lane++) {
    if ((free[lane] ?? -Infinity) > from) base = lane + 1
  }
  return base
}

function clip(recording: Recording, lane: Int32Array, most: number): Lanes {
  const { spans } = recording
  const rows = Int32Array.from(lane.keys()).sort((a, b) => spans.start[a]! - spans.start[b]!)
  const count = lane.reduce((deepest, at) => Math.max(deepest, at + 1), 0)
  let lastEnd = -Infinity
  const kept = rows.filter(span => {
    if (lane[span]! < most - 1) return true
    if (spans.start[span]! < lastEnd) return false
    lastEnd = spans.end[span]!
    return true
  })
  const packed = layOutLanes(
    kept.length,
    count,
    i => lane[kept[i]!]!,
    Float64Array.from(kept, span => spans.start[span]!),
    Float64Array.from(kept, span => Math.max(spans.start[span]!, spans.end[span]!))
  )
  return { ...packed, row: packed.row.map(i => kept[i]!) }
}
