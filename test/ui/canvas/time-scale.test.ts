import { describe, expect, test } from 'vitest'
import {
  buildTicks,
  clampRange,
  formatMoment,
  formatTick,
  panRange,
  pinchRange,
  rangeAround,
  timeAt,
  xOf,
  zoomRange
} from '../../../src/ui/canvas/time-scale.ts'

const extent = { from: 0, to: 100e9 }
const range = { from: 20e9, to: 40e9 }

describe('the time axis', () => {
  test('a pixel and its time lead to each other', () => {
    expect(xOf(range, 200, 25e9)).toBe(50)
    expect(timeAt(range, 200, 50)).toBe(25e9)
  })

  test('zooming keeps the time under the pointer in its place', () => {
    const zoomed = zoomRange(range, 2, 25e9, extent)
    expect(zoomed).toEqual({ from: 22.5e9, to: 32.5e9 })
    expect(xOf(zoomed, 200, 25e9)).toBe(50)
  })

  test('one finger moves it, and the time under it stays there', () => {
    const moved = pinchRange(range, 200, [150], [100], extent)
    expect(moved).toEqual({ from: 25e9, to: 45e9 })
    expect(pinchRange(range, 200, [150], [9_000], extent)).toEqual({ from: 0, to: 20e9 })
  })

  test('two fingers stretch it between them, and the time in their middle goes along', () => {
    const zoomed = pinchRange(range, 200, [80, 120], [90, 170], extent)
    expect(zoomed.to - zoomed.from).toBe(10e9)
    expect(xOf(zoomed, 200, 30e9)).toBe(130)
    expect(pinchRange(range, 200, [0, 200], [100, 101], extent)).toEqual(extent)
    expect(pinchRange(range, 200, [100, 100], [60, 140], extent).to).toBeLessThan(33e9)
  })

  test('zooming ends at everything and at a microsecond', () => {
    expect(zoomRange(range, 0.001, 30e9, extent)).toEqual(extent)
    const closest = zoomRange(range, 1e12, 30e9, extent)
    expect(closest.to - closest.from).toBeCloseTo(1e3, 3)
  })

  test('panning stops at either end, and keeps the width', () => {
    expect(panRange(range, 1e9, extent)).toEqual({ from: 21e9, to: 41e9 })
    expect(panRange(range, -50e9, extent)).toEqual({ from: 0, to: 20e9 })
    expect(panRange(range, 90e9, extent)).toEqual({ from: 80e9, to: 100e9 })
  })

  test('a range that is longer than everything becomes everything', () => {
    expect(clampRange({ from: -10e9, to: 200e9 }, extent)).toEqual(extent)
  })

  test('a call is shown with some air on either side', () => {
    expect(rangeAround(50e9, 60e9, extent)).toEqual({ from: 49.5e9, to: 60.5e9 })
    expect(rangeAround(0, 100e9, extent)).toEqual(extent)
  })
})

describe('ticks', () => {
  const labels = (from: number, to: number, width = 500): string[] =>
    buildTicks({ from, to }, width, 100).map(({ label }) => label)

  test('are at round times, as many as there is room for', () => {
    expect(labels(0, 10e9)).toEqual(['0 s', '2 s', '4 s', '6 s', '8 s', '10 s'])
    expect(labels(12.1e9, 12.2e9)).toEqual(['12.10 s', '12.12 s', '12.14 s', '12.16 s', '12.18 s', '12.20 s'])
  })

  test('of a short axis are in the unit of its end', () => {
    expect(labels(0, 500e6)).toEqual(['0 ms', '100 ms', '200 ms', '300 ms', '400 ms', '500 ms'])
    expect(labels(0, 1e9).at(-1)).toBe('1000 ms')
    expect(labels(-1e6, 3e6).slice(0, 2)).toEqual(['-1 ms', '0 ms'])
    expect(labels(0, 7e3)).toEqual(['0 µs', '2 µs', '4 µs', '6 µs'])
    expect(labels(0, 300).slice(0, 2)).toEqual(['0 µs', '0.1 µs'])
  })

  test('tell microseconds apart deep in a recording', () => {
    expect(labels(12e9, 12e9 + 10e3).slice(0, 2)).toEqual(['12.000000 s', '12.000002 s'])
  })

  test('read as minutes and hours from a minute on', () => {
    expect(formatTick(59e9, 1e9)).toBe('59 s')
    expect(formatTick(60e9, 1e9)).toBe('1:00')
    expect(formatTick(125.5e9, 1e8)).toBe('2:05.5')
    expect(formatTick(3725e9, 1e9)).toBe('1:02:05')
    expect(formatTick(119.96e9, 1e8)).toBe('2:00.0')
  })

  test('a moment is as exact as the screen', () => {
    expect(formatMoment(1.23456789e9, { from: 0, to: 10e9 })).toBe('1.23 s')
    expect(formatMoment(1.23456789e9, { from: 1.2e9, to: 1.21e9 })).toBe('1.23457 s')
  })
})
