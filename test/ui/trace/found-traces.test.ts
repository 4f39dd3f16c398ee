// What stands above a list of traces: points over time, and operations.
import { describe, expect, test } from 'vitest'
import type { TraceSummary } from '../../../src/collector/api.ts'
import type { ThemeColours } from '../../../src/ui/canvas/use-theme-colours.ts'
import { dragBox, limitsOf } from '../../../src/ui/trace/drag-limits.ts'
import { buildOperations, percentile, sortOperations } from '../../../src/ui/trace/operations.ts'
import { buildScatterOption } from '../../../src/ui/trace/scatter-option.ts'

const traceOf = (name: string, durationMs: number, more: Partial<TraceSummary> = {}): TraceSummary => ({
  traceId: 'a'.repeat(32),
  service: 'shop',
  name,
  start: 1_000,
  durationMs,
  spans: 1,
  errors: 0,
  logs: 0,
  samples: 0,
  ...more
})

describe('operations', () => {
  test('are told apart by service, name, and what paths have in common', () => {
    const operations = buildOperations([
      traceOf('GET', 1, { path: '/orders/1' }),
      traceOf('GET', 3, { path: '/orders/2', errors: 2 }),
      traceOf('GET', 5, { path: '/orders' }),
      traceOf('GET /orders/*', 7, { service: 'stock' })
    ])
    expect(
      operations.map(({ service, name, traces, failed, p50 }) => [service, name, traces, failed, p50])
    ).toEqual([
      ['shop', 'GET /orders/*', 2, 0.5, 1],
      ['shop', 'GET /orders', 1, 0, 5],
      ['stock', 'GET /orders/*', 1, 0, 7]
    ])
  })

  test('say how long so many of a hundred took', () => {
    const durations = Array.from({ length: 200 }, (_, i) => 200 - i)
    const [operation] = buildOperations(durations.map(ms => traceOf('work', ms)))
    expect(operation).toMatchObject({ traces: 200, p50: 100, p95: 190, p99: 198 })
    expect([0, 0.5, 0.99, 1].map(share => percentile(Float64Array.of(4, 8), share))).toEqual([4, 4, 8, 8])
  })

  test('are sorted by a figure, the largest first', () => {
    const traces = [
      traceOf('often', 1),
      traceOf('often', 1),
      traceOf('slow', 9),
      traceOf('bad', 2, { errors: 1 })
    ]
    const names = (by: 'traces' | 'failed' | 'p95') =>
      sortOperations(buildOperations(traces), by).map(({ name }) => name)
    expect(names('traces')).toEqual(['often', 'slow', 'bad'])
    expect(names('failed')).toEqual(['bad', 'slow', 'often'])
    expect(names('p95')).toEqual(['slow', 'bad', 'often'])
  })
})

describe('the chart of traces', () => {
  const colours = { accent: 'blue', error: 'red' } as ThemeColours

  test('has a point for each trace, those with errors in another colour and over the others', () => {
    const traces = [traceOf('a', 5, { errors: 1 }), traceOf('b', 0), traceOf('c', 7, { start: 2_000 })]
    const { series } = buildScatterOption(traces, {}, colours)
    expect(series).toMatchObject([
      {
        id: 'fine',
        itemStyle: { color: 'blue' },
        data: [
          [1_000, 0.001],
          [2_000, 7]
        ]
      },
      { id: 'failed', itemStyle: { color: 'red' }, data: [[1_000, 5]] }
    ])
  })

  test('shows the times that the list is limited to, else those of its traces', () => {
    const axisOf = (limits: object) => buildScatterOption([traceOf('a', 1)], limits, colours).xAxis
    expect(axisOf({})).toMatchObject({ min: 'dataMin', max: 'dataMax' })
    expect(axisOf({ from: 10, to: 20 })).toMatchObject({ min: 10, max: 20 })
  })
})

describe('dragging over the chart', () => {
  const plot = { left: 60, top: 10, right: 460, bottom: 110 }
  /** A pixel is a ms of time; a ms of duration, upwards. */
  const valueAt = (x: number, y: number): [number, number] => [x - plot.left, plot.bottom - y]
  const drag = (fromX: number, fromY: number, toX: number, toY: number) => {
    const box = dragBox({ x: fromX, y: fromY }, { x: toX, y: toY }, plot)
    return box && limitsOf(box, valueAt)
  }

  test('chooses times across, durations up and down, and both aslant', () => {
    expect(drag(100, 50, 200, 55)).toEqual({ from: '40', to: '140' })
    expect(drag(200, 55, 100, 50)).toEqual({ from: '40', to: '140' })
    expect(drag(100, 20, 105, 80)).toEqual({ min: '30', max: '90' })
    expect(drag(100, 80, 200, 20)).toEqual({ from: '40', to: '140', min: '30', max: '90' })
  })

  test('goes no further than the points do, and is none where it is a click', () => {
    expect(drag(100, 50, 900, 52)).toEqual({ from: '40', to: '400' })
    expect(drag(0, 50, 100, 52)).toEqual({ from: '0', to: '40' })
    expect(drag(100, 50, 103, 48)).toBeUndefined()
    expect(dragBox({ x: 100, y: 50 }, { x: 108, y: 50 }, plot)).toMatchObject({
      times: true,
      durations: false
    })
  })
})
