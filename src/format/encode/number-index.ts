import { finishHash, hashSeed, mixNumber } from '../../recording/hash.ts'
import type { Numbers } from '../numbers.ts'

/** The distinct numbers of a column, in order of first use, and for each row which of them it holds. One column at a time. */
export class NumberIndex {
  #slots = new Int32Array(1024)
  #values = new Float64Array(512)
  #rows = new Int32Array(512)
  #filled = 0
  /** How many distinct numbers the column has. */
  length = 0

  /** Says no, and gives up, where there are more distinct numbers than `most` in the first `probe` rows. */
  fill(values: Numbers, probe = values.length, most = probe): boolean {
    this.#clear(values.length)
    let before = NaN
    let row = 0
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!
      if (value !== before) row = this.#add(value)
      before = value
      this.#rows[i] = row
      if (i === probe && this.length > most) return false
    }
    return true
  }

  /** A copy. */
  get values(): Float64Array {
    return this.#values.slice(0, this.length)
  }

  /** For each row the place of its number in `values`; only until the next column. */
  get rows(): Int32Array {
    return this.#rows.subarray(0, this.#filled)
  }

  #add(value: number): number {
    const mask = this.#slots.length - 1
    let slot = finishHash(mixNumber(hashSeed, value)) & mask
    for (;;) {
      const known = this.#slots[slot]! - 1
      if (known < 0) {
        this.#values[this.length] = value
        this.#slots[slot] = ++this.length
        return this.length - 1
      }
      if (this.#values[known] === value) return known
      slot = (slot + 1) & mask
    }
  }

  #clear(rows: number): void {
    this.length = 0
    this.#filled = rows
    if (rows > this.#rows.length) {
      this.#values = new Float64Array(rows)
      this.#rows = new Int32Array(rows)
    }
    let size = 1024
    while (size < rows * 2) size *= 2
    if (size === this.#slots.length) this.#slots.fill(0)
    else this.#slots = new Int32Array(size)
  }
}
