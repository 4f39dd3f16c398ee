import type { Table } from '../../recording/schema.ts'
import { IdIndex } from '../id-index.ts'

/** Finds the first row of a span by its id. */
export class SpanRows {
  readonly #index: IdIndex
  readonly #rows: Int32Array

  constructor(spans: Table<'spans'>) {
    this.#index = new IdIndex(spans.length, 8)
    this.#rows = new Int32Array(spans.length)
    for (let row = 0; row < spans.length; row++) {
      const known = this.#index.length
      if (this.#index.add(spans.spanId, row) === known) this.#rows[known] = row
    }
  }

  /** The row of the span whose id is in row `at` of `ids`, or -1. */
  find(ids: Uint8Array, at: number): number {
    const found = this.#index.find(ids, at)
    return found < 0 ? -1 : this.#rows[found]!
  }
}
