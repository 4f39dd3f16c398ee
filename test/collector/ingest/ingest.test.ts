import { expect, test } from 'vitest'
import { Ingest } from '../../../src/collector/ingest/ingest.ts'
import { folderJournals } from '../../../src/collector/ingest/journal-folder.ts'
import type { JournalHome } from '../../../src/collector/ingest/journal-home.ts'
import { openStore } from '../../../src/collector/open-store.ts'
import { temporaryFolder } from '../temporary-store.ts'

test('a lease that cannot be renewed is told of, though all else goes well', async () => {
  const root = temporaryFolder()
  const home = folderJournals(root)
  const told: string[][] = []
  let onSecond = (): void => {}
  const second = new Promise<void>(resolve => (onSecond = resolve))
  const journals: JournalHome = {
    ...home,
    renewEveryMs: 0,
    async create() {
      const own = await home.create()
      const renew = (): Promise<boolean> => {
        if (told.push(ingest.problems()) === 2) onSecond()
        return Promise.reject(new Error('no answer'))
      }
      return { ...own, lease: { ...own.lease, renew } }
    }
  }
  const { catalog } = await openStore(root)
  const ingest = await Ingest.start({ root, journals, catalog, sealAfterMs: 1 })
  await second
  await ingest.close()
  expect(told[1]).toEqual(["The journal's lease can't be renewed: no answer"])
})
