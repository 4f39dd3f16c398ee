// The right to compact a store: one process at a time has it, so that nothing is put together twice. Losing it amid the
// work costs that work only: what two put together at once counts once.
import { join } from 'node:path'
import { makeFolder } from '../store/durable-folder.ts'
import { takeLease } from '../store/journal-lease.ts'
import type { Lease } from '../store/journal-lease.ts'
import { takeObjectLease } from '../store/object-lease.ts'
import type { ObjectStore } from '../store/object-store.ts'

/** Of the store of a folder; undefined while another process that lives has it. */
export async function takeCompactionTurn(root: string): Promise<Lease | undefined> {
  const folder = join(root, 'compaction')
  await makeFolder(folder)
  return takeLease(folder)
}

/** Of a bucket's; undefined while another process has it that renewed it lately. */
export function takeBucketTurn(store: ObjectStore): Promise<Lease | undefined> {
  return takeObjectLease(store, 'compaction/')
}
