import { expect, test } from 'vitest'
import { numberOfName, numberOfTens, severityOfNumber } from '../../../src/instrumentation/logs/severities.ts'

test.each([
  [10, 1, 'TRACE'],
  [20, 5, 'DEBUG'],
  [25, 7, 'DEBUG'],
  [30, 9, 'INFO'],
  [35, 11, 'INFO'],
  [40, 13, 'WARN'],
  [50, 17, 'ERROR'],
  [60, 21, 'FATAL'],
  [1000, 24, 'FATAL'],
  [-5, 1, 'TRACE'],
  [NaN, 9, 'INFO']
])('level %d of pino and bunyan is %d, %s', (level, number, name) => {
  expect(numberOfTens(level)).toBe(number)
  expect(severityOfNumber(number)).toBe(name)
})

test("winston's level names have their places, a program's own the place of their neighbours", () => {
  expect(
    ['emerg', 'crit', 'error', 'warning', 'notice', 'info', 'http', 'debug', 'silly'].map(name =>
      numberOfName(name)
    )
  ).toEqual([23, 21, 17, 13, 10, 9, 7, 5, 1])
  const order = { audit: 0, error: 1, broken: 2, info: 3, chatter: 4 }
  expect(Object.keys(order).map(name => numberOfName(name, order))).toEqual([17, 17, 17, 9, 9])
  expect(numberOfName('what', { what: 0 })).toBe(9)
})
