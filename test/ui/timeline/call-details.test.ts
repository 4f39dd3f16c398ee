import { describe, expect, test } from 'vitest'
import { buildCalls } from '../../../src/recording/calls.ts'
import { readStatuses } from '../../../src/recording/statuses.ts'
import {
  buildCallDetails,
  formatShare,
  isAnomaly,
  similarCalls
} from '../../../src/ui/timeline/call-details.ts'
import { pushSeries } from '../../helpers/push-rows.ts'
import { builderFromText } from '../../helpers/recording-from-text.ts'

const builder = builderFromText(`
  0ms   1ms   2ms   3ms    4ms   5ms
  main  main  main  main   main  main
  load  load  save  load   other load
                           load
`)
pushSeries(builder, 'process.cpu.utilization', { 0: 0.4, 1: 0.6, 3: 1 })
pushSeries(builder, 'microlog.modules.loaded', { 0: 10, 2: 14 })
const recording = builder.snapshot()
const calls = buildCalls(recording, 0)
const details = buildCallDetails(recording, calls, 1, { from: 0, to: 10e6 }, readStatuses(recording))

describe('the details of a call', () => {
  test('compare it with the calls of the same function by the same caller', () => {
    expect(details).toMatchObject({
      name: 'load',
      caller: 'main',
      count: 3,
      total: 4e6,
      samples: 2,
      share: 0.2
    })
    expect(details.average).toBeCloseTo(4e6 / 3)
    expect(similarCalls(calls, 1).length).toBe(3)
  })

  test('list the longest first, with their share of the longest', () => {
    expect(details.similar.map(({ duration, share }) => [duration, share])).toEqual([
      [2e6, 1],
      [1e6, 0.5],
      [1e6, 0.5]
    ])
  })

  test('tell the mean CPU and the modules loaded meanwhile', () => {
    expect(details.cpu).toBeCloseTo(0.5)
    expect(details.modulesLoaded).toBe(4)
  })

  test('of the outermost call name no caller', () => {
    const outermost = buildCallDetails(recording, calls, 0, { from: 0, to: 6e6 }, readStatuses(recording))
    expect(outermost).toMatchObject({
      caller: '',
      count: 1,
      place: 'app.js:1',
      link: 'vscode://file/app.js:1:1'
    })
  })

  test('count what a recursion takes once', () => {
    const recursive = builderFromText(`
      0ms   1ms   2ms   3ms   4ms
      main  main  main  main  main
      fib   fib   fib   fib   fib
      fib   fib         fib   other
      fib   fib         fib
            fib
    `).snapshot()
    const table = buildCalls(recursive, 0)
    const detailsOf = (call: number) =>
      buildCallDetails(recursive, table, call, { from: 0, to: 5e6 }, readStatuses(recursive))
    expect(detailsOf(1)).toMatchObject({ name: 'fib', caller: 'main', count: 1, total: 5e6, average: 5e6 })
    // The innermost is within calls of fib by fib: it is listed, but their time isn't counted again for it.
    const innermost = table.depth.indexOf(4)
    expect(detailsOf(innermost)).toMatchObject({ caller: 'fib', count: 2, total: 3e6 })
    expect(detailsOf(innermost).similar.map(({ call }) => call)).toContain(innermost)
  })

  test('list at most a dozen, the call itself among them', () => {
    const long = builderFromText('0ms\nmain')
    for (let i = 1; i <= 40; i++) {
      const pause = i % 2 === 0 ? -1 : 0
      long.push('samples', { time: i * 1e6, stack: pause, link: 0, profile: 0, value: 1, attributes: 0 })
    }
    const many = long.snapshot()
    const table = buildCalls(many, 0)
    const last = table.length - 1
    const { similar, count } = buildCallDetails(many, table, last, { from: 0, to: 1e9 }, readStatuses(many))
    expect(count).toBe(table.length)
    expect(similar.length).toBe(12)
    expect(similar.some(({ call }) => call === last)).toBe(true)
  })
})

test('unusual is what takes 0.1 s and 30 % longer than the average', () => {
  expect(isAnomaly(400e6, 200e6)).toBe(true)
  expect(isAnomaly(200e6, 150e6)).toBe(false)
  expect(isAnomaly(2000e6, 1800e6)).toBe(false)
})

test('shares keep digits that tell something', () => {
  expect([0.5, 0.0123, 0.00001, 0].map(formatShare)).toEqual(['50.0 %', '1.23 %', '< 0.01 %', '0.00 %'])
})
