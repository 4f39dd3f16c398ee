import { expect, test } from 'vitest'
import { SharedTexts } from '../../../src/collector/query/shared-texts.ts'

test('texts are told by their numbers, however many there are, and what is common has one number', async () => {
  const shared = new SharedTexts()
  const texts = Array.from({ length: 6_000 }, (_, i) =>
    i % 2 === 0 ? `GET /orders/${i % 3_000}` : 'POST /orders'
  )
  const rows = texts.map(text => shared.rowOf(text))
  expect(rows.map(row => shared.texts[row])).toEqual(texts)
  expect(new Set(rows.filter((_, i) => i % 2 === 1)).size).toBe(1)
  const fits = (text: string): boolean => text.endsWith('7') || text.startsWith('POST')
  const fitting = await shared.those(fits)
  expect(rows.map(row => fitting[row] === 1)).toEqual(texts.map(fits))
})
