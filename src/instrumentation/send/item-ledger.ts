// How many items of each kind were taken over for sending, and what became of them. It is kept in memory that all threads
// of the process share: it outlives the worker that sends, and tells what went down with it.

export const itemKinds = ['logs', 'samples', 'spans', 'stacks', 'statuses'] as const

/** `samples` are the sampler's own; `stacks` those that log calls and starting spans asked for. */
export type ItemKind = (typeof itemKinds)[number]
export type ItemCounts = Partial<Record<ItemKind, number>>

const rows = { taken: 0, sent: 1, dropped: 2, told: 3 } as const

export class ItemLedger {
  readonly memory: SharedArrayBuffer
  readonly #words: BigInt64Array

  constructor(memory = new SharedArrayBuffer(Object.keys(rows).length * itemKinds.length * 8)) {
    this.memory = memory
    this.#words = new BigInt64Array(memory)
  }

  /** From now on these are to be sent or dropped. */
  take(counts: ItemCounts): void {
    this.#add('taken', counts)
  }

  /** Of those taken: a receiver has acknowledged them. */
  sent(counts: ItemCounts): void {
    this.#add('sent', counts)
  }

  /** Of those taken: nobody will get them. */
  drop(counts: ItemCounts): void {
    this.#add('dropped', counts)
  }

  /** Lost before they were taken over. */
  lose(counts: ItemCounts): void {
    this.take(counts)
    this.drop(counts)
  }

  /** Dropped on purpose: these are in the totals, and no entry of the log tells of them. */
  leaveOut(counts: ItemCounts): void {
    this.drop(counts)
    this.#add('told', counts)
  }

  /** Drops all that is neither sent nor dropped: what a worker had when it ended. */
  dropUnsettled(): void {
    const counts: ItemCounts = {}
    for (const kind of itemKinds) {
      counts[kind] = this.#count('taken', kind) - this.#count('sent', kind) - this.#count('dropped', kind)
    }
    this.drop(counts)
  }

  /** How many items have arrived by now. */
  get arrived(): number {
    return itemKinds.reduce((sum, kind) => sum + this.#count('sent', kind), 0)
  }

  /** Since the process began; kinds of which there are none are left out. */
  get dropped(): ItemCounts {
    const counts: ItemCounts = {}
    for (const kind of itemKinds) {
      const count = this.#count('dropped', kind)
      if (count > 0) counts[kind] = count
    }
    return counts
  }

  /** Dropped since the last time this was asked, of these kinds. */
  takeUntold(kinds: readonly ItemKind[]): ItemCounts {
    const counts: ItemCounts = {}
    for (const kind of kinds) {
      const count = this.#count('dropped', kind) - this.#count('told', kind)
      if (count > 0) counts[kind] = count
    }
    this.#add('told', counts)
    return counts
  }

  /** What was to tell of them was dropped itself. */
  untell(counts: ItemCounts): void {
    this.#add('told', counts, -1n)
  }

  #add(row: keyof typeof rows, counts: ItemCounts, sign = 1n): void {
    for (const kind of itemKinds) {
      const count = counts[kind]
      if (count) Atomics.add(this.#words, place(row, kind), sign * BigInt(count))
    }
  }

  #count(row: keyof typeof rows, kind: ItemKind): number {
    return Number(Atomics.load(this.#words, place(row, kind)))
  }
}

function place(row: keyof typeof rows, kind: ItemKind): number {
  return rows[row] * itemKinds.length + itemKinds.indexOf(kind)
}
