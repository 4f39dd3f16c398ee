// The spans of one trace across recordings as the rows of a waterfall: parents before children, children by start.
import { spanIdAt, traceIdAt } from './ids.ts'
import type { Recording } from './schema.ts'

export interface SpanRow {
  /** Index into the recordings given, and the row of `spans` there. */
  readonly recording: number
  readonly span: number
  readonly spanId: string
  /** Index of the parent in the result, -1 for a root. */
  readonly parent: number
  readonly depth: number
  /** It names a parent that isn't here: that one wasn't recorded, or hasn't ended yet. */
  readonly orphan: boolean
  /** ns since the tree's epoch. */
  readonly start: number
  readonly end: number
  readonly error: boolean
  readonly children: number
}

export interface SpanTree {
  /** Unix time in ns: the earliest epoch of the recordings, so that differences stay exact. */
  readonly epoch: bigint
  readonly rows: readonly SpanRow[]
}

interface Node {
  recording: number
  span: number
  spanId: string
  parentId: string
  start: number
  end: number
  children: Node[]
}

export function buildSpanTree(recordings: readonly Recording[], traceId: string): SpanTree {
  const epoch = recordings.reduce(
    (least, { epoch }) => (epoch < least ? epoch : least),
    recordings[0]?.epoch ?? 0n
  )
  const nodes = collectNodes(recordings, traceId, epoch)
  const roots: Node[] = []
  for (const node of nodes.values()) {
    const parent = nodes.get(node.parentId)
    if (parent && parent !== node) parent.children.push(node)
    else roots.push(node)
  }
  const rows: SpanRow[] = []
  const visited = new Set<Node>()
  const visit = (root: Node): void => {
    const waiting: { node: Node; parent: number; depth: number }[] = [{ node: root, parent: -1, depth: 0 }]
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { node, parent, depth } = next
      if (visited.has(node)) continue
      visited.add(node)
      const row = rows.push(toRow(recordings, node, parent, depth)) - 1
      node.children.sort(byStart)
      for (let i = node.children.length - 1; i >= 0; i--) {
        waiting.push({ node: node.children[i]!, parent: row, depth: depth + 1 })
      }
    }
  }
  for (const root of roots.sort(byStart)) visit(root)
  // Spans that name each other as parents hang from no root: they are shown all the same.
  for (const node of [...nodes.values()].sort(byStart)) if (!visited.has(node)) visit(node)
  return { epoch, rows }
}

function collectNodes(recordings: readonly Recording[], traceId: string, epoch: bigint): Map<string, Node> {
  const nodes = new Map<string, Node>()
  recordings.forEach((recording, index) => {
    const { spans } = recording
    const shift = Number(recording.epoch - epoch)
    for (let span = 0; span < spans.length; span++) {
      if (traceIdAt(spans.traceId, span) !== traceId) continue
      const spanId = spanIdAt(spans.spanId, span)
      if (nodes.has(spanId)) continue
      const start = spans.start[span]! + shift
      const end = spans.end[span]! + shift
      nodes.set(spanId, {
        recording: index,
        span,
        spanId,
        parentId: spanIdAt(spans.parentSpanId, span),
        start,
        end: end >= start ? end : start,
        children: []
      })
    }
  })
  return nodes
}

function toRow(recordings: readonly Recording[], node: Node, parent: number, depth: number): SpanRow {
  const { recording, span, spanId, start, end } = node
  return {
    recording,
    span,
    spanId,
    parent,
    depth,
    orphan: parent < 0 && node.parentId !== '',
    start,
    end,
    error: recordings[recording]!.spans.statusCode[span] === 2,
    children: node.children.length
  }
}

function byStart(a: Node, b: Node): number {
  return a.start - b.start || b.end - a.end
}
