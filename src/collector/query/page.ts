// What a request says about the page of a list that it asks for, and other texts of its query.
import { MicrologError } from '../../base/errors.ts'

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

/**
 * @param key what tells an item of the list from its equals, so that another list's cursor is known for one
 * @param numbers that the list is sorted by
 */
export function readPageRequest(query: QueryTexts, key: RegExp, numbers = 1): PageRequest {
  const limit = readNumber(query, 'limit') ?? usualPage
  if (!(Number.isInteger(limit) && limit >= 1)) {
    throw new MicrologError('invalid-input', `Expected limit to be a whole number from 1 on, found ${limit}`)
  }
  const after = query.get('cursor') || undefined
  if (after !== undefined && !key.test(parseCursor(after, numbers).key)) throw notCursor()
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
export function readChoice<Choice extends string>(
  query: QueryTexts,
  name: string,
  choices: readonly Choice[]
): Choice | undefined {
  const text = query.get(name)
  if (text === undefined || text === '') return undefined
  const chosen = choices.find(choice => choice === text)
  if (chosen !== undefined) return chosen
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

/** Where an item of a list stands: the numbers that the list is sorted by, and what tells it from its equals. */
export interface Place {
  numbers: readonly number[]
  key: string
}

export function formatCursor({ numbers, key }: Place): string {
  return [...numbers, key].join('_')
}

/** @param numbers how many the list is sorted by */
export function parseCursor(cursor: string, numbers = 1): Place {
  const parts = cursor.split('_')
  const place = { numbers: parts.slice(0, numbers).map(Number), key: parts.slice(numbers).join('_') }
  const isWhole =
    parts.length > numbers &&
    !parts.slice(0, numbers).includes('') &&
    place.key !== '' &&
    place.numbers.every(Number.isFinite)
  if (isWhole) return place
  throw notCursor()
}

function notCursor(): MicrologError {
  return new MicrologError('invalid-input', 'Expected cursor to be as the page before gave it')
}
