// Brings back what a collector that is gone had answered for and not yet sealed: its journal is read file by file,
// what segments hold already is skipped, and the rest becomes segments at once. Damage is set aside, never fatal.
import { basename } from 'node:path'
import { MicrologError, messageOf } from '../../base/errors.ts'
import type { JournalRange } from '../../format/index.ts'
import type { Catalog } from '../store/catalog.ts'
import { decodeJournal } from './journal-entry.ts'
import type { JournalEntry } from './journal-entry.ts'
import type { OwnedJournal } from './journal-home.ts'
import { OpenRecordings } from './open-recordings.ts'
import type { SealLimits } from './open-recordings.ts'
import { readRequest } from './read-request.ts'
import { Sealer } from './sealer.ts'

export interface ReplayContext {
  catalog: Catalog
  limits: SealLimits
  /** Each entry, kept or not, so that its retry is known. */
  onEntry(entry: JournalEntry): void
  /** Something was damaged: where it is now, and what that means. */
  onDamage(message: string): void
}

/** When its last entry came, Unix ms; 0 for an empty journal. Throws what the store throws: then try again later. */
export async function replayJournal(journal: OwnedJournal, context: ReplayContext): Promise<number> {
  // What was deleted until its collector died is deleted.
  context.catalog.refresh()
  const open = new OpenRecordings(context.limits)
  const sealer = new Sealer(open, journal.id, context.catalog)
  const sealed = new SealedPlaces(context.catalog, journal.id)
  const damaged: string[] = []
  let lastMs = 0
  for (const path of await journal.files()) {
    const content = decodeJournal(await journal.read(path))
    if (content.damagedBytes > 0) {
      damaged.push(path)
      context.onDamage(`${content.damagedBytes} bytes of ${journal.id}/${basename(path)} hold no whole entry`)
    }
    for (const entry of content.entries) {
      context.onEntry(entry)
      lastMs = Math.max(lastMs, entry.receivedMs)
      try {
        await replayEntry(entry, sealed, open)
      } catch (thrown) {
        // What the store can't tell now says nothing about the entry.
        if (!(thrown instanceof MicrologError) || thrown.code === 'unavailable') throw thrown
        if (!damaged.includes(path)) damaged.push(path)
        context.onDamage(`An entry of ${journal.id}/${basename(path)} can't be read: ${messageOf(thrown)}`)
      }
      await sealer.run()
    }
  }
  open.closeDue(0, true)
  await sealer.run()
  for (const path of damaged) context.onDamage(`Set aside as ${await journal.setAside(path)}`)
  return lastMs
}

/** What of a journal is in segments already: asked once for each recording, since replaying only adds what lies behind. */
class SealedPlaces {
  readonly #catalog: Catalog
  readonly #journal: string
  readonly #known = new Map<string, { ranges: JournalRange[]; deleted: boolean }>()

  constructor(catalog: Catalog, journal: string) {
    this.#catalog = catalog
    this.#journal = journal
  }

  /** True for what still has to be sealed: not there yet, and not deleted. */
  async isMissing(recording: string, position: number): Promise<boolean> {
    let known = this.#known.get(recording)
    if (!known) {
      const ranges = await this.#catalog.rangesOf(recording, this.#journal)
      known = { ranges, deleted: await this.#catalog.isDeleted(recording) }
      this.#known.set(recording, known)
    }
    return !known.deleted && !known.ranges.some(({ from, to }) => from <= position && position < to)
  }
}

async function replayEntry(entry: JournalEntry, sealed: SealedPlaces, open: OpenRecordings): Promise<void> {
  const missing: boolean[] = []
  for (const [i, recording] of entry.recordings.entries()) {
    missing.push(await sealed.isMissing(recording, entry.position + i))
  }
  if (!missing.includes(true)) return
  const { slices } = await readRequest(entry, { receivedMs: entry.receivedMs })
  for (const [i, recording] of entry.recordings.entries()) {
    const slice = slices[i]
    if (missing[i] && slice) open.add({ ...slice, recording }, entry.position + i, entry.receivedMs)
  }
}
