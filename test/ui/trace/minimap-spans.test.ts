import { expect, test } from 'vitest'
import { minimapSpans } from '../../../src/ui/trace/minimap-spans.ts'

const span = (start: number, end: number, error = false) => ({ start, end, error })

test('every span has its line where there is room for all', () => {
  const spans = [span(0, 9), span(1, 2, true), span(3, 4)]
  expect(minimapSpans(spans, 400)).toEqual(spans)
  expect(minimapSpans([], 400)).toEqual([])
})

test('however many spans there are, each line has one of its own', () => {
  for (let count = 1; count <= 1000; count++) {
    const spans = Array.from({ length: count }, (_, i) => span(i, i + 1))
    expect(new Set(minimapSpans(spans, 400)).size, `${count} spans`).toBe(Math.min(count, 400))
  }
})

test('of many spans all of the trace is shown, not its beginning', () => {
  const spans = Array.from({ length: 5000 }, (_, i) => span(i, i + 1))
  const shown = minimapSpans(spans, 400)
  expect(shown).toHaveLength(400)
  expect(shown.at(-1)!.start).toBeGreaterThan(4980)
})

test('of spans that share a line the longest is seen, and what failed before what did not', () => {
  const failed = span(7, 8, true)
  const long = span(0, 100)
  expect(minimapSpans([span(0, 1), long, span(2, 3), span(4, 5), failed, span(5, 50)], 2)).toEqual([
    long,
    failed
  ])
})
