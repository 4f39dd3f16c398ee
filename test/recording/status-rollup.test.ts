import { expect, test } from 'vitest'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { buildStatusRollup } from '../../src/recording/status-rollup.ts'
import { pushSeries } from '../helpers/push-rows.ts'

/** 300 ms before a full second and 20.3 s before a full minute, Unix time. */
const epoch = 1_700_000_019_700_000_000n

function rolled(points: Record<number, number>, stepMs: number): string[] {
  const builder = new RecordingBuilder(epoch)
  pushSeries(builder, 'process.cpu.utilization', points)
  const { curves } = buildStatusRollup(builder.snapshot(), stepMs)
  expect(curves.map(({ metric }) => metric)).toEqual(['process.cpu.utilization'])
  const { time, min, mean, max } = curves[0]!
  return Array.from(time, (at, row) => `${at / 1e6}: ${min[row]} ${mean[row]} ${max[row]}`)
}

test('each second has its smallest, mean and largest value, and seconds without any are left out', () => {
  expect(rolled({ 0: 0.1, 200: 0.3, 300: 0.9, 900: 0.7, 4300: 0.5 }, 1000)).toEqual([
    '-700: 0.1 0.2 0.3',
    '300: 0.7 0.8 0.9',
    '4300: 0.5 0.5 0.5'
  ])
})

test('minutes begin where those of the clock do', () => {
  expect(rolled({ 0: 0.1, 20_299: 0.3, 20_300: 0.9 }, 60_000)).toEqual([
    '-39700: 0.1 0.2 0.3',
    '20300: 0.9 0.9 0.9'
  ])
})

test('values keep three digits', () => {
  expect(rolled({ 0: 123_456_789, 100: 0.000123456 }, 1000)).toEqual(['-700: 0.000123 61700000 123000000'])
})

test('a recording without statuses has no curves', () => {
  expect(buildStatusRollup(new RecordingBuilder(epoch).snapshot(), 1000).curves).toEqual([])
})
