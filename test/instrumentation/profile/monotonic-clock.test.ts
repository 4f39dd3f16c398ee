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
  for (let round = 0; round < 5; round++) {
    clock.measure()
    const before = Date.now()
    const unixMs = clock.toUnixUs(monotonicUs()) / 1000
    const after = Date.now()
    // Date.now is cut to whole milliseconds.
    expect(unixMs).toBeGreaterThanOrEqual(before - 0.2)
    expect(unixMs).toBeLessThan(after + 1.2)
  }
})

it('never lets time run backwards between two measurements', () => {
  const clock = createWallClock()
  const start = monotonicUs()
  clock.measure()
  const times = Array.from({ length: 100 }, (_, i) => clock.toUnixUs(start + i))
  expect(times.filter((time, i) => i > 0 && time <= times[i - 1]!)).toEqual([])
})
