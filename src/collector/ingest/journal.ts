// The journal of one collector: requests are answered once their bytes are on disk here. Commits clock themselves:
// whatever came while one sync ran goes out with the next. After a failed sync a file is never synced again, since
// the kernel may report success for pages it has dropped; a new file takes over.
import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Histogram } from 'prom-client'
import { MicrologError, messageOf, systemCode } from '../../base/errors.ts'
import { encodeJournalEntry, journalMagic } from './journal-entry.ts'
import type { JournalEntry } from './journal-entry.ts'
import { openJournalFile } from './journal-file.ts'
import type { JournalFile, OpenJournalFile } from './journal-file.ts'

export interface JournalOptions {
  /** An existing folder that is this journal's alone. */
  folder: string
  openFile?: OpenJournalFile
  /** A file is closed once it is that large. */
  rotateBytes?: number
  /** … or that old, so that it can go. */
  rotateAfterMs?: number
  removeFile?: (path: string) => Promise<void>
  /** Commits begin no closer to each other; what comes meanwhile goes along. */
  commitEveryMs?: number
  /** How long a file stays after its last entry, so that a retry of an answered request is known after a crash. */
  keepMs?: number
}

interface Waiting {
  entry: JournalEntry
  /** By the monotonic clock. */
  sinceMs: number
  onDurable: () => void
  resolve: () => void
  reject: (reason: unknown) => void
}

interface OpenFile {
  path: string
  file: JournalFile
  openedMs: number
  length: number
  /** The place after its last one, and when that came. */
  end: number
  lastMs: number
}

export interface JournalStatistics {
  commits: number
  entries: number
  bytes: number
  failures: number
}

/** Upper bounds, seconds. */
const latencyBuckets = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5]

export class Journal {
  readonly statistics: JournalStatistics = { commits: 0, entries: 0, bytes: 0, failures: 0 }
  /** From a request's place in the queue to its bytes on disk. */
  readonly latency = new Histogram({
    name: 'microlog_journal_seconds',
    help: 'From a request to its bytes on disk',
    buckets: latencyBuckets,
    // Whoever tells of it puts it into a registry.
    registers: []
  })
  /** Why the last commit failed; undefined once one has succeeded again. */
  problem: string | undefined
  readonly #options: Required<JournalOptions>
  #queue: Waiting[] = []
  #committing: Promise<void> | undefined
  #current: OpenFile | undefined
  #closed: Pick<OpenFile, 'path' | 'end' | 'lastMs'>[] = []
  #nextFile = 1
  #lastCommitMs = -Infinity
  #nextPosition = 1
  #ended = false

