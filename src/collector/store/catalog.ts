// What is in a store, by listing it: any number of collectors may write to it, so a listing is only believed for a
// moment. Segments never change; what is known about one by its key stays true.
import { MicrologError, messageOf } from '../../base/errors.ts'
import { openRecording } from '../../format/index.ts'
import type { JournalRange, RecordingFile } from '../../format/index.ts'
import { parseSegmentKey, recordingsPrefix, segmentKey, tombstoneKey, tombstonesPrefix } from './keys.ts'
import { nodeCodec } from './node-codec.ts'
import type { ObjectStore, StoredObject } from './object-store.ts'
import type { Segment } from './segment.ts'

/** How long a listing is believed, ms. */
const listingAgeMs = 1000
/** Footers that are kept in memory, in rows of their trace tables. */
const keptRows = 2_000_000

interface Listing {
  segments: Map<string, Segment>
  deleted: Set<string>
}

export class Catalog {
  readonly #store: ObjectStore
  #listing: Promise<Listing> | undefined
  #listedMs = 0
  /** By key, the least recently used first. */
  readonly #opened = new Map<string, { file: Promise<RecordingFile>; rows: number }>()
  #openedRows = 0
  readonly #damaged = new Map<string, string>()

  constructor(store: ObjectStore) {
    this.#store = store
  }

  /** Segments that don't read, and why. */
  get damaged(): ReadonlyMap<string, string> {
    return this.#damaged
  }

  /** Of all recordings, or of one, in the order of their names. Damaged ones are left out once that is known. */
  async segments(recording?: string): Promise<Segment[]> {
    const { segments } = await this.#list()
    const all = [...segments.values()]
    const wanted = recording === undefined ? all : all.filter(segment => segment.recording === recording)
    return wanted.filter(({ recording, id }) => !this.#damaged.has(segmentKey(recording, id)))
  }

  async isDeleted(recording: string): Promise<boolean> {
    return (await this.#list()).deleted.has(recording)
  }

  /** The stretches of a journal that segments of the recording hold. */
  async rangesOf(recording: string, journal: string): Promise<JournalRange[]> {
    const ranges: JournalRange[] = []
    for (const segment of await this.segments(recording)) {
      const range = (await this.readable(segment))?.footer.meta.journal
      if (range?.file === journal) ranges.push(range)
    }
    return ranges
  }

  /** The opened segment, or undefined when it is damaged or was deleted meanwhile. */
  async readable(segment: Segment): Promise<RecordingFile | undefined> {
    try {
      return await segment.open()
    } catch (thrown) {
      if (!(thrown instanceof MicrologError)) throw thrown
      const key = segmentKey(segment.recording, segment.id)
      if (thrown.code !== 'not-found') this.#damaged.set(key, messageOf(thrown))
      return undefined
    }
  }

  /** Durable once it answers. One that is there already is the same one. */
  async addSegment(recording: string, id: string, bytes: Uint8Array): Promise<void> {
    const key = segmentKey(recording, id)
    await this.#store.putIfAbsent(key, bytes)
    const listing = await this.#list()
    if (listing.deleted.has(recording)) await this.#store.delete(key)
    else
      listing.segments.set(
        key,
        this.#segment({ key, bytes: bytes.length, writtenMs: Date.now() }, recording, id)
      )
  }

  /** Deletes the recording for good: data that comes late is dropped, too. Gives how many bytes went. */
  async deleteRecording(recording: string): Promise<{ segments: number; bytes: number }> {
    await this.#store.putIfAbsent(tombstoneKey(recording), new Uint8Array())
    return this.removeSegments(recording)
  }

  /** Deletes what is there of the recording; what its process still sends is a new beginning. */
  async removeSegments(recording: string): Promise<{ segments: number; bytes: number }> {
    this.#listing = undefined
    const objects = await this.#store.list(`${recordingsPrefix}${recording}/`)
    for (const { key } of objects) await this.#store.delete(key)
    return { segments: objects.length, bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0) }
  }

  /** Takes data for a deleted recording again: somebody imports it on purpose. */
  async undelete(recording: string): Promise<void> {
    await this.#store.delete(tombstoneKey(recording))
    this.#listing = undefined
  }

  #list(): Promise<Listing> {
    const now = Date.now()
    if (this.#listing && Math.abs(now - this.#listedMs) < listingAgeMs) return this.#listing
    const listing = this.#readListing()
    this.#listing = listing
    this.#listedMs = now
    listing.catch(() => {
      if (this.#listing === listing) this.#listing = undefined
    })
    return listing
  }

  async #readListing(): Promise<Listing> {
    const tombstones = await this.#store.list(tombstonesPrefix)
    const deleted = new Set(tombstones.map(({ key }) => key.slice(tombstonesPrefix.length)))
    const segments = new Map<string, Segment>()
    for (const object of await this.#store.list(recordingsPrefix)) {
      const name = parseSegmentKey(object.key)
      if (!name) continue
      // Somebody sealed it while it was being deleted.
      if (deleted.has(name.recording)) await this.#store.delete(object.key)
      else segments.set(object.key, this.#segment(object, name.recording, name.segment))
    }
    return { segments, deleted }
  }

  #segment({ key, bytes, writtenMs }: StoredObject, recording: string, id: string): Segment {
    const read = (from: number, to: number) => this.#store.getRange(key, from, Math.min(to, bytes))
    return { recording, id, bytes, writtenMs, live: false, read, open: () => this.#open(key, bytes, read) }
  }

  #open(key: string, byteLength: number, slice: Segment['read']): Promise<RecordingFile> {
    const known = this.#opened.get(key)
    if (known) {
      this.#opened.delete(key)
      this.#opened.set(key, known)
      return known.file
    }
    const entry = { file: openRecording({ byteLength, slice }, nodeCodec), rows: 0 }
    this.#opened.set(key, entry)
    entry.file.then(
      file => {
        if (this.#opened.get(key) !== entry) return
        entry.rows = 100 + file.footer.traces.length
        this.#openedRows += entry.rows
        this.#shrink()
      },
      () => this.#opened.delete(key)
    )
    return entry.file
  }

  #shrink(): void {
    for (const [key, { rows }] of this.#opened) {
      if (this.#openedRows <= keptRows) return
      this.#opened.delete(key)
      this.#openedRows -= rows
    }
  }
}
