import { join } from 'node:path'
import { makeFolder } from '../store/durable-folder.ts'
import { takeLease } from '../store/journal-lease.ts'
import type { Lease } from '../store/journal-lease.ts'

/** The right to compact the store of a folder; undefined while another process that lives has it. */
export async function takeCompactionTurn(root: string): Promise<Lease | undefined> {
  const folder = join(root, 'compaction')
  await makeFolder(folder)
  return takeLease(folder)
}
