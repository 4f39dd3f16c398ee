// Which segments of a recording don't count, because a compacted one has all that they hold. Pure: every collector that
// sees the same names comes to the same answer, and at each moment each row counts once.
import type { SegmentMeta } from '../../format/index.ts'
import { compactedLevels, levelOf, segmentId } from './keys.ts'

/** What a compacted segment says it was put together from. */
export interface CompactedClaim {
  id: string
  /** When it was put, as the store says. */
  storedMs: number
  meta: Pick<SegmentMeta, 'journals' | 'replaces'>
}

/**
 * By the id of each segment that doesn't count, also of those that are gone, the one that stands for it. Of two compacted
 * segments that share something and don't name each other, the one of the lower level doesn't count, else the one that
 * came later. What only that one had still lies where it was: nothing is deleted for a segment that never counted.
 */
export function replacedSegments(claims: readonly CompactedClaim[]): Map<string, string> {
  const replaced = new Map<string, string>()
  for (const claim of inOrder(claims)) {
    const own = idsOf(claim)
    const rival = replaced.get(claim.id) ?? own.map(id => replaced.get(id)).find(Boolean)
    if (rival !== undefined) replaced.set(claim.id, rival)
    else for (const id of own) replaced.set(id, claim.id)
  }
  return replaced
}

/** Each before those that it names. */
function* inOrder(claims: readonly CompactedClaim[]): Generator<CompactedClaim> {
  let left = claims.toSorted(
    (a, b) => rank(b.id) - rank(a.id) || a.storedMs - b.storedMs || (a.id < b.id ? -1 : 1)
  )
  while (left.length > 0) {
    const named = new Set(left.flatMap(({ meta }) => meta.replaces ?? []))
    const first = left.filter(({ id }) => !named.has(id))
    yield* first.length > 0 ? first : left
    left = first.length > 0 ? left.filter(({ id }) => named.has(id)) : []
  }
}

function idsOf({ meta }: CompactedClaim): string[] {
  const sealed = (meta.journals ?? []).map(({ file, from, to }) => segmentId(file, from, to))
  return [...sealed, ...(meta.replaces ?? [])]
}

function rank(id: string): number {
  return (compactedLevels as readonly (string | undefined)[]).indexOf(levelOf(id))
}
