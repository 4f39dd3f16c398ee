// What compacted segments say they stand for: read once from each footer, and worked out once for each set of them.
import type { RecordingFile } from '../../format/index.ts'
import type { StoredObject } from './object-store.ts'
import { replacedSegments } from './replaced-segments.ts'
import type { CompactedClaim } from './replaced-segments.ts'

export interface NamedObject {
  /** Of the segment. */
  id: string
  object: StoredObject
}

const nothing: ReadonlyMap<string, string> = new Map()

export class CompactedClaims {
  readonly #claims = new Map<string, CompactedClaim & { writtenMs: number }>()
  readonly #replaced = new Map<string, { names: string; replaced: ReadonlyMap<string, string> }>()

  /** Undefined for one that isn't compacted. */
  writtenMsOf({ object }: NamedObject): number | undefined {
    return this.#claims.get(object.key)?.writtenMs
  }

  /**
   * By id what mustn't count of a recording, and the one that stands for it.
   * @param compacted its compacted segments
   * @param open gives undefined for one that doesn't read: what it stands for counts, as far as it is there
   */
  async replacedOf(
    recording: string,
    compacted: readonly NamedObject[],
    open: (named: NamedObject) => Promise<RecordingFile | undefined>
  ): Promise<ReadonlyMap<string, string>> {
    if (compacted.length === 0) return nothing
    const claims: CompactedClaim[] = []
    for (const named of compacted) {
      const claim = this.#claims.get(named.object.key) ?? (await this.#read(named, open))
      if (claim) claims.push(claim)
    }
    const names = claims.map(({ id }) => id).join()
    const known = this.#replaced.get(recording)
    if (known?.names === names) return known.replaced
    const replaced = replacedSegments(claims)
    this.#replaced.set(recording, { names, replaced })
    return replaced
  }

  /** @param found what is in the store, by recording */
  forgetAllBut(found: ReadonlyMap<string, readonly NamedObject[]>): void {
    const keys = new Set([...found.values()].flat().map(({ object }) => object.key))
    for (const key of this.#claims.keys()) if (!keys.has(key)) this.#claims.delete(key)
    for (const recording of this.#replaced.keys()) {
      if (!found.has(recording)) this.#replaced.delete(recording)
    }
  }

  async #read(
    named: NamedObject,
    open: (named: NamedObject) => Promise<RecordingFile | undefined>
  ): Promise<CompactedClaim | undefined> {
    const { id, object } = named
    const meta = (await open(named))?.footer.meta
    if (!meta) return undefined
    const { journals, replaces, writtenMs = object.writtenMs } = meta
    const claim = { id, storedMs: object.writtenMs, meta: { journals, replaces }, writtenMs }
    this.#claims.set(object.key, claim)
    return claim
  }
}
