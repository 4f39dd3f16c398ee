// What is worth a look: one sentence with its figures, and the ways to where it is seen. Every finder looks at one thing, in
// one pass over one table, and gives the worst few; nothing where nothing is wrong.
import type { CodeParts } from '../../recording/code-parts.ts'
import type { EndpointShares } from '../../recording/endpoint-shares.ts'
import type { Recording } from '../../recording/schema.ts'
import type { SpanIndex } from '../../recording/span-index.ts'
import type { StackWeights } from '../../recording/stack-weights.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import type { SpansOfName } from './spans-by-name.ts'

export interface Finding {
  readonly kind:
    | 'blocked loop'
    | 'held up'
    | 'hot function'
    | 'hot package'
    | 'slow load'
    | 'failed'
    | 'slow'
    | 'one by one'
    | 'garbage'
    | 'memory'
    | 'not recorded'
  /** Plain text. */
  readonly text: string
  /** ns that were not spent without it, at most; 0 for what costs no time. */
  readonly cost: number
  readonly places: readonly FindingPlace[]
}

export type FindingPlace =
  | { readonly kind: 'range'; readonly range: TimeRange }
  | { readonly kind: 'span'; readonly traceId: string; readonly spanId: string }
  /** `key` of a log entry. */
  | { readonly kind: 'log'; readonly log: string }
  /** What finds functions in the flame graph. */
  | { readonly kind: 'calls'; readonly search: string }
  /** Key of a part of the code. */
  | { readonly kind: 'part'; readonly part: string }
  /** What opens in an editor. */
  | { readonly kind: 'editor'; readonly link: string }

export type ScreenPlace = Exclude<FindingPlace, { kind: 'editor' }>

export interface Looked {
  readonly recording: Recording
  readonly index: SpanIndex
  readonly code: CodeParts
  /** Of the range. */
  readonly weights: StackWeights
  readonly endpoints: readonly EndpointShares[]
  readonly spans: readonly SpansOfName[]
  readonly range: TimeRange
}

export type Finder = (looked: Looked) => Finding[]

/** Of one kind: who wants all of them looks at the lists. */
export const mostOfKind = 3

/** What would save most time first; what costs none comes last. */
export function byCost(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => b.cost - a.cost)
}

/** To the editor where the file is on this machine. */
export function editorPlaces(link: string | undefined): FindingPlace[] {
  return link === undefined ? [] : [{ kind: 'editor', link }]
}
