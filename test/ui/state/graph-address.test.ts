import { expect, test } from 'vitest'
import { formatPlace, formatStretch, parsePlace, parseStretch } from '../../../src/ui/state/graph-address.ts'

const whole = { from: 0, to: 5_000 }

test('a stretch of a graph is read as it was written, within what there is', () => {
  expect(parseStretch(formatStretch({ from: 10.4, to: 20.2 }), whole)).toEqual({ from: 10, to: 21 })
  expect(parseStretch('4000-9000', whole)).toEqual({ from: 4000, to: 5000 })
})

test.each([undefined, '', '5', '20-10', '-5-10', '9000-10000', '1e3-2e3', '1-2-3'])(
  'the stretch %j is everything',
  text => {
    expect(parseStretch(text, whole)).toBeUndefined()
  }
)

test('a call of a graph is read as it was written', () => {
  expect(parsePlace(formatPlace({ depth: 3, at: 120.9 }))).toEqual({ depth: 3, at: 120 })
  for (const text of [undefined, '3', '3.', '.5', '3.5.7', '-1.5']) expect(parsePlace(text)).toBeUndefined()
})
