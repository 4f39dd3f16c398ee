import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { StatusPoints } from '../../../src/instrumentation/record-sink.ts'
import { createProfilerBackend } from '../../../src/instrumentation/profile/create-profiler-backend.ts'
import { watchGc } from '../../../src/instrumentation/statuses/gc-watch.ts'
import { watchLoop } from '../../../src/instrumentation/statuses/loop-watch.ts'
import { timesOfLine } from '../../../src/instrumentation/statuses/system-cpu.ts'
import { startThreadStatuses } from '../../../src/instrumentation/statuses/thread-statuses.ts'

/** All values of each metric, one a status. */
async function measured(memoryIntervalMs: number, work: () => void): Promise<Record<string, number[]>> {
  const received: StatusPoints[] = []
  const gc = watchGc()
  const loop = watchLoop(() => {})
  await new Promise<void>(done => {
    const statuses = startThreadStatuses({
      threadId: 0,
      statusIntervalMs: 5,
      memoryIntervalMs,
      loop,
      gc,
      isSampled: () => false,
      unixUs: () => Date.now() * 1000,
      onStatuses(points) {
        received.push(points)
        if (received.length > 1) return
        loop.stop()
        statuses.stop()
        gc.stop()
        done()
      }
    })
    work()
  })
  const values: Record<string, number[]> = {}
  for (const { metrics } of received) {
    for (const metric of metrics) (values[metric.name] ??= []).push(...metric.values)
  }
  return values
}

test('measures what is cheap each time, and the rest as seldom as it is told', async () => {
  const values = await measured(3_600_000, () => {})
  const cheap = [
    'v8js.memory.heap.used',
    'v8js.memory.heap.limit',
    'microlog.memory.external',
    'nodejs.eventloop.utilization',
    'nodejs.eventloop.delay.max'
  ]
  for (const name of cheap) {
    expect(values[name]!.length, name).toBeGreaterThan(2)
    expect(
      values[name]!.filter(value => !(value >= 0)),
      name
    ).toEqual([])
  }
  values['v8js.memory.heap.used']!.forEach((used, i) =>
    expect(used).toBeLessThan(values['v8js.memory.heap.limit']![i]!)
  )
  for (const name of ['microlog.modules.loaded', 'microlog.resources.active']) {
    expect(values[name]![0], name).toBeGreaterThanOrEqual(0)
    expect(
      values[name]!.slice(1).filter(value => !Number.isNaN(value)),
      name
    ).toEqual([])
  }
})

test('percentiles of the delay are in order, and no higher than the longest one', async () => {
  const values = await measured(50, () => {})
  const of = (name: string): number[] =>
    values[`nodejs.eventloop.delay.${name}`]!.filter(value => !Number.isNaN(value))
  const [p50, p90, p99] = [of('p50'), of('p90'), of('p99')]
  expect(p50.length).toBeGreaterThan(1)
  const longest = Math.max(...of('max'))
  p50.forEach((value, i) => {
    expect(value).toBeLessThanOrEqual(p90[i]!)
    expect(p90[i]!).toBeLessThanOrEqual(p99[i]!)
    expect(p99[i]!).toBeLessThanOrEqual(longest)
  })
})

test('a block is seen wherever it begins, in a loop that did nothing before', async () => {
  const blocked: number[] = []
  const loop = watchLoop(({ fromMs, toMs }) => blocked.push(toMs - fromMs))
  const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
  for (let round = 0; round < 12; round++) {
    const before = blocked.length
    await pause(160 + 7 * round)
    const end = performance.now() + 110
    while (performance.now() < end);
    await expect.poll(() => blocked.length, { message: `round ${round}` }).toBeGreaterThan(before)
    expect(Math.max(...blocked.slice(before))).toBeGreaterThanOrEqual(109)
  }
  loop.stop()
}, 20_000)

test('a loop that waits is woken seldom, though samples interrupt it', async () => {
  const profiler = createProfilerBackend()
  profiler.start(10_000)
  const loop = watchLoop(() => {})
  let looks = 0
  loop.eachLook(() => looks++)
  await new Promise(resolve => setTimeout(resolve, 1000))
  loop.stop()
  profiler.stop()
  // Each 50 ms; each 20 it would be 50.
  expect(looks).toBeGreaterThan(0)
  expect(looks).toBeLessThan(30)
})

test('nothing that comes after the end blocks the loop', async () => {
  const blocked: number[] = []
  const loop = watchLoop(({ fromMs, toMs }) => blocked.push(toMs - fromMs))
  const block = (): void => {
    const end = performance.now() + 150
    while (performance.now() < end);
  }
  // A timer that is set now may come before the watch's own first look: a second one doesn't.
  for (let turn = 0; turn < 2; turn++) await new Promise(resolve => setTimeout(resolve, 30))
  block()
  loop.look()
  const before = blocked.length
  expect(Math.max(...blocked)).toBeGreaterThanOrEqual(150)
  loop.stop()
  block()
  loop.look()
  expect(blocked).toHaveLength(before)
})

test('collections are counted by kind, with their time and the longest pause', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const values = await measured(1000, () => {
    collect()
    collect()
  })
  const of = (name: string): number[] => values[`microlog.gc.${name}`]!.filter(value => !Number.isNaN(value))
  const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0)
  expect(sum(of('major.count'))).toBeGreaterThanOrEqual(2)
  expect(Math.max(...of('pause.max'))).toBeGreaterThan(0)
  expect(Math.max(...of('pause.max'))).toBeLessThanOrEqual(
    sum(['minor', 'major', 'incremental', 'weakcb'].flatMap(kind => of(`${kind}.time`)))
  )
})

test('the machine’s CPU time is read from the kernel’s first line: waiting for a disk is not busy', () => {
  expect(timesOfLine('cpu  100 5 20 800 50 3 2 20 7 0\ncpu0 1 1 1 1')).toEqual({ all: 1000, busy: 150 })
  expect(timesOfLine('something else').all).toBeNaN()
})
