import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Retention } from '../../../src/collector/store/retention.ts'
import { runEvery } from '../../../src/collector/jobs/run-every.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** A run that goes on until it is ended. */
function slowRun(): { run(): Promise<void>; end(): void; begun(): number } {
  let begun = 0
  let end = (): void => {}
  return {
    run: () => new Promise(resolve => (begun++, (end = resolve))),
    end: () => end(),
    begun: () => begun
  }
}

test('the next run waits for the one that is still going, and then as long as always', async () => {
  const { run, end, begun } = slowRun()
  runEvery(1000, run)
  await vi.advanceTimersByTimeAsync(999)
  expect(begun()).toBe(0)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(begun()).toBe(1)
  end()
  await vi.advanceTimersByTimeAsync(999)
  expect(begun()).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(begun()).toBe(2)
})

test('the end waits for the run that is going, and no other follows', async () => {
  const { run, end, begun } = slowRun()
  const repeated = runEvery(1000, run, 0)
  await vi.advanceTimersByTimeAsync(0)
  let ended = false
  const stopped = repeated.stop().then(() => (ended = true))
  await vi.advanceTimersByTimeAsync(5000)
  expect(ended).toBe(false)
  end()
  await stopped
  await vi.advanceTimersByTimeAsync(5000)
  expect(begun()).toBe(1)
})

test('retention begins no look at the store while the one before goes on', async () => {
  let asked = 0
  const never = (): Promise<never> => (asked++, new Promise(() => {}))
  const retention = new Retention({
    catalog: {
      keptSegments: never,
      replacedSegments: never,
      readable: never,
      removeSegments: never,
      removeFirst: never
    },
    limits: { ageMs: 1000, bytes: 0 },
    isOpen: () => false
  })
  retention.start()
  await vi.advanceTimersByTimeAsync(600_000)
  expect(asked).toBe(1)
})
