import type { Table } from '../../recording/schema.ts'
import { SpanRows } from './span-rows.ts'

/** For each span how many of those above it are in the table; spans that are above each other count from where one looks. */
export function depthsOfSpans(spans: Table<'spans'>): Int32Array {
  const rows = new SpanRows(spans)
  const depths = new Int32Array(spans.length).fill(unknown)
  const path: number[] = []
  for (let row = 0; row < spans.length; row++) {
    let above = row
    while (above >= 0 && depths[above] === unknown) {
      depths[above] = 0
      path.push(above)
      above = rows.find(spans.parentSpanId, above)
    }
    let depth = above < 0 ? 0 : depths[above]! + 1
    for (let below = path.pop(); below !== undefined; below = path.pop()) depths[below] = depth++
  }
  return depths
}

const unknown = -1
