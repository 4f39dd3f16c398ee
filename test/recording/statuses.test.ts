import { describe, expect, test } from 'vitest'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { readStatuses, statusAt, statusMean, statusNear } from '../../src/recording/statuses.ts'
import { pushSeries } from '../helpers/push-rows.ts'

const builder = new RecordingBuilder(0n)
pushSeries(builder, 'process.cpu.utilization', { 20: 0.5, 10: 0.1, 30: 0.9 })
pushSeries(builder, 'process.cpu.utilization', { 15: 7 }, 2)
pushSeries(builder, 'process.memory.usage', { 10: 1000, 20: NaN })
pushSeries(builder, 'somebody.elses.metric', { 10: 1 })
const { cpu, memory, heap } = readStatuses(builder.snapshot())

describe('statuses', () => {
  test('are the points of the main thread by time, without those that have no value', () => {
    expect([...cpu.time]).toEqual([10e6, 20e6, 30e6])
    expect([...cpu.value]).toEqual([0.1, 0.5, 0.9])
    expect([...memory.value]).toEqual([1000])
    expect(heap.time.length).toBe(0)
  })

  test('a status holds until the next one, and there is none before the first', () => {
    expect([9e6, 10e6, 19e6, 20e6, 99e6].map(time => statusAt(cpu, time))).toEqual([
      undefined,
      0.1,
      0.1,
      0.5,
      0.9
    ])
  })

  test('what doesn’t hold on is the nearest one, no further than asked', () => {
    expect([4e6, 6e6, 14e6, 16e6, 34e6, 36e6].map(time => statusNear(cpu, time, 5e6))).toEqual([
      undefined,
      0.1,
      0.1,
      0.5,
      0.9,
      undefined
    ])
    expect(statusNear(heap, 1, 1e9)).toBeUndefined()
  })

  test('the mean is over the points in a stretch, and undefined without any', () => {
    expect(statusMean(cpu, 15e6, 30e6)).toBeCloseTo(0.7)
    expect(statusMean(cpu, 11e6, 12e6)).toBeUndefined()
  })
})
