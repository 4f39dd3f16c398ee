import { MicrologError } from '../../base/errors.ts'
import type { Page } from '../api.ts'

/** Most items of a page. */
export const largestPage = 10_000
const usualPage = 1000

export interface PageRequest {
  limit: number
  /** As the page before gave it: the place of its last item. */
  after: string | undefined
}

/** Texts of a query, each at most once. */
export type QueryTexts = ReadonlyMap<string, string>

export function readPageRequest(query: QueryTexts): PageRequest {
  const limit = readNumber(query, 'limit') ?? usualPage
  return { limit: Math.min(largestPage, Math.max(1, Math.floor(limit))), after: query.get('cursor') }
}

/** Undefined where it isn't given. */
export function readNumber(query: QueryTexts, name: string): number | undefined {
  const text = query.get(name)
  if (text === undefined || text === '') return undefined
  const number = Number(text)
  if (Number.isFinite(number)) return number
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

/**
 * One page of a list from its newest on. An item's place is its time and what tells it from others of that time, so
 * that items which come meanwhile move nothing.
 */
export function pageOf<Item>(
  items: readonly Item[],
  placeOf: (item: Item) => { time: number; key: string },
  { limit, after }: PageRequest
): Page<Item> {
  const placed = items.map(item => ({ item, ...placeOf(item) }))
  placed.sort((a, b) => b.time - a.time || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  const start = after === undefined ? undefined : parseCursor(after)
  const rest = start
    ? placed.filter(({ time, key }) => time < start.time || (time === start.time && key > start.key))
    : placed
  const page = rest.slice(0, limit)
  const last = page.at(-1)
  const found: Page<Item> = { items: page.map(({ item }) => item) }
  if (last && rest.length > limit) found.cursor = `${last.time}_${last.key}`
  return found
}

export function parseCursor(cursor: string): { time: number; key: string } {
  const split = cursor.indexOf('_')
  const time = Number(cursor.slice(0, split))
  if (split > 0 && Number.isFinite(time)) return { time, key: cursor.slice(split + 1) }
  throw new MicrologError('invalid-input', 'Expected a cursor as the page before gave it')
}
