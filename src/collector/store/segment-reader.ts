// Opens segments, keeps the footers of those used lately, and remembers which don't read, and why.
import { MicrologError, messageOf } from '../../base/errors.ts'
import type { ByteSource, RecordingFile } from '../../format/index.ts'
import { segmentKey } from './keys.ts'
import { OpenedSegments } from './opened-segments.ts'
import type { OpenSegment, Segment } from './segment.ts'

/** How many footers are read at once. */
const readTogether = 16

export class SegmentReader {
  readonly #opened = new OpenedSegments()
  readonly #damaged = new Map<string, string>()
  readonly #partlyDamaged = new Map<string, string>()
  /** Those that the store doesn't give right now: a right that is missing, a disk that fails. */
  readonly #unreadable = new Map<string, string>()

  /** By key, those that don't read, or not as a whole, and why. */
  get damaged(): ReadonlyMap<string, string> {
    return new Map([...this.#partlyDamaged, ...this.#damaged, ...this.#unreadable])
  }

  isDamaged(key: string): boolean {
    return this.#damaged.has(key)
  }

  /** Why the store didn't give it when it was asked last; undefined where it did. */
  whyUnreadable(key: string): string | undefined {
    return this.#unreadable.get(key)
  }

  /** Names a segment of which a block doesn't read; what else is in it is asked as before. */
  noteDamage({ recording, id }: Segment, why: MicrologError): void {
    this.#partlyDamaged.set(segmentKey(recording, id), messageOf(why))
  }

  /** Counts what is kept for a segment as long as its footer is; of heads, which soon go, nothing is. */
  noteKept({ recording, id }: Segment, bytes: number): void {
    this.#opened.grow(segmentKey(recording, id), bytes)
  }

  /** Its footer is read once and kept for a while. */
  open(key: string, byteLength: number, slice: ByteSource['slice']): Promise<RecordingFile> {
    return this.#opened.open(key, byteLength, slice)
  }

  /** The opened segment, or undefined when it is damaged or was deleted meanwhile. Throws where the store fails. */
  async read(segment: Segment): Promise<RecordingFile | undefined> {
    try {
      return await segment.open()
    } catch (thrown) {
      if (!(thrown instanceof MicrologError) || thrown.code === 'unavailable') throw thrown
      const key = segmentKey(segment.recording, segment.id)
      if (thrown.code !== 'not-found') this.#damaged.set(key, messageOf(thrown))
      return undefined
    }
  }

  /**
   * The same for callers that go on without the segment: where the store fails it returns undefined, and the segment is
   * listed in `damaged` until it can be read again.
   */
  async readNow(segment: Segment): Promise<RecordingFile | undefined> {
    const key = segmentKey(segment.recording, segment.id)
    try {
      const file = await this.read(segment)
      this.#unreadable.delete(key)
      return file
    } catch (thrown) {
      this.#unreadable.set(key, messageOf(thrown))
      return undefined
    }
  }

  /** Those that can be read, in their order, as `readNow` gives them: some are read at once, all are never held. */
  async *openEach(segments: readonly Segment[]): AsyncGenerator<OpenSegment> {
    for (let from = 0; from < segments.length; from += readTogether) {
      const batch = segments.slice(from, from + readTogether)
      const files = await Promise.all(batch.map(segment => this.readNow(segment)))
      for (const [i, file] of files.entries()) if (file) yield { segment: batch[i]!, file }
    }
  }

  /** It is deleted. */
  forget(key: string): void {
    this.#opened.forget(key)
    this.#damaged.delete(key)
  }

  /** Of segments that are there no more it isn't said what was wrong with them. Both by key. */
  forgetTroubleBut({
    segments,
    replaced
  }: Record<'segments' | 'replaced', ReadonlyMap<string, unknown>>): void {
    for (const passing of [this.#unreadable, this.#partlyDamaged])
      for (const key of passing.keys()) if (!segments.has(key)) passing.delete(key)
    // What is replaced isn't read again to find the same.
    for (const key of this.#damaged.keys())
      if (!segments.has(key) && !replaced.has(key)) this.#damaged.delete(key)
  }
}
