import type { Page } from '../api.ts'
import { formatCursor, parseCursor } from './page.ts'
import type { PageRequest, Place } from './page.ts'

/** Items that are kept before they are sorted, beyond those that the page may need: a millisecond's work. */
const keptUnsorted = 1_024

/** How a list is sorted. */
export interface ItemOrder<Item> {
  /** The largest first. */
  rankOf(item: Item): number
  /** The same for items of one rank; without it they are sorted by their keys alone. */
  thenOf?(item: Item): number
  /** What tells it from others. */
  keyOf(item: Item): string
}

/**
 * One page of a list from its first on. An item's place is what the list is sorted by and what tells it from its equals,
 * so that items which come meanwhile move nothing. Sorted only as far as the page needs: there may be a million.
 */
export class FirstItems<Item> {
  readonly #order: ItemOrder<Item>
  readonly #limit: number
  readonly #cursor: Place | undefined
  #kept: Item[] = []
  /** Of the last of those kept when they were sorted: what stands behind needs no place any more. */
  #lastRank = -Infinity
  #lastThen = -Infinity

  constructor(order: ItemOrder<Item>, { limit, after }: PageRequest) {
    this.#order = order
    this.#limit = limit
    this.#cursor = after === undefined ? undefined : parseCursor(after, order.thenOf ? 2 : 1)
  }

  add(item: Item): void {
    const { rankOf, thenOf } = this.#order
    const rank = rankOf(item)
    if (rank < this.#lastRank) return
    if (thenOf && rank === this.#lastRank && thenOf(item) < this.#lastThen) return
    if (this.#cursor && !this.#follows(item, this.#cursor)) return
    if (this.#kept.push(item) > 2 * this.#limit + keptUnsorted) this.#cut()
  }

  addAll(items: ArrayLike<Item>): void {
    for (let i = 0; i < items.length; i++) this.add(items[i]!)
  }

  page(): Page<Item> {
    this.#cut()
    const page: Page<Item> = { items: this.#kept.slice(0, this.#limit) }
    const last = page.items.at(-1)
    if (last !== undefined && this.#kept.length > this.#limit) page.cursor = formatCursor(this.#placeOf(last))
    return page
  }

  #placeOf(item: Item): Place {
    const { rankOf, thenOf, keyOf } = this.#order
    const numbers = thenOf ? [rankOf(item), thenOf(item)] : [rankOf(item)]
    return { numbers, key: keyOf(item) }
  }

  #follows(item: Item, { numbers: [rank, then], key }: Place): boolean {
    const { rankOf, thenOf, keyOf } = this.#order
    const before = rank! - rankOf(item) || (thenOf ? then! - thenOf(item) : 0)
    return before > 0 || (before === 0 && keyOf(item) > key)
  }

  #cut(): void {
    const { rankOf, thenOf, keyOf } = this.#order
    // Of equals, which may be all of them, each is asked for once.
    const keys = new Map<Item, string>()
    const keyOnce = (item: Item): string => {
      const key = keys.get(item) ?? keyOf(item)
      keys.set(item, key)
      return key
    }
    const inOrder = (a: Item, b: Item): number =>
      rankOf(b) - rankOf(a) || (thenOf ? thenOf(b) - thenOf(a) : 0) || compareTexts(keyOnce(a), keyOnce(b))
    this.#kept = this.#kept.sort(inOrder).slice(0, this.#limit + 1)
    const last = this.#kept[this.#limit]
    if (last === undefined) return
    this.#lastRank = rankOf(last)
    this.#lastThen = thenOf?.(last) ?? -Infinity
  }
}

export function pageOf<Item>(
  items: Iterable<Item>,
  rankOf: (item: Item) => number,
  keyOf: (item: Item) => string,
  request: PageRequest
): Page<Item> {
  const first = new FirstItems({ rankOf, keyOf }, request)
  for (const item of items) first.add(item)
  return first.page()
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
