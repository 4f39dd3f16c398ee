// Dictionaries in sections: what only one group needs, or only one chunk of its rows, is read only with that one.
import { groupId } from '../layout.ts'
import type { Owner } from '../layout.ts'

export interface Section {
  readonly owner: Owner
  /** First row, and the row behind the last. */
  readonly from: number
  readonly to: number
}

/** A section of fewer entries costs more than it saves: they go to the group, or to all. */
const fewestEntries = 128

/** Collects who uses which entry of a dictionary, and then puts the entries in order of their owners and first use. */
export class SectionPlanner {
  readonly #owner: Int32Array
  readonly #entries: Int32Array
  #filled = 0
  readonly #kept: number

  /** @param length entries of the dictionary @param kept entries at its start that stay where they are, and are in no section */
  constructor(length: number, kept: number) {
    this.#owner = new Int32Array(length).fill(unused)
    this.#entries = new Int32Array(length)
    this.#kept = kept
  }

  use(entry: number, owner: Owner): void {
    if (entry < this.#kept) return
    const known = this.#owner[entry]!
    const packed = pack(owner)
    if (known === unused) {
      this.#owner[entry] = packed
      this.#entries[this.#filled++] = entry
    } else if (known !== packed) this.#owner[entry] = common(known, packed)
  }

  /** The old entries in their new order, without the unused ones, and the sections of that. */
  plan(merge = fewestEntries): { order: Int32Array; sections: Section[] } {
    const entries = this.#entries.subarray(0, this.#filled)
    this.#mergeSmall(entries, merge, owner => pack({ group: unpack(owner).group, chunk: 0 }))
    this.#mergeSmall(entries, merge, () => 0)
    const order = new Int32Array(this.#kept + entries.length)
    for (let i = 0; i < this.#kept; i++) order[i] = i
    order.set(this.#byOwner(entries), this.#kept)
    return { order, sections: this.#sections(order) }
  }

  /** In the order of the owners; what one owns stays in the order it is in. */
  #byOwner(entries: Int32Array): Int32Array {
    const starts = new Map<number, number>()
    let next = 0
    for (const [owner, count] of Array.from(this.#counts(entries)).sort(([a], [b]) => a - b)) {
      starts.set(owner, next)
      next += count
    }
    const sorted = new Int32Array(entries.length)
    for (const entry of entries) {
      const owner = this.#owner[entry]!
      const at = starts.get(owner)!
      sorted[at] = entry
      starts.set(owner, at + 1)
    }
    return sorted
  }

  /** Entries of each owner. */
  #counts(entries: Int32Array): Map<number, number> {
    const counts = new Map<number, number>()
    for (const entry of entries) {
      const owner = this.#owner[entry]!
      counts.set(owner, (counts.get(owner) ?? 0) + 1)
    }
    return counts
  }

  #mergeSmall(entries: Int32Array, fewest: number, into: (owner: number) => number): void {
    const counts = this.#counts(entries)
    for (const entry of entries) {
      const owner = this.#owner[entry]!
      if (counts.get(owner)! < fewest) this.#owner[entry] = into(owner)
    }
  }

  #sections(order: Int32Array): Section[] {
    const sections: Section[] = []
    for (let from = this.#kept, to = from; from < order.length; from = to) {
      const owner = this.#owner[order[from]!]!
      while (to < order.length && this.#owner[order[to]!] === owner) to++
      sections.push({ owner: unpack(owner), from, to })
    }
    return sections
  }
}

const unused = -1

function pack(owner: Owner): number {
  return owner.group * 0x10000 + owner.chunk
}

function unpack(packed: number): Owner {
  return { group: packed >> 16, chunk: packed & 0xffff }
}

function common(a: number, b: number): number {
  return a >> 16 === b >> 16 ? (a >> 16) * 0x10000 : groupId.shared
}
