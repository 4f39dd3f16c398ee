// What is worth a look: one sentence with its figures, and the way to the place. Every finder looks at one thing, in one pass
// over one table, and gives the worst few; nothing where nothing is wrong.
import type { SpanIndex } from '../../recording/span-index.ts'
import type { LoopSums } from '../../recording/loop-of-spans.ts'
import type { Recording } from '../../recording/schema.ts'
import type { FunctionSummary } from '../../recording/summary.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import type { SpansOfName } from './spans-by-name.ts'

export interface Finding {
  readonly kind:
    | 'blocked loop'
    | 'failed'
    | 'slow'
    | 'one by one'
    | 'held loop'
    | 'hot function'
    | 'hot package'
    | 'modules'
    | 'garbage'
    | 'memory'
    | 'lost'
  /** Plain text. */
  readonly text: string
  readonly place?: FindingPlace
}

export type FindingPlace =
  | { readonly kind: 'range'; readonly range: TimeRange }
  | { readonly kind: 'span'; readonly traceId: string; readonly spanId: string }
  /** Found on the timeline. */
  | { readonly kind: 'search'; readonly text: string }

export interface Looked {
  readonly recording: Recording
  readonly index: SpanIndex
  readonly range: TimeRange
  readonly spans: readonly SpansOfName[]
  /** Who held the event loop meanwhile, for each of those. */
  readonly loop: readonly LoopSums[]
  /** By time in themselves, the longest first. */
  readonly functions: readonly FunctionSummary[]
}

export type Finder = (looked: Looked) => Finding[]

/** Of one kind: who wants all of them looks at the lists. */
export const mostOfKind = 3
