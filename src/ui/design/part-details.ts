// What the panel of a part tells: its functions, who calls it, and what it calls.
import type { CodeParts } from '../../recording/code-parts.ts'
import type { DesignGraph, PartTimes, sumFunctions } from '../../recording/design-graph.ts'
import { frameLink, framePlace } from '../../recording/frame-names.ts'
import { searchOfPart } from '../../recording/part-search.ts'
import type { Recording } from '../../recording/schema.ts'

export interface PartFunction extends PartTimes {
  readonly key: string
  readonly name: string
  readonly place: string
  /** Opens it in the editor. */
  readonly link: string | undefined
}

export interface Neighbour {
  readonly key: string
  readonly name: string
  /** ns, and of the part's total. */
  readonly total: number
  readonly share: number
  readonly samples: number
}

export interface PartDetails {
  /** Most time in itself first. */
  readonly functions: readonly PartFunction[]
  readonly callers: readonly Neighbour[]
  readonly callees: readonly Neighbour[]
  /** All frames of its functions. */
  readonly frames: readonly number[]
  /** Finds its functions in other views; '' where nothing does. */
  readonly search: string
}

/** @param node index of the graph's */
export function buildPartDetails(
  recording: Recording,
  code: CodeParts,
  graph: DesignGraph,
  sums: ReturnType<typeof sumFunctions>,
  node: number
): PartDetails {
  const { kind, part, total } = graph.nodes[node]!
  const rows = [...code.parts.keys()].filter(row => graph.nodeOf[row] === node && sums.samples[row]! > 0)
  const neighbour = (other: number, edge: { total: number; samples: number }): Neighbour => {
    const { key, name } = graph.nodes[other]!
    return { key, name, total: edge.total, samples: edge.samples, share: total > 0 ? edge.total / total : 0 }
  }
  return {
    functions: rows
      .map(row => functionAt(recording, code, sums, row))
      .sort((a, b) => b.self - a.self || b.total - a.total),
    callers: graph.edges.filter(({ to }) => to === node).map(edge => neighbour(edge.from, edge)),
    callees: graph.edges.filter(({ from }) => from === node).map(edge => neighbour(edge.to, edge)),
    frames: [...code.ofFrame.keys()].filter(frame => {
      const row = code.ofFrame[frame]!
      return row >= 0 && graph.nodeOf[row] === node
    }),
    search: kind === 'rest' ? '' : searchOfPart(code, part)
  }
}

function functionAt(
  recording: Recording,
  { parts }: CodeParts,
  { self, total, samples }: ReturnType<typeof sumFunctions>,
  row: number
): PartFunction {
  const { key, name, frame } = parts[row]!
  return {
    key,
    name,
    place: framePlace(recording, frame),
    link: frameLink(recording, frame),
    self: self[row]!,
    total: total[row]!,
    samples: samples[row]!
  }
}
