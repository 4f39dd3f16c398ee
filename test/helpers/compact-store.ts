import { Compactor } from '../../src/collector/compaction/compactor.ts'
import { mergeSegments } from '../../src/collector/encoding/merge-segments.ts'
import { takeCompactionTurn } from '../../src/collector/compaction/take-turn.ts'
import { openStore } from '../../src/collector/open-store.ts'

/** Compacts at once what a store has of past hours; in how many batches. */
export async function compactStore(root: string): Promise<number> {
  const { catalog } = await openStore(root)
  const compactor = new Compactor({
    catalog,
    merge: mergeSegments,
    takeTurn: () => takeCompactionTurn(root),
    limits: { hourQuietMs: 0 }
  })
  return (await compactor.run())!.batches.length
}
