import { describe, expect, test } from 'vitest'
import { replacedSegments } from '../../../src/collector/store/replaced-segments.ts'

const hour = (letter: string): string => `hour-${letter.repeat(32)}`
const day = (letter: string): string => `day-${letter.repeat(32)}`

/** Made from the places of journal j with these numbers, each a segment of its own. */
function claim(id: string, storedMs: number, places: readonly number[], replaces: readonly string[] = []) {
  const journals = places.map(from => ({ file: 'j', from, to: from + 1 }))
  return { id, storedMs, meta: { journals, replaces } }
}

const sealed = (place: number): string => `j-${place}-${place + 1}`

const countedOf = (claims: readonly ReturnType<typeof claim>[], places: readonly number[]): string[] => {
  const replaced = replacedSegments(claims)
  return [...claims.map(({ id }) => id), ...places.map(sealed)].filter(id => !replaced.has(id)).sort()
}

describe('of segments that hold the same, one counts', () => {
  test('the compacted one, whether those that it was made from are there or not', () => {
    expect(countedOf([claim(hour('a'), 1, [1, 2])], [1, 2, 3])).toEqual([hour('a'), sealed(3)])
    expect(replacedSegments([claim(hour('a'), 1, [1])]).get(sealed(1))).toBe(hour('a'))
  })

  test('the day, before its hours and what these were made from', () => {
    const claims = [
      claim(hour('a'), 1, [1, 2]),
      claim(hour('b'), 2, [3]),
      claim(day('c'), 3, [1, 2, 3], [hour('a'), hour('b')])
    ]
    for (const order of [claims, claims.toReversed()]) {
      expect(countedOf(order, [1, 2, 3, 4])).toEqual([day('c'), sealed(4)])
    }
  })

  test('an hour that took up more later, before its former self, though that was first', () => {
    const claims = [claim(hour('a'), 1, [1]), claim(hour('b'), 2, [1, 2], [hour('a')])]
    expect(countedOf(claims, [1, 2])).toEqual([hour('b')])
  })

  test('an hour that somebody puts again after its day was made doesn’t count, though all else is gone', () => {
    const late = claim(hour('a'), 9, [1, 2])
    expect(countedOf([claim(day('c'), 3, [1, 2, 3], [hour('a')]), late], [])).toEqual([day('c')])
  })

  test('of two that two collectors made of the same, the first, and what only the second had is where it was', () => {
    const claims = [claim(hour('b'), 1, [1, 2, 3]), claim(hour('a'), 2, [3, 4])]
    expect(countedOf(claims, [1, 2, 3, 4])).toEqual([hour('b'), sealed(4)])
  })

  test('a day made from one of two rivals takes the place of both', () => {
    const claims = [
      claim(hour('b'), 1, [3, 4]),
      claim(hour('a'), 2, [1, 2, 3]),
      claim(day('c'), 3, [1, 2, 3, 4], [hour('a'), hour('b')])
    ]
    expect(countedOf(claims, [1, 2, 3, 4])).toEqual([day('c')])
  })
})
