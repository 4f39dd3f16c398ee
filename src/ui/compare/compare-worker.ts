// Compares two recordings beside the page: of a million samples that takes a second.
import type { Recording } from '../../recording/schema.ts'
import { buildComparison } from './build-comparison.ts'
import type { Comparison } from './build-comparison.ts'

export interface CompareRequest {
  /** Told again with the answer. */
  number: number
  /** Those that have changed since the last one. */
  sides: { a?: Recording; b?: Recording }
}

export interface CompareAnswer {
  number: number
  comparison: Comparison
}

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<CompareRequest>) => void
  postMessage(answer: CompareAnswer): void
}
let known: CompareRequest['sides'] = {}

scope.onmessage = ({ data: { number, sides } }) => {
  known = { ...known, ...sides }
  if (known.a && known.b) scope.postMessage({ number, comparison: buildComparison(known.a, known.b) })
}
