import { HashIndex } from './hash-index.ts'
import { finishHash, hashSeed, mixInteger, mixNumber } from './hash.ts'
import type { AttributeSets, AttributeType } from './schema.ts'

/** Interned sets of attributes: add entries, then close the set; an equal set is given the same row. */
export class AttributeBuilder {
  length = 1
  #start = new Uint32Array(64)
  #key = new Int32Array(256)
  #type = new Uint8Array(256)
  #value = new Float64Array(256)
  #filled = 0
  readonly #index = new HashIndex((known, candidate) => this.#equal(known, candidate))

  /** Makes room for so many more entries. */
  reserve(entries: number): void {
    const needed = this.#filled + entries
    if (needed <= this.#key.length) return
    const capacity = Math.max(needed, this.#key.length * 2)
    this.#key = grow(this.#key, new Int32Array(capacity))
    this.#type = grow(this.#type, new Uint8Array(capacity))
    this.#value = grow(this.#value, new Float64Array(capacity))
  }

  /** @param key row of strings @param value as AttributeType says */
  add(key: number, type: AttributeType, value: number): void {
    if (this.#filled === this.#key.length) this.reserve(1)
    this.#key[this.#filled] = key
    this.#type[this.#filled] = type
    this.#value[this.#filled++] = value
  }

  /** Closes the set of what was added since the last one; the row of the set. */
  close(): number {
    const from = this.#start[this.length]!
    if (from === this.#filled) return 0
    this.#start[this.length + 1] = this.#filled
    const found = this.#index.intern(this.#hash(from, this.#filled), this.length)
    if (found !== this.length) {
      this.#filled = from
      return found
    }
    this.length++
    if (this.length + 1 >= this.#start.length)
      this.#start = grow(this.#start, new Uint32Array(this.length * 2))
    return found
  }

  /** What a closed set has under a key. */
  find(set: number, key: number): { type: AttributeType; value: number } | undefined {
    for (let entry = this.#start[set]!; entry < this.#start[set + 1]!; entry++) {
      if (this.#key[entry] === key)
        return { type: this.#type[entry] as AttributeType, value: this.#value[entry]! }
    }
    return undefined
  }

  /** Forgets all sets, and keeps the room they took. */
  clear(): void {
    this.length = 1
    this.#filled = 0
    this.#index.clear()
  }

  /** See HashIndex. */
  get probes(): number {
    return this.#index.probes
  }

  /** A copy of the sets so far. */
  snapshot(): AttributeSets {
    return this.#freeze('slice')
  }

  /** The sets themselves: no more may be added. */
  finish(): AttributeSets {
    return this.#freeze('subarray')
  }

  #freeze(cut: 'slice' | 'subarray'): AttributeSets {
    const filled = this.#start[this.length]!
    return Object.freeze({
      length: this.length,
      start: this.#start[cut](0, this.length + 1),
      key: this.#key[cut](0, filled),
      type: this.#type[cut](0, filled),
      value: this.#value[cut](0, filled)
    })
  }

  #hash(from: number, to: number): number {
    let hash = hashSeed ^ (to - from)
    for (let i = from; i < to; i++) {
      hash = mixInteger(hash, this.#key[i]! * 8 + this.#type[i]!)
      hash = mixNumber(hash, this.#value[i]!)
    }
    return finishHash(hash)
  }

  #equal(known: number, candidate: number): boolean {
    const start = this.#start[known]!
    const from = this.#start[candidate]!
    const length = this.#start[candidate + 1]! - from
    if (this.#start[known + 1]! - start !== length) return false
    for (let i = 0; i < length; i++) {
      if (this.#key[start + i] !== this.#key[from + i] || this.#type[start + i] !== this.#type[from + i])
        return false
      if (!Object.is(this.#value[start + i], this.#value[from + i])) return false
    }
    return true
  }
}

function grow<A extends Uint32Array | Int32Array | Uint8Array | Float64Array>(from: A, to: A): A {
  to.set(from as never)
  return to
}
