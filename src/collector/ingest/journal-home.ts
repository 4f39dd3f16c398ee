// Where collectors keep their journals, and find those of collectors that are gone: a folder, or objects of a bucket.
import type { Lease } from '../store/journal-lease.ts'
import type { JournalOptions } from './journal.ts'

export interface JournalHome {
  /** Leases are renewed and orphans looked for that often. */
  readonly renewEveryMs: number
  /** A new one, ours. */
  create(): Promise<OwnedJournal>
  /** All there are, whoever has them. */
  list(): Promise<KeptJournal[]>
  /** Ids of those whose collectors may be gone. */
  orphans(): Promise<string[]>
  /** Takes it over; undefined where somebody has it. */
  take(id: string): Promise<OwnedJournal | undefined>
}

export interface KeptJournal {
  readonly id: string
  /** In the order in which they were written. */
  files(): Promise<string[]>
  /** `not-found`, or the system's ENOENT, once its owner deleted it. */
  read(file: string): Promise<Uint8Array>
}

export interface OwnedJournal extends KeptJournal {
  readonly lease: Lease
  /** How to write more of it. */
  readonly writing: JournalOptions
  /** Moves a file out of the way, for people to look at; where it is now. */
  setAside(file: string): Promise<string>
  /** Deletes its files and gives it back. */
  remove(): Promise<void>
}
