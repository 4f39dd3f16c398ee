import { spanIdAt, traceIdAt } from '../../recording/ids.ts'
import type { Recording } from '../../recording/schema.ts'
import type { ScreenPlace } from './finding.ts'

/** @param row of `spans` */
export function placeOfSpan({ spans }: Recording, row: number): ScreenPlace {
  return { kind: 'span', traceId: traceIdAt(spans.traceId, row), spanId: spanIdAt(spans.spanId, row) }
}
