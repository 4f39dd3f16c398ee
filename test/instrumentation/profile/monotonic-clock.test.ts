import { expect, it } from 'vitest'
import { createWallClock, monotonicUs } from '../../../src/instrumentation/profile/monotonic-clock.ts'

it('reads the clock of process.hrtime', () => {
  const before = Number(process.hrtime.bigint()) / 1000
  const between = monotonicUs()
  const after = Number(process.hrtime.bigint()) / 1000
  expect(between).toBeGreaterThanOrEqual(before)
  expect(between).toBeLessThanOrEqual(after)
})

it('turns monotonic time into the time of Date.now, finer than a millisecond', () => {
  const clock = createWallClock()
  const offMs = Array.from({ length: 15 }, () => {
    clock.measure()
    const before = Date.now()
    const unixMs = clock.toUnixUs(monotonicUs()) / 1000
    // Date.now is cut to whole milliseconds.
    return Math.max(before - 0.2 - unixMs, unixMs - (Date.now() + 1.2))
  })
  // A measurement that the system interrupts is off by as long as that took.
  expect(median(offMs)).toBeLessThan(0)
})

it('never lets time run backwards between two measurements', () => {
  const clock = createWallClock()
  const start = monotonicUs()
  clock.measure()
  const times = Array.from({ length: 100 }, (_, i) => clock.toUnixUs(start + i))
  expect(times.filter((time, i) => i > 0 && time <= times[i - 1]!)).toEqual([])
})

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}
