// Journals as objects of a store with a catalog: journal/<id>/<number>.journal, one for each commit. Whoever has the
// lease of a journal may write to it; the store refuses all others.
import type { CatalogLease, CatalogLeases } from '../store/catalog-leases.ts'
import { journalLease } from '../store/catalog-leases.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { newJournalId } from './journal-folder.ts'
import type { JournalFile } from './journal-file.ts'
import type { JournalHome, KeptJournal, OwnedJournal } from './journal-home.ts'

/** Each commit is a put that costs: what comes meanwhile goes along with the next. */
const commitEveryMs = 250
const prefix = 'journal/'

export function objectJournals(store: ObjectStore, leases: CatalogLeases): JournalHome {
  const kept = (id: string): KeptJournal => ({
    id,
    files: async () =>
      (await store.list(`${prefix}${id}/`)).map(({ key }) => key).filter(key => key.endsWith('.journal')),
    read: async key => {
      const found = (await store.list(`${prefix}${id}/`)).find(object => object.key === key)
      return store.getRange(key, 0, found?.bytes ?? 1)
    }
  })
  const own = (id: string, lease: CatalogLease): OwnedJournal => {
    const journal = kept(id)
    let told: Promise<boolean> | undefined
    const isTold = (): Promise<boolean> => {
      told ??= lease.renew()
      told.catch(() => (told = undefined))
      return told
    }
    return {
      ...journal,
      lease,
      writing: {
        folder: prefix + id,
        openFile: async key => (await isTold(), openObject(store, key)),
        removeFile: key => store.delete(key),
        rotateBytes: 0,
        commitEveryMs
      },
      async setAside(key) {
        const aside = `${key.replace(/\.journal$/, '')}.damaged`
        await store.putIfAbsent(aside, await journal.read(key))
        await store.delete(key)
        return aside
      },
      async remove() {
        if (!(await lease.renew())) return
        for (const key of await journal.files()) await store.delete(key)
        await lease.remove()
      }
    }
  }
  return {
    renewEveryMs: leases.lapsesAfterMs / 6,
    create() {
      const id = newJournalId()
      return Promise.resolve(own(id, leases.takeNew(journalLease(id))))
    },
    async list() {
      const ids = new Set((await store.list(prefix)).map(({ key }) => key.split('/')[1]!))
      return [...ids].sort().map(kept)
    },
    async orphans() {
      return (await leases.lapsed(prefix)).map(name => name.slice(prefix.length))
    },
    async take(id) {
      const lease = await leases.take(journalLease(id))
      return lease && own(id, lease)
    }
  }
}

/** A file that one sync puts; after a failed one the journal deletes it, in case it got there. */
function openObject(store: ObjectStore, key: string): JournalFile {
  const parts: Uint8Array[] = []
  return {
    append(more) {
      parts.push(...more)
      return Promise.resolve()
    },
    async sync() {
      await store.putIfAbsent(key, Buffer.concat(parts))
    },
    truncate: () => Promise.resolve(),
    close: () => Promise.resolve()
  }
}
