import { describe, expect, test } from 'vitest'
import { RecordingBuilder } from '../../../src/recording/recording-builder.ts'
import { readStatuses } from '../../../src/recording/statuses.ts'
import type { StatusName } from '../../../src/recording/statuses.ts'
import type { ThemeColours } from '../../../src/ui/canvas/use-theme-colours.ts'
import { summarizeResource, valueAt } from '../../../src/ui/timeline/resource-values.ts'
import { asStems, reduceCurve } from '../../../src/ui/timeline/reduce-curve.ts'
import {
  buildResourcesOption,
  formatResource,
  resourceLanes,
  scaleMaxima,
  topOfLane
} from '../../../src/ui/timeline/resources-option.ts'
import type { ResourceLane } from '../../../src/ui/timeline/resources-option.ts'
import { pushSeries } from '../../helpers/push-rows.ts'

const many = {
  time: Float64Array.from({ length: 50_000 }, (_, i) => i * 10),
  value: Float64Array.from({ length: 50_000 }, (_, i) => (i === 31_234 ? 50 : Math.sin(i / 900)))
}
const times = (points: Float64Array): number[] => [...points.filter((_, i) => i % 2 === 0)]

describe('a curve on the screen', () => {
  test('is the points in range and one on either side, so that lines reach the edges', () => {
    const curve = { time: Float64Array.of(0, 10, 20, 30, 40), value: Float64Array.of(1, 2, 3, 4, 5) }
    expect([...reduceCurve(curve, { from: 12, to: 28 }, 100)]).toEqual([10, 2, 20, 3, 30, 4])
    expect(times(reduceCurve(curve, { from: 10, to: 20 }, 100))).toEqual([10, 20, 30])
    expect(reduceCurve(curve, { from: 50, to: 60 }, 100).length).toBe(2)
  })

  test('is thinned out to as many points as asked, in order, with its ends and its peaks', () => {
    const points = reduceCurve(many, { from: 0, to: 500_000 }, 800)
    expect(points.length).toBe(1600)
    const shown = times(points)
    expect(shown).toEqual([...shown].sort((a, b) => a - b))
    expect([shown[0], shown.at(-1)]).toEqual([0, 499_990])
    expect(Math.max(...points.filter((_, i) => i % 2 === 1))).toBe(50)
  })

  test('an empty one has no points', () => {
    expect(
      reduceCurve({ time: new Float64Array(), value: new Float64Array() }, { from: 0, to: 1 }, 10).length
    ).toBe(0)
  })
})

