import { finishHash, hashSeed, mixInteger } from '../recording/hash.ts'

/** Ids of a fixed width to rows: an open hash index over bytes that stay where they are. */
export class IdIndex {
  readonly ids: Uint8Array
  readonly #width: number
  readonly #slots: Int32Array
  length = 0

  /** @param capacity the most ids it will hold @param width bytes of an id, a multiple of 4 */
  constructor(capacity: number, width: number) {
    this.#width = width
    this.ids = new Uint8Array(capacity * width)
    let slots = 16
    while (slots < capacity * 2) slots *= 2
    this.#slots = new Int32Array(slots)
  }

  /** The id's row; given the next one if it is new. */
  add(bytes: Uint8Array, row: number): number {
    const slot = this.#slot(bytes, row * this.#width)
    const found = this.#slots[slot]!
    if (found > 0) return found - 1
    const from = row * this.#width
    const to = this.length * this.#width
    for (let i = 0; i < this.#width; i++) this.ids[to + i] = bytes[from + i]!
    this.#slots[slot] = ++this.length
    return this.length - 1
  }

  /** The id's row, or -1. */
  find(bytes: Uint8Array, row: number): number {
    return this.#slots[this.#slot(bytes, row * this.#width)]! - 1
  }

  #slot(bytes: Uint8Array, at: number): number {
    const mask = this.#slots.length - 1
    let hash = hashSeed
    for (let i = at; i < at + this.#width; i += 4) {
      hash = mixInteger(
        hash,
        bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
      )
    }
    let slot = finishHash(hash) & mask
    while (this.#slots[slot] !== 0 && !this.#equal(this.#slots[slot]! - 1, bytes, at))
      slot = (slot + 1) & mask
    return slot
  }

  #equal(row: number, bytes: Uint8Array, at: number): boolean {
    const from = row * this.#width
    for (let i = 0; i < this.#width; i++) if (this.ids[from + i] !== bytes[at + i]) return false
    return true
  }
}

/** Whether an id is all zero: not set. */
export function isZeroId(bytes: Uint8Array, row: number, width: number): boolean {
  for (let i = row * width; i < (row + 1) * width; i++) if (bytes[i] !== 0) return false
  return true
}
