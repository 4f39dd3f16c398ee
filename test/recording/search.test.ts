import { expect, test } from 'vitest'
import { compileSearch, frameTexts, matchTexts } from '../../src/recording/search.ts'
import { recordingFromText } from '../helpers/recording-from-text.ts'

function matches(search: string, texts: readonly string[]): number[] {
  const compiled = compileSearch(search)
  if (compiled.kind !== 'pattern') throw new Error(`${search} is ${compiled.kind}`)
  return [...matchTexts(compiled.pattern, texts)]
}

test('a search is a regular expression that ignores case until a capital letter is typed', () => {
  expect(matches('^par', ['parse', 'PARSE', 'compare'])).toEqual([1, 1, 0])
  expect(matches('Par', ['parse', 'Parse'])).toEqual([0, 1])
  expect(matches('a|z', ['a', 'b', 'z'])).toEqual([1, 0, 1])
})

test('nothing typed searches for nothing, and a broken expression says why', () => {
  expect(compileSearch('')).toEqual({ kind: 'none' })
  expect(compileSearch('(')).toMatchObject({ kind: 'invalid', reason: expect.stringContaining('(') })
})

test('a frame is found by its name and by its file', () => {
  const texts = frameTexts(recordingFromText('0ms\nhandler'))
  expect(matches('handler', texts)).toEqual([1])
  expect(matches('app\\.js', texts)).toEqual([1])
})
