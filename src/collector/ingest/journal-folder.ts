// The folders of a store's journals: journal/<id>, one for each collector that runs or was killed.
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rmdir, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { MicrologError, systemCode } from '../../base/errors.ts'
import { folderMode, makeFolder, syncFolder } from '../store/durable-folder.ts'
import { leaseLapsesAfterMs, takeLease } from '../store/journal-lease.ts'
import type { Lease } from '../store/journal-lease.ts'
import type { JournalHome, KeptJournal, OwnedJournal } from './journal-home.ts'

interface JournalFolder {
  id: string
  path: string
  lease: Lease
}

const journalId = /^[0-9a-z]{16}$/
const journalFile = /^\d{9}\.journal$/

/** In the folder of a store, or for a bucket without a catalog in one of this machine. */
export function folderJournals(root: string): JournalHome {
  const pathOf = (id: string): string => join(journalsFolder(root), id)
  const kept = ({ id, path }: Pick<JournalFolder, 'id' | 'path'>): KeptJournal => ({
    id,
    files: () => listJournalFiles({ path }),
    read: file => readFile(file)
  })
  const owned = (folder: JournalFolder): OwnedJournal => ({
    ...kept(folder),
    lease: folder.lease,
    writing: { folder: folder.path },
    setAside: file => setAside(root, folder, file),
    remove: () => removeJournalFolder(folder)
  })
  return {
    renewEveryMs: leaseLapsesAfterMs / 6,
    create: async () => owned(await createJournalFolder(root)),
    list: async () => (await listJournals(root)).map(id => kept({ id, path: pathOf(id) })),
    orphans: () => listJournals(root),
    async take(id) {
      const lease = await takeLease(pathOf(id))
      return lease && owned({ id, path: pathOf(id), lease })
    }
  }
}

function journalsFolder(root: string): string {
  return join(root, 'journal')
}

/** A new folder with an id of its own: the time, so that ids sort by it, and chance. */
async function createJournalFolder(root: string): Promise<JournalFolder> {
  const parent = journalsFolder(root)
  await makeFolder(parent)
  for (let attempt = 0; attempt < 8; attempt++) {
    const id = newJournalId()
    const path = join(parent, id)
    await mkdir(path, { mode: folderMode })
    await syncFolder(parent)
    const lease = await takeLease(path)
    // Without it, a collector that starts right now took the empty folder for an orphan.
    if (lease) return { id, path, lease }
  }
  throw new MicrologError(
    'conflict',
    `Expected a new folder in ${parent} to be ours: others take each of them`
  )
}

/** The time, so that ids sort by it, and chance. */
export function newJournalId(): string {
  const time = Date.now().toString(36).padStart(9, '0').slice(-9)
  const chance = BigInt(`0x${randomBytes(5).toString('hex')}`)
    .toString(36)
    .padStart(7, '0')
  return time + chance.slice(-7)
}

/** Ids of all journals, whoever has them. */
async function listJournals(root: string): Promise<string[]> {
  const names = await readdir(journalsFolder(root)).catch(missingAsNone)
  return names.filter(name => journalId.test(name)).sort()
}

/** Paths of its files in the order in which they were written. */
async function listJournalFiles({ path }: Pick<JournalFolder, 'path'>): Promise<string[]> {
  const names = await readdir(path)
  return names
    .filter(name => journalFile.test(name))
    .sort()
    .map(name => join(path, name))
}

/** Moves a file out of the way, for people to look at; gives its new path. */
async function setAside(root: string, folder: JournalFolder, path: string): Promise<string> {
  const parent = join(root, 'damaged')
  await makeFolder(parent)
  const name = basename(path)
  const target = join(parent, `${folder.id}-${name}.damaged`)
  await rename(path, target)
  await syncFolder(parent)
  return target
}

/** Deletes the journal's files and, unless somebody else put something there, its folder. */
async function removeJournalFolder(folder: JournalFolder): Promise<void> {
  const names = await readdir(folder.path).catch(missingAsNone)
  const ours = names.filter(name => journalFile.test(name) || name.startsWith('draft.'))
  for (const name of ours) await unlink(join(folder.path, name))
  await folder.lease.release()
  try {
    await rmdir(folder.path)
  } catch (thrown) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(systemCode(thrown))) throw thrown
  }
}

function missingAsNone(thrown: unknown): string[] {
  if (systemCode(thrown) === 'ENOENT' || systemCode(thrown) === 'ENOTDIR') return []
  throw thrown
}