  constructor(options: JournalOptions) {
    this.#options = {
      openFile: openJournalFile,
      removeFile: removeIfThere,
      commitEveryMs: 0,
      rotateBytes: 16 * 1024 * 1024,
      rotateAfterMs: 30_000,
      keepMs: 120_000,
      ...options
    }
  }

  /**
   * Answers once the entry is on disk; `unavailable` if that failed, and then it counts as never sent. `onDurable` is
   * called in the order of the entries, before any of them is answered.
   */
  append(entry: Omit<JournalEntry, 'position'>, onDurable: (position: number) => void): Promise<void> {
    if (this.#ended) return Promise.reject(new MicrologError('unavailable', 'The collector is ending'))
    const position = this.#nextPosition
    this.#nextPosition += entry.recordings.length
    return new Promise((resolve, reject) => {
      this.#queue.push({
        entry: { ...entry, position },
        sinceMs: performance.now(),
        onDurable: () => onDurable(position),
        resolve,
        reject
      })
      this.#committing ??= this.#commitAll()
    })
  }

  /** The place that the next entry takes. */
  get nextPosition(): number {
    return this.#queue[0]?.entry.position ?? this.#nextPosition
  }

  /** Deletes the files whose places all lie below `position` and that are old enough. */
  async trim(position: number, nowMs: number): Promise<void> {
    const { rotateAfterMs, keepMs } = this.#options
    // A clock that was set back makes them old, too.
    if (!this.#committing && this.#current && Math.abs(nowMs - this.#current.openedMs) > rotateAfterMs) {
      await this.#closeCurrent()
    }
    const due = this.#closed.filter(
      ({ end, lastMs }) => end <= position && Math.abs(nowMs - lastMs) >= keepMs
    )
    for (const { path } of due) await this.#remove(path)
  }

  /** Takes no more entries; answers once all are on disk or refused. */
  async close(): Promise<void> {
    this.#ended = true
    await this.#committing
    await this.#closeCurrent()
  }

  async #commitAll(): Promise<void> {
    // What else this turn of the loop brings goes along.
    await undefined
    while (this.#queue.length > 0) {
      const waitMs = this.#lastCommitMs + this.#options.commitEveryMs - performance.now()
      if (waitMs > 0 && !this.#ended) await pause(waitMs)
      this.#lastCommitMs = performance.now()
      const batch = this.#queue
      this.#queue = []
      try {
        await this.#commit(batch)
      } catch (thrown) {
        await this.#abandonCurrent(thrown, batch)
      }
    }
    this.#committing = undefined
  }

  async #commit(batch: Waiting[]): Promise<void> {
    const current = await this.#openCurrent()
    const parts = batch.flatMap(({ entry }) => encodeJournalEntry(entry))
    await current.file.append(parts)
    await current.file.sync()
    const bytes = parts.reduce((sum, part) => sum + part.length, 0)
    const last = batch.at(-1)!.entry
    current.length += bytes
    current.end = last.position + last.recordings.length
    current.lastMs = last.receivedMs
    this.problem = undefined
    this.statistics.commits++
    this.statistics.entries += batch.length
    this.statistics.bytes += bytes
    const durableMs = performance.now()
    for (const { sinceMs } of batch) this.latency.observe((durableMs - sinceMs) / 1000)
    for (const { onDurable } of batch) onDurable()
    for (const { resolve } of batch) resolve()
  }

  async #openCurrent(): Promise<OpenFile> {
    const { folder, openFile, rotateBytes, rotateAfterMs } = this.#options
    const now = Date.now()
    if (this.#current) {
      const { length, openedMs } = this.#current
      if (length < rotateBytes && Math.abs(now - openedMs) < rotateAfterMs) return this.#current
      await this.#closeCurrent()
    }
    const path = join(folder, `${String(this.#nextFile++).padStart(9, '0')}.journal`)
    const file = await openFile(path)
    this.#current = { path, file, openedMs: now, length: journalMagic.length, end: 0, lastMs: now }
    await file.append([journalMagic])
    return this.#current
  }

  /** Nothing of the batch is answered as kept; nothing of it may come back from this file either. */
  async #abandonCurrent(thrown: unknown, batch: Waiting[]): Promise<void> {
    this.statistics.failures++
    this.problem = `The journal can't be written: ${messageOf(thrown)}`
    const current = this.#current
    if (current) {
      try {
        await current.file.truncate(current.length)
      } catch (second) {
        this.problem += `; nor cut back: ${messageOf(second)}`
      }
      await this.#closeCurrent()
      await this.#removeEmpty(current)
    }
    const refusal = new MicrologError('unavailable', this.problem, { cause: thrown })
    for (const { reject } of batch) reject(refusal)
  }

  /** On a disk that is full for long each commit would leave a file with nothing in it. */
  async #removeEmpty(abandoned: OpenFile): Promise<void> {
    if (abandoned.length > journalMagic.length) return
    try {
      await this.#remove(abandoned.path)
    } catch (thrown) {
      this.problem += `; nor deleted: ${messageOf(thrown)}`
    }
  }

  /** One that can't be removed now is tried again with the next ones that are due. */
  async #remove(path: string): Promise<void> {
    await this.#options.removeFile(path)
    this.#closed = this.#closed.filter(file => file.path !== path)
  }

  async #closeCurrent(): Promise<void> {
    const current = this.#current
    if (!current) return
    this.#current = undefined
    this.#closed.push(current)
    try {
      await current.file.close()
    } catch (thrown) {
      // Its bytes were synced, or refused already: nothing depends on this.
      this.problem = `A journal file can't be closed: ${messageOf(thrown)}`
    }
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (thrown) {
    if (systemCode(thrown) !== 'ENOENT') throw thrown
  }
}
