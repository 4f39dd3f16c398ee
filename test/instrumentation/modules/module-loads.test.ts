import { expect, test } from 'vitest'
import { ModuleLoads } from '../../../src/instrumentation/modules/module-loads.ts'
import type { LinkedProfile } from '../../../src/instrumentation/record-sink.ts'

const intervalUs = 10_000
const app = 'file:///app.cjs'
const slow = 'file:///slow.cjs'

/** A profile with one sample each interval: at each of them what was loading, outermost first. */
function profileOf(startUs: number, samples: string[][], threadId = 0): LinkedProfile {
  const urls = [app, slow]
  // Rows of stacks: app, then slow below it.
  const leaves = samples.map(path => path.length - 1)
  const ofEach = (value: number): Int32Array => new Int32Array(samples.length).fill(value)
  return {
    threadId,
    intervalUs,
    frames: { url: urls, functionName: ['', ''], line: [1, 1], column: [1, 1] },
    stacks: { parent: [-1, 0], frame: [0, 1] },
    wall: {
      stack: Int32Array.from(leaves),
      timeUnixUs: Float64Array.from(samples, (_, i) => startUs + i * intervalUs),
      link: ofEach(7),
      endpoint: ofEach(-1)
    }
  } as unknown as LinkedProfile
}

const times = (count: number, path: string[]): string[][] => new Array<string[]>(count).fill(path)

test('a load that ends just where a profile does has its stack in the one that it became slow in', () => {
  const loads = new ModuleLoads(app, () => false)
  const first = loads.take(profileOf(0, [...times(5, [app]), ...times(30, [app, slow])]))
  const second = loads.take(profileOf(350_000, times(5, [app])))

  expect(first.ended).toEqual([])
  expect(first.stacks).toMatchObject([{ stack: 1, link: 7, time: 50_000 }])
  expect(second.ended).toMatchObject([{ url: slow, ms: 300, uid: first.stacks[0]!.uid, chain: [app, slow] }])
  expect(second.stacks).toEqual([])
})

test('a load over several profiles is told once, with one stack', () => {
  const loads = new ModuleLoads(app, () => false)
  const taken = [0, 1, 2, 3].map(i => loads.take(profileOf(i * 60_000, times(6, [app, slow]))))
  expect(taken.flatMap(({ ended }) => ended)).toEqual([])
  expect(taken.map(({ stacks }) => stacks.length)).toEqual([0, 1, 0, 0])
  expect(loads.takeLast()).toMatchObject([{ url: slow, ms: 240, uid: taken[1]!.stacks[0]!.uid }])
})

test('neither quick loads nor the program itself are told', () => {
  const loads = new ModuleLoads(app, () => false)
  const taken = loads.take(profileOf(0, [...times(9, [app, slow]), ...times(50, [app])]))
  expect(taken).toEqual({ ended: [], stacks: [] })
  expect(loads.takeLast()).toEqual([])
})

test('what a worker thread begins with is no load, what that loads is one', () => {
  const loads = new ModuleLoads(app, () => false)
  const { stacks } = loads.take(profileOf(0, times(30, [app, slow]), 3))
  expect(stacks).toMatchObject([{ stack: 1 }])
  expect(loads.takeLast()).toMatchObject([{ url: slow, threadId: 3 }])
})
