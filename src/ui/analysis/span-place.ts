import { spanIdAt, traceIdAt } from '../../recording/ids.ts'
import type { Recording } from '../../recording/schema.ts'
import type { FindingPlace } from './finding.ts'

/** @param row of `spans` */
export function placeOfSpan({ spans }: Recording, row: number): FindingPlace {
  return { kind: 'span', traceId: traceIdAt(spans.traceId, row), spanId: spanIdAt(spans.spanId, row) }
}
