// The paths of traces, from docs/format.md alone.
import type { Segment } from './read-segment.ts'

/** By trace, '' for none; undefined where the segment has none by themselves. */
export function readTracePaths({ blocks, traces }: Segment): string[] | undefined {
  const block = blocks.find(({ kind }) => kind === 17)
  if (!block) return undefined
  const paths = ['', ...block.content.text().split('\n')]
  return block.content.column(traces.length).map(row => paths[row]!)
}
