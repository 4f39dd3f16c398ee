// Everything that can be asked about: the segments of the store and, in a running collector, the open heads.
import type { HeadSegments } from '../ingest/head-segments.ts'
import { sealedIdOf } from '../ingest/head-segments.ts'
import type { Catalog } from '../store/catalog.ts'
import type { OpenSegment, Segment } from '../store/segment.ts'

export class Library {
  readonly #catalog: Catalog
  readonly #heads: HeadSegments | undefined

  constructor(catalog: Catalog, heads?: HeadSegments) {
    this.#catalog = catalog
    this.#heads = heads
  }

  /** Of all recordings, or of one; each item is in one of them only. */
  async segments(recording?: string): Promise<Segment[]> {
    // Heads first: what is sealed between the two questions is then seen twice, and not missed.
    const live = (await this.#heads?.segments(recording)) ?? []
    const sealed = await this.#catalog.segments(recording)
    const all = live.length > 0 ? await this.#catalog.allSegments(recording) : []
    const starts = new Set(all.map(({ recording, id }) => startOf(recording, id)))
    const open: Segment[] = []
    for (const segment of live) {
      const twice = starts.has(startOf(segment.recording, sealedIdOf(segment.id) ?? ''))
      if (!twice && !(await this.#catalog.isDeleted(segment.recording))) open.push(segment)
    }
    return [...sealed, ...open]
  }

  /** The same with their footers read; damaged ones, and those that can't be read right now, are left out. */
  async open(recording?: string): Promise<OpenSegment[]> {
    const opened: OpenSegment[] = []
    for await (const one of this.#catalog.openEach(await this.segments(recording))) opened.push(one)
    return opened
  }

  /** See Catalog. */
  get damaged(): ReadonlyMap<string, string> {
    return this.#catalog.damaged
  }

  /** See Catalog. */
  noteKept(segment: Segment, bytes: number): void {
    this.#catalog.noteKept(segment, bytes)
  }

  /** See Catalog. */
  beginnings(): Promise<ReadonlyMap<string, number>> {
    return this.#catalog.beginnings()
  }

  /** By the ids that `segments` gave; a head that was sealed meanwhile is found under its old id, too. */
  async find(recording: string, id: string): Promise<Segment | undefined> {
    const sealedId = sealedIdOf(id)
    const sealed = await this.#catalog.allSegments(recording)
    const found = sealed.find(segment => segment.id === (sealedId ?? id))
    if (found || sealedId === undefined) return found
    return (await this.#catalog.isDeleted(recording)) ? undefined : this.#heads?.find(recording, id)
  }
}

/** Recording, journal and first place: two segments with the same are a head and what it was sealed to. */
function startOf(recording: string, id: string): string {
  return `${recording}/${id.slice(0, id.lastIndexOf('-'))}`
}
