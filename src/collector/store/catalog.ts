// What is in a store, by listing it: any number of collectors may write to it, so a listing is only believed for a
// moment. Segments never change; what is known about one by its key stays true.
import type { MicrologError } from '../../base/errors.ts'
import type { JournalRange, RecordingFile } from '../../format/index.ts'
import { CompactedClaims } from './compacted-claims.ts'
import type { NamedObject } from './compacted-claims.ts'
import {
  asideKey,
  beginningKey,
  levelOf,
  parseBeginningKey,
  parseSegmentKey,
  recordingsPrefix,
  segmentKey,
  tombstoneKey,
  tombstonesPrefix
} from './keys.ts'
import type { ObjectStore, StoredObject } from './object-store.ts'
import { SegmentReader } from './segment-reader.ts'
import type { OpenSegment, Segment } from './segment.ts'
import { unixMs } from './unix-ms.ts'

/** How long a listing is believed, ms; and so many times as long as it took, so that there is more to do than to list. */
const usualListingAgeMs = 1000
const listingAgeTimes = 5

interface KnownListing {
  promise: Promise<Listing>
  /** Date.now(), Infinity while it is under way. */
  untilMs: number
  fromMs: number
}

interface Listing {
  /** By key. */
  segments: Map<string, Segment>
  /** Still there, though a compacted one stands for them. */
  replaced: Map<string, ReplacedSegment>
  /** By recording: ids that must not count, whether they are there or not. */
  standsFor: Map<string, ReadonlyMap<string, string>>
  deleted: Set<string>
  /** By recording of which the first segments are gone: when it began, Unix ms. */
  beginnings: Map<string, number>
}

export interface ReplacedSegment {
  segment: Segment
  /** Id of the one that counts in its place, and when it was put, Unix ms, as the store says. */
  by: string
  byStoredMs: number
  /** False while that one, or another that may say it doesn't count, can't be read: then nothing must be deleted for it. */
  isCertain: boolean
}

export class Catalog {
  readonly #store: ObjectStore
  readonly #listingAgeMs: number
  #listing: KnownListing | undefined
  /** The last one that was read to its end. */
  #last: Listing | undefined
  readonly #reader = new SegmentReader()
  readonly #claims = new CompactedClaims()

  constructor(store: ObjectStore, { listingAgeMs = usualListingAgeMs } = {}) {
    this.#store = store
    this.#listingAgeMs = listingAgeMs
  }

  /** Segments that don't read, or not as a whole, and why. */
  get damaged(): ReadonlyMap<string, string> {
    return this.#reader.damaged
  }

  /** See SegmentReader. */
  noteDamage(segment: Segment, why: MicrologError): void {
    this.#reader.noteDamage(segment, why)
  }

  /** See SegmentReader. */
  noteKept(segment: Segment, bytes: number): void {
    this.#reader.noteKept(segment, bytes)
  }

  /** See SegmentReader. */
  readable(segment: Segment): Promise<RecordingFile | undefined> {
    return this.#reader.read(segment)
  }

  /** See SegmentReader. */
  readableNow(segment: Segment): Promise<RecordingFile | undefined> {
    return this.#reader.readNow(segment)
  }

  /** See SegmentReader. */
  openEach(segments: readonly Segment[]): AsyncGenerator<OpenSegment> {
    return this.#reader.openEach(segments)
  }

