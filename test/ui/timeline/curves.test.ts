import { describe, expect, test } from 'vitest'
import { RecordingBuilder } from '../../../src/recording/recording-builder.ts'
import { readStatuses } from '../../../src/recording/statuses.ts'
import type { StatusName } from '../../../src/recording/statuses.ts'
import type { ThemeColours } from '../../../src/ui/canvas/use-theme-colours.ts'
import { reduceCurve } from '../../../src/ui/timeline/reduce-curve.ts'
import {
  buildResourcesOption,
  formatResource,
  resources,
  scaleMaxima
} from '../../../src/ui/timeline/resources-option.ts'
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

describe('the resources chart', () => {
  const builder = new RecordingBuilder(0n)
  pushSeries(builder, 'process.cpu.utilization', { 0: 0.5, 1: 1.6 })
  pushSeries(builder, 'process.memory.usage', { 0: 100e6, 1: 200e6 })
  pushSeries(builder, 'v8js.memory.heap.used', { 0: 50e6 })
  const statuses = readStatuses(builder.snapshot())
  const range = { from: 0, to: 1e6 }
  const colours = { cpu: 'green', memory: 'red', heap: 'orange', line: 'grey' } as ThemeColours
  const option = (hidden: StatusName[] = []) =>
    buildResourcesOption(statuses, range, 500, new Set(hidden), colours, scaleMaxima(statuses))
  const idsOf = (built: ReturnType<typeof option>): unknown[] =>
    (built.series as { id?: string }[]).map(({ id }) => id)

  test('spans exactly the time on the screen, without margins, so that it lines up with the canvases', () => {
    expect(option().xAxis).toMatchObject({ min: 0, max: 1e6 })
    expect(option().grid).toMatchObject({ left: 0, right: 0 })
  })

  test('has a line for each curve that was recorded and is switched on', () => {
    expect(idsOf(option())).toEqual(['cpu', 'memory', 'heap'])
    expect(idsOf(option(['memory']))).toEqual(['cpu', 'heap'])
  })

  test('memory and heap share a scale, and a share above one core stretches its own', () => {
    const maxima = scaleMaxima(statuses)
    expect(maxima.share).toBe(1.6)
    expect(maxima.bytes).toBeCloseTo(216e6)
    expect(maxima.count).toBe(1)
  })

  test('holds at most four thousand points in all', () => {
    const heavy = Object.fromEntries(resources.map(({ name }) => [name, many])) as typeof statuses
    const built = buildResourcesOption(
      heavy,
      { from: 0, to: 5e5 },
      9000,
      new Set(),
      colours,
      scaleMaxima(heavy)
    )
    const points = (built.series as { data: Float64Array }[]).map(({ data }) => data.length / 2)
    expect(points.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(4000)
  })

  test('figures read in their units', () => {
    const text = (name: StatusName, value: number | undefined): string =>
      formatResource(
        resources.find(resource => resource.name === name)!,
        value
      )
    expect(text('cpu', 0.583)).toBe('58 %')
    expect(text('memory', 97.8e6)).toBe('97.8 MB')
    expect(text('delay', 0.0021)).toBe('2.10 ms')
    expect(text('modules', 1277)).toBe('1,277')
    expect(text('cpu', undefined)).toBe('–')
  })
})
