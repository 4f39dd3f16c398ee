// The spans of a stretch by their operations: a table, and what finders compare a span with.
import type { Recording } from '../../recording/schema.ts'
import { spanOperations } from '../../recording/span-operations.ts'
import type { TimeRange } from '../../recording/time-range.ts'

export interface SpansOfName {
  /** See spanOperations. */
  readonly name: string
  /** Rows of `spans` that ended, the shortest first. */
  readonly rows: readonly number[]
  readonly errors: number
  /** ns. */
  readonly total: number
  readonly median: number
  readonly p95: number
  readonly longest: number
}

/** Those that began in the range; the names that took most time together first. */
export function spansByName(recording: Recording, range: TimeRange): SpansOfName[] {
  const { spans } = recording
  const { names, of } = spanOperations(recording)
  const rowsOf = new Map<number, number[]>()
  for (let row = 0; row < spans.length; row++) {
    const start = spans.start[row]!
    if (!(start >= range.from && start <= range.to && spans.end[row]! >= start)) continue
    const known = rowsOf.get(of[row]!)
    if (known) known.push(row)
    else rowsOf.set(of[row]!, [row])
  }
  const durationOf = (row: number): number => spans.end[row]! - spans.start[row]!
  return [...rowsOf]
    .map(([operation, rows]) => {
      const sorted = rows.sort((a, b) => durationOf(a) - durationOf(b))
      const atShare = (share: number): number => durationOf(sorted[Math.ceil(share * sorted.length) - 1]!)
      return {
        name: names[operation]!,
        rows: sorted,
        errors: sorted.reduce((count, row) => count + Number(spans.statusCode[row] === 2), 0),
        total: sorted.reduce((sum, row) => sum + durationOf(row), 0),
        median: atShare(0.5),
        p95: atShare(0.95),
        longest: atShare(1)
      }
    })
    .sort((a, b) => b.total - a.total)
}
