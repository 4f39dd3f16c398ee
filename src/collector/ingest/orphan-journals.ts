// The journals of collectors that are gone: replayed, and kept for a few minutes more, so that a sender's retry of
// what had been answered is still known if this collector dies, too.
import { MicrologError, messageOf, systemCode } from '../../base/errors.ts'
import type { ReadOutcome } from '../../otlp/sink.ts'
import type { Catalog } from '../store/catalog.ts'
import { decodeJournal } from './journal-entry.ts'
import type { JournalEntry } from './journal-entry.ts'
import type { JournalHome, OwnedJournal } from './journal-home.ts'
import type { SealLimits } from './open-recordings.ts'
import { digestOfRequest } from './recent-requests.ts'
import type { RecentRequests } from './recent-requests.ts'
import { replayJournal } from './replay-journal.ts'
import { requestPath } from './read-request.ts'

export interface OrphanContext {
  journals: JournalHome
  catalog: Catalog
  limits: SealLimits
  /** Id of this collector's own journal. */
  own: string
  recent: RecentRequests<ReadOutcome>
}

/** How long after its last entry a journal goes, ms; a retry that comes later is not known any more. */
const keepMs = 120_000
/** What was damaged is told of this often; the rest is only counted. */
const toldDamages = 20

export class OrphanJournals {
  readonly #context: OrphanContext
  #adopted: { journal: OwnedJournal; lastMs: number }[] = []
  #damages: string[] = []
  #damageCount = 0
  #failure: string | undefined

  constructor(context: OrphanContext) {
    this.#context = context
  }

  problems(): string[] {
    const more = this.#damageCount - this.#damages.length
    return [
      ...(this.#failure === undefined ? [] : [this.#failure]),
      ...this.#damages,
      ...(more > 0 ? [`… and ${more} more of that kind`] : [])
    ]
  }

  /** Never throws: a journal that can't be taken over now stays where it is, for the next time. */
  async adopt(): Promise<void> {
    this.#failure = undefined
    const known = this.#known()
    try {
      for (const id of await this.#context.journals.orphans()) if (!known.has(id)) await this.#adoptOne(id)
      await this.#removeOld(Date.now())
    } catch (thrown) {
      this.#failure = `Journals that others left can't be taken over: ${messageOf(thrown)}`
    }
  }

  /**
   * Learns which requests others answered in the last minutes, or took over from a collector that died: their senders may
   * not have heard it, and send them again here. Never throws.
   */
  async learnFromOthers(): Promise<void> {
    const { journals, recent } = this.#context
    const known = this.#known()
    try {
      for (const journal of await journals.list()) {
        if (known.has(journal.id)) continue
        for (const path of await journal.files()) {
          for (const entry of decodeJournal(await journal.read(path)).entries) rememberEntry(entry, recent)
        }
      }
    } catch (thrown) {
      // Theirs may go at any time, and with it what is left to learn.
      const isGone = thrown instanceof MicrologError && thrown.code === 'not-found'
      if (!isGone && systemCode(thrown) !== 'ENOENT')
        this.#failure = `Others' journals can't be read: ${messageOf(thrown)}`
    }
  }

  /** Renews the leases, looks for new ones, and deletes what is old enough. */
  async upkeep(): Promise<void> {
    for (const { journal } of this.#adopted) await journal.lease.renew()
    await this.adopt()
  }

  /** Leaves what is not old enough to the next collector. */
  async close(): Promise<void> {
    await this.#removeOld(Date.now())
    const ends = await Promise.allSettled(this.#adopted.map(({ journal }) => journal.lease.release()))
    this.#adopted = []
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }

  /** Of journals that are ours, the new one and those of others. */
  #known(): ReadonlySet<string> {
    return new Set([this.#context.own, ...this.#adopted.map(({ journal }) => journal.id)])
  }

  /** Never throws: what is wrong with one journal costs the others nothing. */
  async #adoptOne(id: string): Promise<void> {
    const { journals, catalog, limits, recent } = this.#context
    let journal: OwnedJournal | undefined
    try {
      journal = await journals.take(id)
      if (!journal) return
      const lastMs = await replayJournal(journal, {
        catalog,
        limits,
        onEntry: entry => rememberEntry(entry, recent),
        onDamage: message => this.#note(message)
      })
      this.#adopted.push({ journal, lastMs })
    } catch (thrown) {
      this.#failure = `The journal ${id} can't be taken over now: ${messageOf(thrown)}`
      await journal?.lease.release().catch((second: unknown) => {
        this.#failure += `; nor given back: ${messageOf(second)}`
      })
    }
  }

  /** Never throws: one that can't be removed now stays ours, for the next time. */
  async #removeOld(nowMs: number): Promise<void> {
    for (const adopted of this.#adopted) {
      const { journal, lastMs } = adopted
      if (Math.abs(nowMs - lastMs) < keepMs) continue
      try {
        await journal.remove()
        this.#adopted = this.#adopted.filter(other => other !== adopted)
      } catch (thrown) {
        this.#failure = `The journal ${journal.id} can't be removed: ${messageOf(thrown)}`
      }
    }
  }

  #note(message: string): void {
    this.#damageCount++
    if (this.#damages.length < toldDamages) this.#damages.push(message)
  }
}

function rememberEntry(entry: JournalEntry, recent: RecentRequests<ReadOutcome>): void {
  const nowMs = Date.now()
  if (Math.abs(nowMs - entry.receivedMs) > 2 * keepMs) return
  const outcome = Promise.resolve({ accepted: 0, rejected: 0, message: '' })
  recent.remember(digestOfRequest(requestPath(entry), entry.body), outcome, nowMs)
}
