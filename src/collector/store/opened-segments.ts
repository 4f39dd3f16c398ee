import { openRecording } from '../../format/index.ts'
import type { ByteSource, RecordingFile } from '../../format/index.ts'
import { nodeCodec } from './node-codec.ts'

/** Of footers, and what else is kept for as long as they are. */
const usualKeptBytes = 128 * 1024 * 1024
/** About, as measured: of what has no rows; of a row of the traces, with what finds it by its id; of the entry of a block or thread; and of a text beside its letters. */
const bytesBesides = 4_500
const bytesOfRow = 64
const bytesOfEntry = 250
const bytesOfText = 24

/** Segments whose footers have been read, those used lately: what is known about one by its key stays true until it is deleted. */
export class OpenedSegments {
  /** The least recently used first. */
  readonly #opened = new Map<string, { file: Promise<RecordingFile>; bytes: number }>()
  readonly #keptBytes: number
  #bytes = 0

  constructor(keptBytes = usualKeptBytes) {
    this.#keptBytes = keptBytes
  }

  open(key: string, byteLength: number, slice: ByteSource['slice']): Promise<RecordingFile> {
    const known = this.#opened.get(key)
    if (known) {
      this.#opened.delete(key)
      this.#opened.set(key, known)
      return known.file
    }
    const entry = { file: openRecording({ byteLength, slice }, nodeCodec), bytes: 0 }
    this.#opened.set(key, entry)
    entry.file.then(
      file => {
        if (this.#opened.get(key) !== entry) return
        this.grow(key, bytesOf(file))
      },
      () => {
        if (this.#opened.get(key) === entry) this.#opened.delete(key)
      }
    )
    return entry.file
  }

  /** More is kept for a segment as long as its footer is. */
  grow(key: string, bytes: number): void {
    const entry = this.#opened.get(key)
    if (!entry) return
    entry.bytes += bytes
    this.#bytes += bytes
    this.#shrink()
  }

  forget(key: string): void {
    this.#bytes -= this.#opened.get(key)?.bytes ?? 0
    this.#opened.delete(key)
  }

  #shrink(): void {
    for (const key of this.#opened.keys()) {
      if (this.#bytes <= this.#keptBytes) return
      this.forget(key)
    }
  }
}

function bytesOf({ heldBytes, footer: { traces, threads, blocks, meta } }: RecordingFile): number {
  const texts = [...Object.values(meta.resource ?? {}), ...traces.texts]
  const rows = traces.length * bytesOfRow + (threads.length + blocks.length) * bytesOfEntry
  return texts.reduce((sum, text) => sum + bytesOfText + text.length, heldBytes + bytesBesides + rows)
}