describe('the resources charts', () => {
  const builder = new RecordingBuilder(0n)
  pushSeries(builder, 'process.cpu.utilization', { 0: 0.5, 1: 1.6 })
  pushSeries(builder, 'system.cpu.utilization', { 0: 0.5 })
  pushSeries(builder, 'process.memory.usage', { 0: 100e6, 1: 200e6 })
  pushSeries(builder, 'v8js.memory.heap.used', { 0: 50e6 })
  pushSeries(builder, 'nodejs.eventloop.delay.max', { 0: 0.004 })
  pushSeries(builder, 'microlog.gc.pause.max', { 0.2: 0.002, 0.7: 0.05 })
  const statuses = readStatuses(builder.snapshot())
  const range = { from: 0, to: 1e6 }
  const colours = { cpu: 'green', memory: 'red', heap: 'orange', line: 'grey' } as ThemeColours
  const [cpu, memory, loop] = resourceLanes as [ResourceLane, ResourceLane, ResourceLane]
  const option = (lane: ResourceLane, hidden: StatusName[] = []) =>
    buildResourcesOption(lane, statuses, range, 500, new Set(hidden), colours, scaleMaxima(lane, statuses))
  type Series = { id?: string; data: Float64Array }[]
  const idsOf = (built: ReturnType<typeof option>): unknown[] => (built.series as Series).map(({ id }) => id)

  test('span exactly the time on the screen, without margins, so that they line up with the canvases', () => {
    for (const lane of resourceLanes) {
      expect(option(lane).xAxis).toMatchObject({ min: 0, max: 1e6 })
      expect(option(lane).grid).toMatchObject({ left: 0, right: 0 })
    }
  })

  test('have a line for each curve that was recorded and is switched on', () => {
    expect(idsOf(option(cpu))).toEqual(['cpu', 'system'])
    expect(idsOf(option(memory))).toEqual(['memory', 'heap'])
    expect(idsOf(option(memory, ['memory']))).toEqual(['heap'])
    expect(idsOf(option(loop))).toEqual(['delay', 'pauses'])
  })

  test('every figure of a status is in one lane', () => {
    const names = resourceLanes.flatMap(({ resources }) => resources.map(({ name }) => name))
    expect(names.sort()).toEqual(Object.keys(statuses).sort())
  })

  test('a pause is a line of its own that stands on the axis: nothing goes on between two of them', () => {
    const pauses = (option(loop).series as Series).find(({ id }) => id === 'pauses')!
    expect([...pauses.data]).toEqual([2e5, 0, 2e5, 0.002, 2e5, NaN, 7e5, 0, 7e5, 0.05, 7e5, NaN])
    expect(asStems(new Float64Array()).length).toBe(0)
  })

  test('what is in bytes shares a scale, and a share above one core stretches its own', () => {
    expect(scaleMaxima(cpu, statuses)).toMatchObject({ share: 1.6, count: 1 })
    expect(scaleMaxima(memory, statuses).bytes).toBeCloseTo(216e6)
  })

  test('the top of a lane says what it stands for, in the units of what is shown', () => {
    const top = (lane: ResourceLane, ...shown: StatusName[]): string =>
      topOfLane(lane, name => shown.includes(name), scaleMaxima(lane, statuses))
    expect(top(cpu, 'cpu', 'system')).toBe('160 %')
    expect(top(memory, 'heap')).toBe('216 MB')
    expect(top(loop, 'loop', 'pauses')).toBe('100 % · 54.0 ms')
    expect(top(loop)).toBe('')
  })

  test('what was measured since the status before is drawn over that time: steps, not slopes', () => {
    const { series } = buildResourcesOption(
      cpu,
      statuses,
      { from: 0, to: 5e9 },
      100,
      new Set(),
      colours,
      scaleMaxima(cpu, statuses)
    )
    const stepOf = (name: StatusName) =>
      (series as { id: string; step?: string }[]).find(({ id }) => id === name)?.step
    expect(stepOf('cpu')).toBe('start')
  })

  test('hold at most four thousand points each', () => {
    const heavy = Object.fromEntries(Object.keys(statuses).map(name => [name, many])) as typeof statuses
    for (const lane of resourceLanes) {
      const built = buildResourcesOption(
        lane,
        heavy,
        { from: 0, to: 5e5 },
        9000,
        new Set(),
        colours,
        scaleMaxima(lane, heavy)
      )
      const points = (built.series as Series).map(({ id, data }) => data.length / (id === 'pauses' ? 6 : 2))
      expect(points.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(4000)
    }
  })

  test('figures read in their units', () => {
    const text = (name: StatusName, value: number | undefined): string =>
      formatResource(
        resourceLanes.flatMap(({ resources }) => resources).find(resource => resource.name === name)!,
        value
      )
    expect(text('cpu', 0.583)).toBe('58 %')
    expect(text('memory', 97.8e6)).toBe('97.8 MB')
    expect(text('delay', 0.0021)).toBe('2.10 ms')
    expect(text('modules', 1277)).toBe('1,277')
    expect(text('cpu', undefined)).toBe('–')
  })
})

describe('the legend of a resource', () => {
  const curve = { time: Float64Array.of(10, 20, 30), value: Float64Array.of(0.2, 0.8, 0.4) }
  const [busy, , , pauses] = resourceLanes[2]!.resources
  const memory = resourceLanes[1]!.resources[0]!

  test('tells what was measured over the time that the pointer is in, not before it', () => {
    expect([5, 10, 11, 20, 31].map(time => valueAt(busy!, curve, time, 0))).toEqual([
      0.2,
      0.2,
      0.8,
      0.8,
      undefined
    ])
    expect([5, 11, 31].map(time => valueAt(memory, curve, time, 0))).toEqual([undefined, 0.2, 0.4])
    expect([18, 25].map(time => valueAt(pauses!, curve, time, 3))).toEqual([0.8, undefined])
  })

  test('without a pointer tells the mean of a share and the most of all else, and which of them', () => {
    expect(summarizeResource(busy!, curve, { from: 10, to: 30 })).toEqual({
      word: 'mean',
      value: expect.closeTo(0.6)
    })
    expect(summarizeResource(memory, curve, { from: 0, to: 15 })).toEqual({ word: 'max', value: 0.2 })
    expect(summarizeResource(busy!, curve, { from: 12, to: 13 })).toEqual({ word: 'mean', value: 0.8 })
    expect(summarizeResource(pauses!, curve, { from: 12, to: 13 })).toEqual({ word: 'max', value: undefined })
  })
})
