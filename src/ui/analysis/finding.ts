// What is worth a look: one sentence with its figures, and the ways to where it is seen. Every finder looks at one thing, in
// one pass over one table, and gives the worst few; nothing where nothing is wrong.
import type { CodeParts } from '../../recording/code-parts.ts'
import type { EndpointShares } from '../../recording/endpoint-shares.ts'
import { shortFile } from '../../recording/frame-names.ts'
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
  /** The code or the span whose time that is, and what holds it: findings about one of them tell of the same time. */
  readonly within?: readonly string[]
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

export interface OrderedFinding extends Finding {
  /** Whether its time is counted in that of a finding before it. */
  readonly isPart: boolean
}

/** What would save most time first, what costs none last, and right behind a finding those whose time is a part of its. */
export function byCost(findings: readonly Finding[]): OrderedFinding[] {
  // Of equal cost a package comes before the function that all its time is in.
  const left = findings.toSorted(
    (a, b) => b.cost - a.cost || (a.within?.length ?? 0) - (b.within?.length ?? 0)
  )
  const ordered: OrderedFinding[] = []
  for (let whole = left.shift(); whole; whole = left.shift()) {
    ordered.push({ ...whole, isPart: false })
    const subject = whole.within?.[0]
    for (let i = 0; subject !== undefined && i < left.length;) {
      const isPart = left[i]!.cost > 0 && left[i]!.within?.includes(subject)
      if (isPart) ordered.push({ ...left.splice(i, 1)[0]!, isPart: true })
      else i++
    }
  }
  return ordered
}

/** Of a function, for `within`. @param file its path or URL */
export function functionSubject(name: string, file: string): string {
  return `function ${name} ${shortFile(file)}`
}

/** To the editor where the file is on this machine. */
export function editorPlaces(link: string | undefined): FindingPlace[] {
  return link === undefined ? [] : [{ kind: 'editor', link }]
}