  /** How many there are, as they were listed last. */
  get counts(): { segments: number; replaced: number } {
    return { segments: this.#last?.segments.size ?? 0, replaced: this.#last?.replaced.size ?? 0 }
  }

  /** Of all recordings, or of one, in the order of their names. Damaged ones are left out once that is known. */
  async segments(recording?: string): Promise<Segment[]> {
    const { segments } = await this.#list()
    return this.#wanted(segments.values(), recording)
  }

  /** The same with those that a compacted one stands for: they can be read for a while. */
  async allSegments(recording?: string): Promise<Segment[]> {
    return this.#wanted(allOf(await this.#list()), recording)
  }

  /** All that take room: the same with damaged ones, and of those that count without what another stands for. */
  async keptSegments(): Promise<{ counted: Segment[]; all: Segment[] }> {
    const listing = await this.#list()
    return { counted: [...listing.segments.values()], all: allOf(listing) }
  }

  async replacedSegments(): Promise<ReplacedSegment[]> {
    return [...(await this.#list()).replaced.values()]
  }

  async isDeleted(recording: string): Promise<boolean> {
    return (await this.#list()).deleted.has(recording)
  }

  /** By recording, Unix ms: when those began of which the first segments were deleted. */
  async beginnings(): Promise<ReadonlyMap<string, number>> {
    return (await this.#list()).beginnings
  }

  /** True while anything of it is stored, also what is damaged. */
  async isStored(recording: string): Promise<boolean> {
    return allOf(await this.#list()).some(segment => segment.recording === recording)
  }

  /** True where a segment is there, or another that stands for it. */
  async holds(recording: string, id: string): Promise<boolean> {
    const { segments, standsFor } = await this.#list()
    return segments.has(segmentKey(recording, id)) || standsFor.get(recording)?.has(id) === true
  }

  /**
   * The stretches of a journal that segments of the recording hold, as the store is now. What is damaged holds none. One
   * may go while it is read, since a larger one stands for it: then the recording is listed again.
   */
  async rangesOf(recording: string, journal: string): Promise<JournalRange[]> {
    for (;;) {
      const ranges = await this.#listedRanges(recording)
      if (ranges) return ranges.filter(({ file }) => file === journal)
    }
  }

  /** Undefined where one of them went meanwhile. */
  async #listedRanges(recording: string): Promise<JournalRange[] | undefined> {
    const ranges: JournalRange[] = []
    for (const object of await this.#store.list(`${recordingsPrefix}${recording}/`)) {
      const name = parseSegmentKey(object.key)
      if (!name) continue
      const file = await this.readable(this.#segment(object, recording, name.segment))
      if (file) ranges.push(...(file.footer.meta.journals ?? []))
      else if (!this.#reader.isDamaged(object.key)) return undefined
    }
    return ranges
  }

  /** Durable once it answers. One that is there already is the same one. */
  async addSegment(recording: string, id: string, bytes: Uint8Array): Promise<void> {
    const key = segmentKey(recording, id)
    const isNew = await this.#store.putIfAbsent(key, bytes)
    if (!isNew && this.#reader.isDamaged(key)) await this.#replaceDamaged(recording, key, bytes)
    const listing = await this.#list()
    if (listing.deleted.has(recording)) await this.#store.delete(key)
    else if (levelOf(id) !== 'sealed') this.refresh()
    else if (!(await this.holds(recording, id))) {
      const object = { key, bytes: bytes.length, writtenMs: Date.now() }
      listing.segments.set(key, this.#segment(object, recording, id))
    }
  }

  /** Puts one where another of the same name doesn't read, which stays for people to look at. */
  async #replaceDamaged(recording: string, key: string, bytes: Uint8Array): Promise<void> {
    const objects = await this.#store.list(`${recordingsPrefix}${recording}/`)
    const object = objects.find(found => found.key === key)
    if (object) await this.#store.putIfAbsent(asideKey(key), await this.#store.getRange(key, 0, object.bytes))
    await this.#delete(key)
    await this.#store.putIfAbsent(key, bytes)
  }

  /** Deletes one that another stands for. */
  async deleteReplaced({ segment }: ReplacedSegment): Promise<void> {
    const key = segmentKey(segment.recording, segment.id)
    await this.#delete(key)
    ;(await this.#list()).replaced.delete(key)
  }

  /** The next question is answered by the store as it is then. */
  refresh(): void {
    this.#listing = undefined
  }

  /** Deletes the recording for good: data that comes late is dropped, too. Gives how many bytes went. */
  async deleteRecording(recording: string): Promise<{ segments: number; bytes: number }> {
    await this.#store.putIfAbsent(tombstoneKey(recording), new Uint8Array())
    return this.removeSegments(recording)
  }

  /** Deletes a segment of a recording whose others stay, and notes when that began: its times go on counting from there. */
  async removeFirst({ recording, id }: Segment): Promise<void> {
    const { segments, beginnings } = await this.#list()
    const began = beginnings.has(recording) ? undefined : await this.#beginningOf(recording)
    if (began !== undefined) {
      await this.#store.putIfAbsent(beginningKey(recording, began), new Uint8Array())
      beginnings.set(recording, began)
    }
    const key = segmentKey(recording, id)
    await this.#delete(key)
    segments.delete(key)
  }

  async #delete(key: string): Promise<void> {
    await this.#store.delete(key)
    this.#reader.forget(key)
  }

  /** Unix ms. */
  async #beginningOf(recording: string): Promise<number | undefined> {
    let began: number | undefined
    for (const segment of await this.segments(recording)) {
      const footer = (await this.readable(segment))?.footer
      if (!footer || Number.isNaN(footer.from)) continue
      const from = unixMs(footer, footer.from)
      if (began === undefined || from < began) began = from
    }
    return began
  }

  /** Deletes what is there of the recording; what its process still sends is a new beginning. */
  async removeSegments(recording: string): Promise<{ segments: number; bytes: number }> {
    this.refresh()
    const objects = await this.#store.list(`${recordingsPrefix}${recording}/`)
    for (const { key } of objects) await this.#delete(key)
    const segments = objects.filter(({ key }) => parseSegmentKey(key))
    return { segments: segments.length, bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0) }
  }

  /** Takes data for a deleted recording again: somebody imports it on purpose. */
  async undelete(recording: string): Promise<void> {
    await this.#store.delete(tombstoneKey(recording))
    this.refresh()
  }

  #wanted(segments: Iterable<Segment>, asked: string | undefined): Segment[] {
    return [...segments].filter(
      ({ recording, id }) =>
        (asked === undefined || recording === asked) && !this.#reader.isDamaged(segmentKey(recording, id))
    )
  }

  #list(): Promise<Listing> {
    const now = Date.now()
    // A clock that was set back makes it old, too.
    if (this.#listing && now <= this.#listing.untilMs && now >= this.#listing.fromMs)
      return this.#listing.promise
    const began = performance.now()
    const listing: KnownListing = { promise: this.#readListing(), untilMs: Infinity, fromMs: -Infinity }
    this.#listing = listing
    listing.promise.then(
      read => {
        this.#last = read
        listing.fromMs = Date.now()
        listing.untilMs =
          listing.fromMs + Math.max(this.#listingAgeMs, listingAgeTimes * (performance.now() - began))
      },
      () => {
        if (this.#listing === listing) this.#listing = undefined
      }
    )
    return listing.promise
  }

  async #readListing(): Promise<Listing> {
    const tombstones = await this.#store.list(tombstonesPrefix)
    const deleted = new Set(tombstones.map(({ key }) => key.slice(tombstonesPrefix.length)))
    const found = new Map<string, NamedObject[]>()
    const beginnings = new Map<string, number>()
    for (const object of await this.#store.list(recordingsPrefix)) {
      const beginning = parseBeginningKey(object.key)
      if (beginning) {
        // Two collectors may have noted one; the first of them saw more.
        const { recording, unixMs } = beginning
        beginnings.set(recording, Math.min(unixMs, beginnings.get(recording) ?? Infinity))
      }
      const name = parseSegmentKey(object.key)
      if (!name) continue
      // Somebody sealed it while it was being deleted.
      if (deleted.has(name.recording)) await this.#store.delete(object.key)
      else if (found.has(name.recording)) found.get(name.recording)!.push({ id: name.segment, object })
      else found.set(name.recording, [{ id: name.segment, object }])
    }
    const listing: Listing = {
      segments: new Map(),
      replaced: new Map(),
      standsFor: new Map(),
      deleted,
      beginnings
    }
    await this.#readAhead(this.#unclaimed(found))
    for (const [recording, own] of found) await this.#addRecording(listing, recording, own)
    this.#claims.forgetAllBut(found)
    this.#reader.forgetTroubleBut(listing)
    return listing
  }

  /** Their footers are kept then: who asks one by one waits for none. */
  async #readAhead(segments: readonly Segment[]): Promise<void> {
    const opened = this.openEach(segments)
    while (!(await opened.next()).done);
  }

  /** Compacted segments of which isn't known yet what they stand for. */
  #unclaimed(found: ReadonlyMap<string, readonly NamedObject[]>): Segment[] {
    return [...found].flatMap(([recording, own]) =>
      own
        .filter(named => levelOf(named.id) !== 'sealed' && this.#claims.writtenMsOf(named) === undefined)
        .filter(({ object }) => !this.#reader.isDamaged(object.key))
        .map(({ id, object }) => this.#segment(object, recording, id))
    )
  }

  async #addRecording(
    { segments, replaced, standsFor }: Listing,
    recording: string,
    own: readonly NamedObject[]
  ): Promise<void> {
    const compacted = own.filter(({ id }) => levelOf(id) !== 'sealed')
    const unread = new Map<string, string>()
    const stood = await this.#claims.replacedOf(recording, compacted, async ({ id, object }) => {
      if (this.#reader.isDamaged(object.key)) return undefined
      const file = await this.readableNow(this.#segment(object, recording, id))
      const why = this.#reader.whyUnreadable(object.key)
      if (!file && why !== undefined) unread.set(id, why)
      return file
    })
    // Another one stands for all that these do.
    for (const id of unread.keys()) if (stood.has(id)) unread.delete(id)
    standsFor.set(recording, stood)
    for (const named of own) {
      const { id, object } = named
      const { key } = object
      const writtenMs = this.#claims.writtenMsOf(named) ?? object.writtenMs
      const segment = this.#segment({ ...object, writtenMs }, recording, id)
      const by = stood.get(id)
      const standing = own.find(other => other.id === by)?.object
      if (by === undefined || standing === undefined) {
        const why = unread.get(id)
        segments.set(key, why === undefined ? segment : withheld(segment, why))
      } else {
        const isCertain = unread.size === 0 && this.#reader.whyUnreadable(standing.key) === undefined
        replaced.set(key, { segment, by, byStoredMs: standing.writtenMs, isCertain })
      }
    }
  }

  #segment({ key, bytes, writtenMs }: StoredObject, recording: string, id: string): Segment {
    const read = (from: number, to: number) => this.#store.getRange(key, from, Math.min(to, bytes))
    return {
      recording,
      id,
      bytes,
      writtenMs,
      live: false,
      read,
      open: () => this.#reader.open(key, bytes, read)
    }
  }
}

/**
 * A compacted segment of which isn't known what it stands for: that is shown in its place, so its own rows must stay away
 * until a listing has asked again.
 */
function withheld(segment: Segment, why: string): Segment {
  const refuse = (): Promise<never> => Promise.reject(new Error(why))
  return { ...segment, open: refuse, read: refuse }
}

/** With those that a compacted one stands for. */
function allOf({ segments, replaced }: Listing): Segment[] {
  return [...segments.values(), ...Array.from(replaced.values(), ({ segment }) => segment)]
}
