import { describe, expect, test } from 'vitest'
import type { LogEntry, LogLevel } from '../../../src/recording/log-entries.ts'
import { paletteOf } from '../../../src/ui/canvas/palette.ts'
import type { ThemeColours } from '../../../src/ui/canvas/use-theme-colours.ts'
import { layOutMarkers, markerAt, paintMarkers, placeMarkers } from '../../../src/ui/timeline/log-markers.ts'
import { createDrawLog } from '../canvas/draw-log.ts'

const logs = (
  [
    [10, 'info'],
    [20, 'error'],
    [20.1, 'error'],
    [30, 'fatal'],
    [40, 'debug'],
    [90, 'info']
  ] as const satisfies (readonly [number, LogLevel])[]
).map(([time, level], i): LogEntry => ({
  key: `k${i}`,
  time,
  level,
  body: '',
  traceId: '',
  spanId: '',
  thread: 0,
  stack: -1,
  attributes: 0,
  own: false
}))
const rows = layOutMarkers(logs)
const range = { from: 0, to: 100 }
const all = (): boolean => true

describe('log markers', () => {
  test('lie in a lane a level, loudest on top, and levels without logs take no room', () => {
    expect(rows.lanes.map(({ label }) => label)).toEqual(['Error, fatal', 'Info', 'Debug'])
    expect(rows.entries.map(lane => [...lane])).toEqual([[1, 2, 3], [0, 5], [4]])
  })

  test('of the recorder itself lie in a lane of their own, each in the colour of its level: no other lane counts them', () => {
    const own = [
      { ...logs[0]!, key: 'own-1', level: 'warn' as const, own: true },
      { ...logs[0]!, key: 'own-2', own: true }
    ]
    const with2 = layOutMarkers([...logs, ...own])
    expect(with2.lanes.map(({ label }) => label)).toEqual(['Error, fatal', 'Info', 'Debug', 'Microlog’s own'])
    expect(with2.entries.map(({ length }) => length)).toEqual([3, 2, 1, 2])
    expect(layOutMarkers(own).lanes).toHaveLength(1)
    const colours = placeMarkers(own, layOutMarkers(own), range, 100, 0, all).map(({ colour }) => colour)
    expect(colours).toEqual(['warn', 'info'])
  })

  test('are at the time of their log; those out of range are not drawn', () => {
    const placed = placeMarkers(logs, rows, { from: 5, to: 45 }, 400, 1, all).map(({ log, x }) => [log, x])
    expect(placed).toEqual([
      [1, 150],
      [2, expect.closeTo(151)],
      [3, 250],
      [0, 50],
      [4, 350]
    ])
  })

  test('one that would cover the last is left out, unless the search found it', () => {
    const drawn = (found: number): number[] =>
      placeMarkers(logs, rows, range, 100, 2, log => log === found).map(({ log }) => log)
    expect(drawn(-1)).toEqual([1, 3, 0, 5, 4])
    expect(drawn(2)).toEqual([1, 2, 3, 0, 5, 4])
  })

  test('where all count alike those too near to each other are still left out', () => {
    const placed = placeMarkers(logs, rows, range, 100, 2, all)
    expect(placed.map(({ log }) => log)).toEqual([1, 3, 0, 5, 4])
    const selected = placeMarkers(logs, rows, range, 100, 2, all, 2)
    expect(selected.map(({ log }) => log)).toEqual([1, 2, 3, 0, 5, 4])
  })

  test('a click finds the nearest of its lane, and none too far away', () => {
    expect(markerAt(logs, rows, range, 1000, 0, 203, 6)).toBe(2)
    expect(markerAt(logs, rows, range, 1000, 0, 198, 6)).toBe(1)
    expect(markerAt(logs, rows, range, 1000, 1, 890, 6)).toBe(-1)
    expect(markerAt(logs, rows, range, 1000, 1, 897, 6)).toBe(5)
    expect(markerAt(logs, rows, range, 1000, 7, 100, 6)).toBe(-1)
  })

  test('are dots in the colour of their level: found ones bright and above the faint rest, the chosen one ringed', () => {
    const { painter, lines } = createDrawLog()
    const isEmphasised = (log: number): boolean => log === 0
    paintMarkers(painter, placeMarkers(logs, rows, range, 100, 2, isEmphasised), {
      width: 100,
      height: 42,
      laneHeight: 14,
      ratio: 1,
      colours: { text: 'white' } as ThemeColours,
      palette: paletteOf('dark'),
      selected: 5,
      isEmphasised
    })
    const fills = lines.filter(line => line.startsWith('fill'))
    expect(fills[0]).toBe('fill circle 20 7 3.5 #f4605c at 0.25')
    expect(fills.at(-1)).toBe('fill circle 10 21 3.5 #f2d64b')
    expect(lines.at(-1)).toBe('stroke circle 90 21 5 white')
  })
})
