import { expect, test } from 'vitest'
import { Sweeper } from '../../../src/collector/store/sweeper.ts'

test('what is swept adds up, and a sweep that fails is named until one works', async () => {
  const found = [3, new Error('the bucket is away'), 4]
  const sweeper = new Sweeper(async () => {
    const next = found.shift()
    if (typeof next !== 'number') throw next
    return next
  })
  expect(sweeper.statistics).toEqual({ deleted: 0, sweptMs: undefined })
  await sweeper.run()
  const { sweptMs } = sweeper.statistics
  expect(Math.abs(Date.now() - sweptMs!)).toBeLessThan(60_000)
  await sweeper.run()
  expect(sweeper.problem).toBe("Objects that nothing names can't be deleted: the bucket is away")
  expect(sweeper.statistics).toEqual({ deleted: 3, sweptMs })
  await sweeper.run()
  expect(sweeper.problem).toBeUndefined()
  expect(sweeper.statistics.deleted).toBe(7)
})
