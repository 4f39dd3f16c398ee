import { cpSync, existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Ingest } from '../../../src/collector/ingest/ingest.ts'
import { folderJournals, newJournalId } from '../../../src/collector/ingest/journal-folder.ts'
import type { JournalHome } from '../../../src/collector/ingest/journal-home.ts'
import { OrphanJournals } from '../../../src/collector/ingest/orphan-journals.ts'
import { RecentRequests, digestOfRequest } from '../../../src/collector/ingest/recent-requests.ts'
import { requestPath } from '../../../src/collector/ingest/read-request.ts'
import { openStore } from '../../../src/collector/open-store.ts'
import type { ReadOutcome } from '../../../src/otlp/sink.ts'
import { spansRequest } from '../span-sender.ts'
import { storedSpanIds } from '../stored-spans.ts'
import { temporaryFolder } from '../temporary-store.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

/** The journal of a collector that took a request just now and then stopped to be; its folder. */
async function leaveJournal(root: string, spanId: string): Promise<string> {
  const living = temporaryFolder()
  const { catalog } = await openStore(living)
  const ingest = await Ingest.start({ root: living, catalog, sealAfterMs: 60_000 })
  const body = Buffer.from(spansRequest([spanId], 'orphan'))
  await ingest.accept({ signal: 'traces', encoding: 'json', coding: 'identity', body })
  const [id] = readdirSync(join(living, 'journal'))
  const folder = join(root, 'journal', id!)
  mkdirSync(folder, { recursive: true })
  cpSync(join(living, 'journal', id!, '000000001.journal'), join(folder, '000000001.journal'))
  await ingest.close()
  return folder
}

async function openOrphans(
  root: string,
  recent = new RecentRequests<ReadOutcome>()
): Promise<OrphanJournals> {
  const { catalog } = await openStore(root)
  return new OrphanJournals({
    journals: folderJournals(root),
    catalog,
    limits: { afterMs: 60_000, weight: 1000 },
    own: '',
    recent
  })
}

const isHeld = (folder: string): boolean => readdirSync(folder).some(name => name.startsWith('lease.'))

test('a journal that cannot be removed costs another one nothing, and goes once it can be', async () => {
  const root = temporaryFolder()
  const stuck = await leaveJournal(root, '1111111111111111')
  // A folder where a file of ours would be: it can't be unlinked.
  mkdirSync(join(stuck, 'draft.1'))
  const orphans = await openOrphans(root)
  await orphans.adopt()
  expect(orphans.problems()).toEqual([])

  vi.setSystemTime(Date.now() + 180_000)
  const other = await leaveJournal(root, '2222222222222222')
  await orphans.adopt()
  expect(orphans.problems()).toEqual([expect.stringContaining("can't be removed")])
  expect(isHeld(other)).toBe(true)

  rmdirSync(join(stuck, 'draft.1'))
  await orphans.upkeep()
  expect(orphans.problems()).toEqual([])
  expect(existsSync(stuck)).toBe(false)
  expect(isHeld(other)).toBe(true)
  await orphans.close()
  expect(isHeld(other)).toBe(false)
})

test('a journal that cannot be given back at the end keeps nothing from being sealed', async () => {
  const root = temporaryFolder()
  await leaveJournal(root, '1111111111111111')
  const home = folderJournals(root)
  const journals: JournalHome = {
    ...home,
    async take(id) {
      const taken = await home.take(id)
      const release = (): Promise<void> => Promise.reject(new Error('not now'))
      return taken && { ...taken, lease: { ...taken.lease, release } }
    }
  }
  const { catalog } = await openStore(root)
  const ingest = await Ingest.start({ root, journals, catalog, sealAfterMs: 60_000 })
  const body = Buffer.from(spansRequest(['2222222222222222'], 'own'))
  await ingest.accept({ signal: 'traces', encoding: 'json', coding: 'identity', body })
  await expect(ingest.close()).rejects.toThrow('not now')
  expect((await storedSpanIds(root)).sort()).toEqual(['1111111111111111', '2222222222222222'])
})

test('journals that cannot be taken over cost the others nothing', async () => {
  const root = temporaryFolder()
  await leaveJournal(root, '1111111111111111')
  vi.setSystemTime(Date.now() + 1000)
  // By its name it is between the others; it can't be read, since it is no folder.
  const unreadable = newJournalId()
  writeFileSync(join(root, 'journal', unreadable), '')
  vi.setSystemTime(Date.now() + 1000)
  await leaveJournal(root, '2222222222222222')
  const orphans = await openOrphans(root)
  await orphans.adopt()
  expect(orphans.problems()).toEqual([
    expect.stringContaining(`${unreadable} can't be taken over now: ENOTDIR`)
  ])
  expect(await storedSpanIds(root)).toEqual(['1111111111111111', '2222222222222222'])
  await orphans.close()
})

test.each([
  [0, true],
  [240_000, true],
  [240_001, false]
])('a request that another answered %i ms ago is known: %s', async (ageMs, isKnown) => {
  const root = temporaryFolder()
  await leaveJournal(root, '1111111111111111')
  const recent = new RecentRequests<ReadOutcome>()
  const orphans = await openOrphans(root, recent)
  const request = { signal: 'traces', encoding: 'json', coding: 'identity' } as const
  const body = Buffer.from(spansRequest(['1111111111111111'], 'orphan'))
  vi.setSystemTime(Date.now() + ageMs)
  await orphans.adopt()
  expect(recent.find(digestOfRequest(requestPath(request), body)) !== undefined).toBe(isKnown)
  await orphans.close()
})
