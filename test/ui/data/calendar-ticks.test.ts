import { expect, test } from 'vitest'
import { calendarTicks } from '../../../src/ui/data/calendar-ticks.ts'
import { areaPath } from '../../../src/ui/pages/area-path.ts'

const at = (day: number, hour: number): number => new Date(2026, 10, day, hour).getTime()
const labels = (from: number, to: number, most = 12): string[] =>
  calendarTicks(from, to, most).map(({ label }) => label)

test('marks stand at whole hours or days, and never more than there is room for', () => {
  expect(labels(at(3, 9) + 1, at(3, 13))).toEqual(['10:00', '11:00', '12:00', '13:00'])
  expect(labels(at(3, 9), at(4, 9))).toEqual([
    ...['10:00', '12:00', '14:00', '16:00', '18:00', '20:00', '22:00', '4 Nov'],
    ...['02:00', '04:00', '06:00', '08:00']
  ])
  expect(labels(at(3, 9), at(9, 9))).toEqual([
    ...['3 Nov', '4 Nov', '5 Nov', '6 Nov', '7 Nov', '8 Nov', '9 Nov']
      .flatMap(day => [day, '12:00'])
      .slice(1, 13)
  ])
  for (const days of [10, 40, 100, 1000, 10_000]) {
    expect(labels(at(1, 5), at(1 + days, 5)).length).toBeLessThanOrEqual(12)
  }
  expect(calendarTicks(at(3, 0), at(20, 0), 12).map(({ time }) => new Date(time).getHours())).toEqual(
    new Array(9).fill(0)
  )
})

test('a curve is drawn to its highest value, and not where there is none', () => {
  const path = areaPath([0, 10, 40], [1, 2, 0], 10, { from: 0, to: 100 })
  expect(path).toBe('M0.00000 1V0.500H0.10000V1ZM0.10000 1V0.000H0.20000V1ZM0.40000 1V1.000H0.50000V1Z')
  expect(areaPath([], [], 10, { from: 0, to: 100 })).toBe('')
})
