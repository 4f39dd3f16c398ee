import { expect, test } from 'vitest'
import { buildAxisLabels } from '../../../src/ui/trace/axis-labels.ts'

test('a label that would be cut at the right edge stands before its tick', () => {
  const labels = buildAxisLabels({ from: 0, to: 2.02e9 }, 505)
  expect(labels.map(({ label, before }) => [label, before])).toEqual([
    ['0 s', false],
    ['0.5 s', false],
    ['1.0 s', false],
    ['1.5 s', false],
    ['2.0 s', true]
  ])
})

test('a label that turns at the edge gives way to the one before it', () => {
  const labels = buildAxisLabels({ from: 20.1e9, to: 20.1601e9 }, 541)
  expect(labels.slice(-2)).toMatchObject([
    { label: '20.15 s', before: false },
    { label: '', before: true }
  ])
})

test.each([100, 190, 333, 540, 541, 900, 1111])('on %i pixels no label lies on another or is cut', width => {
  for (let to = 1e5; to < 1e13; to *= 1.37) {
    let taken = -1
    for (const { left, label, before } of buildAxisLabels({ from: 0, to }, width)) {
      if (!label) continue
      const [x, length] = [(left / 100) * width, label.length * 7]
      const from = before ? x - length : x
      expect(from).toBeGreaterThan(taken)
      taken = from + length
      expect(taken).toBeLessThanOrEqual(width)
    }
  }
})
