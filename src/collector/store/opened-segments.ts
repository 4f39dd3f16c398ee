import { openRecording } from '../../format/index.ts'
import type { ByteSource, RecordingFile } from '../../format/index.ts'
import { nodeCodec } from './node-codec.ts'

/** Footers that are kept in memory, in rows of their trace tables. */
const keptRows = 2_000_000

/** Segments whose footers have been read, those used lately: what is known about one by its key stays true until it is deleted. */
export class OpenedSegments {
  /** The least recently used first. */
  readonly #opened = new Map<string, { file: Promise<RecordingFile>; rows: number }>()
  #rows = 0

  open(key: string, byteLength: number, slice: ByteSource['slice']): Promise<RecordingFile> {
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
        this.#rows += entry.rows
        this.#shrink()
      },
      () => this.#opened.delete(key)
    )
    return entry.file
  }

  forget(key: string): void {
    this.#rows -= this.#opened.get(key)?.rows ?? 0
    this.#opened.delete(key)
  }

  #shrink(): void {
    for (const key of this.#opened.keys()) {
      if (this.#rows <= keptRows) return
      this.forget(key)
    }
  }
}
