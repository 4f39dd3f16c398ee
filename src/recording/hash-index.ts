/** Finds rows by what they hold: an open hash index of rows that are kept elsewhere. */
export class HashIndex {
  readonly #equal: (known: number, candidate: number) => boolean
  /** Row + 1; 0 where the slot is free. */
  #rows = new Int32Array(0)
  #hashes = new Uint32Array(0)
  #filled = 0
  /** Slots looked at so far: about two for each row, whatever the rows hold. */
  probes = 0

  constructor(equal: (known: number, candidate: number) => boolean) {
    this.#equal = equal
  }

  /** The row equal to this one; there was none where it is this one itself. @param hash see hash.ts */
  intern(hash: number, row: number): number {
    if (this.#filled * 2 >= this.#rows.length) this.#grow()
    const slot = this.#slotOf(hash, row)
    const known = this.#rows[slot]! - 1
    if (known >= 0) return known
    this.#rows[slot] = row + 1
    this.#hashes[slot] = hash
    this.#filled++
    return row
  }

  /** The same where a row that isn't there is not to be: -1. */
  find(hash: number, row: number): number {
    return this.#rows.length === 0 ? -1 : this.#rows[this.#slotOf(hash, row)]! - 1
  }

  clear(): void {
    this.#rows.fill(0)
    this.#filled = 0
  }

  /** Of the row equal to this one, else the free one where it belongs. */
  #slotOf(hash: number, row: number): number {
    const mask = this.#rows.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      this.probes++
      const known = this.#rows[slot]! - 1
      if (known < 0 || (this.#hashes[slot] === hash && this.#equal(known, row))) return slot
    }
  }

  #grow(): void {
    const rows = this.#rows
    const hashes = this.#hashes
    const mask = Math.max(64, rows.length * 2) - 1
    this.#rows = new Int32Array(mask + 1)
    this.#hashes = new Uint32Array(mask + 1)
    for (let from = 0; from < rows.length; from++) {
      if (rows[from] === 0) continue
      let slot = hashes[from]! & mask
      while (this.#rows[slot] !== 0) slot = (slot + 1) & mask
      this.#rows[slot] = rows[from]!
      this.#hashes[slot] = hashes[from]!
    }
  }
}
