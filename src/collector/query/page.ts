import { MicrologError } from '../../base/errors.ts'
import type { Page } from '../api.ts'

/** Most items of a page. */
const largestPage = 10_000
const usualPage = 1000

export interface PageRequest {
  limit: number
  /** As the page before gave it: the place of its last item. */
  after: string | undefined
}

/** Texts of a query, each at most once. */
export type QueryTexts = ReadonlyMap<string, string>

/** @param key what tells an item of the list from others of its time, so that another list's cursor is known for one */
export function readPageRequest(query: QueryTexts, key: RegExp): PageRequest {
  const limit = readNumber(query, 'limit') ?? usualPage
  if (!(Number.isInteger(limit) && limit >= 1)) {
    throw new MicrologError('invalid-input', `Expected limit to be a whole number from 1 on, found ${limit}`)
  }
  const after = query.get('cursor') || undefined
  if (after !== undefined && !key.test(parseCursor(after).key)) throw notCursor()
  return { limit: Math.min(largestPage, limit), after }
}

/** Undefined where it isn't given. */
export function readNumber(query: QueryTexts, name: string): number | undefined {
  const text = query.get(name)
  if (text === undefined || text === '') return undefined
  const number = Number(text)
  if (Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number
  throw new MicrologError(
    'invalid-input',
    `Expected ${name} to be a number, found ${JSON.stringify(text.slice(0, 40))}`
  )
}

/** True and false as people write them. */
export function readFlag(query: QueryTexts, name: string): boolean | undefined {
  const text = query.get(name)
  if (text === undefined || text === '') return undefined
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  throw new MicrologError(
    'invalid-input',
    `Expected ${name} to be true or false, found ${JSON.stringify(text.slice(0, 40))}`
  )
}

/** One of a few words. */
export function readChoice(query: QueryTexts, name: string, choices: readonly string[]): string | undefined {
  const text = query.get(name)
  if (text === undefined || text === '') return undefined
  if (choices.includes(text)) return text
  throw notAmong(name, choices, text)
}

/** Some of a few words, with commas between, in any case. */
export function readChoices(
  query: QueryTexts,
  name: string,
  choices: readonly string[]
): ReadonlySet<string> | undefined {
  const text = query.get(name)
  if (text === undefined || text === '') return undefined
  const words = text.toLowerCase().split(',')
  if (words.every(word => choices.includes(word))) return new Set(words)
  throw notAmong(name, choices, text)
}

function notAmong(name: string, choices: readonly string[], text: string): MicrologError {
  return new MicrologError(
    'invalid-input',
    `Expected ${name} to be ${choices.join(' or ')}, found ${JSON.stringify(text.slice(0, 40))}`
  )
}

/** Items that are kept before they are sorted, beyond those that the page may need. */
const keptUnsorted = 4_096

/**
 * One page of a list from its newest on. An item's place is its time and what tells it from others of that time, so
 * that items which come meanwhile move nothing. Sorted only as far as the page needs: there may be a million.
 */
export class NewestFirst<Item> {
  readonly #timeOf: (item: Item) => number
  readonly #keyOf: (item: Item) => string
  readonly #limit: number
  readonly #cursor: { time: number; key: string } | undefined
  #kept: Item[] = []
  #oldestKept = -Infinity

  constructor(timeOf: (item: Item) => number, keyOf: (item: Item) => string, { limit, after }: PageRequest) {
    this.#timeOf = timeOf
    this.#keyOf = keyOf
    this.#limit = limit
    this.#cursor = after === undefined ? undefined : parseCursor(after)
  }

  add(item: Item): void {
    const time = this.#timeOf(item)
    if (time < this.#oldestKept || !this.#follows(item, time)) return
    if (this.#kept.push(item) > 2 * this.#limit + keptUnsorted) this.#cut()
  }

  page(): Page<Item> {
    this.#cut()
    const page: Page<Item> = { items: this.#kept.slice(0, this.#limit) }
    const last = page.items.at(-1)
    if (last !== undefined && this.#kept.length > this.#limit)
      page.cursor = `${this.#timeOf(last)}_${this.#keyOf(last)}`
    return page
  }

  #follows(item: Item, time: number): boolean {
    const cursor = this.#cursor
    return (
      cursor === undefined || time < cursor.time || (time === cursor.time && this.#keyOf(item) > cursor.key)
    )
  }

  #cut(): void {
    const [timeOf, keyOf, limit] = [this.#timeOf, this.#keyOf, this.#limit]
    const newest = (a: Item, b: Item): number => timeOf(b) - timeOf(a) || compare(keyOf(a), keyOf(b))
    this.#kept = this.#kept.sort(newest).slice(0, limit + 1)
    if (this.#kept.length > limit) this.#oldestKept = timeOf(this.#kept[limit]!)
  }
}

export function pageOf<Item>(
  items: Iterable<Item>,
  timeOf: (item: Item) => number,
  keyOf: (item: Item) => string,
  request: PageRequest
): Page<Item> {
  const newest = new NewestFirst(timeOf, keyOf, request)
  for (const item of items) newest.add(item)
  return newest.page()
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export function parseCursor(cursor: string): { time: number; key: string } {
  const split = cursor.indexOf('_')
  const time = Number(cursor.slice(0, split))
  if (split > 0 && Number.isFinite(time)) return { time, key: cursor.slice(split + 1) }
  throw notCursor()
}

function notCursor(): MicrologError {
  return new MicrologError('invalid-input', 'Expected cursor to be as the page before gave it')
}
