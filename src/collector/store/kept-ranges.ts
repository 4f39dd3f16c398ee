// Objects never change, and each question to a bucket costs money and a round trip: what was read is kept in memory, in
// chunks that are larger than what is asked for.
import type { ObjectStore } from './object-store.ts'

const chunkBytes = 256 * 1024
/** What is longer, whole segments for compaction, is read once and passed on. */
const longestKept = 8 * 1024 * 1024
const usualKeptBytes = 64 * 1024 * 1024

interface Chunk {
  key: string
  bytes: Promise<Uint8Array>
  /** 0 while it is being read. */
  length: number
}

/** The store with its ranges kept, those used lately. @param mostBytes in memory */
export function keepRanges<Store extends ObjectStore>(store: Store, mostBytes = usualKeptBytes): Store {
  /** The least recently used first. */
  const kept = new Map<string, Chunk>()
  let total = 0

  function forget(name: string, chunk: Chunk): void {
    if (kept.get(name) !== chunk) return
    kept.delete(name)
    total -= chunk.length
  }

  function keep(name: string, key: string, bytes: Promise<Uint8Array>): void {
    const chunk: Chunk = { key, bytes, length: 0 }
    kept.set(name, chunk)
    bytes.then(
      ({ length }) => {
        if (kept.get(name) !== chunk) return
        chunk.length = length
        total += length
        for (const [oldest, old] of kept) {
          if (total <= mostBytes) return
          forget(oldest, old)
        }
      },
      () => forget(name, chunk)
    )
  }

  /** Chunks from `first` up to, not including, `end`; those beside each other that are missing in one request. */
  function chunksOf(key: string, first: number, end: number): Promise<Uint8Array>[] {
    const chunks: Promise<Uint8Array>[] = []
    const nameOf = (at: number): string => `${key} ${at}`
    for (let at = first; at < end;) {
      const known = kept.get(nameOf(at))
      if (known) {
        kept.delete(nameOf(at))
        kept.set(nameOf(at), known)
        chunks.push(known.bytes)
        at++
        continue
      }
      let to = at + 1
      while (to < end && !kept.has(nameOf(to))) to++
      const start = at * chunkBytes
      const read = store.getRange(key, start, to * chunkBytes)
      for (; at < to; at++) {
        const from = at * chunkBytes - start
        // A copy: a part would hold all of it in memory.
        const chunk = read.then(bytes => Uint8Array.from(bytes.subarray(from, from + chunkBytes)))
        keep(nameOf(at), key, chunk)
        chunks.push(chunk)
      }
    }
    return chunks
  }

  return {
    ...store,
    async getRange(key, from, to) {
      if (to - from > longestKept || to <= from) return store.getRange(key, from, to)
      const first = Math.floor(from / chunkBytes)
      const chunks = await Promise.all(chunksOf(key, first, Math.ceil(to / chunkBytes)))
      const bytes = Buffer.concat(chunks)
      const start = from - first * chunkBytes
      // Of its own, not of Node's pool: who gets it may hand it on to a thread.
      return Uint8Array.from(bytes.subarray(start, start + to - from))
    },
    async delete(key) {
      await store.delete(key)
      for (const [name, chunk] of kept) if (chunk.key === key) forget(name, chunk)
    }
  }
}
