import { describe, expect, test } from 'vitest'
import { RecordingBuilder } from '../../../src/recording/recording-builder.ts'
import { layOutSpans } from '../../../src/recording/span-lanes.ts'
import { paletteOf, pixelOf } from '../../../src/ui/canvas/palette.ts'
import type { ThemeColours } from '../../../src/ui/canvas/use-theme-colours.ts'
import { laneOf, spanLabel, spanOutlines, spanStyle } from '../../../src/ui/timeline/span-bars.ts'
import { paintMinimap } from '../../../src/ui/timeline/minimap.ts'
import { paintRuler } from '../../../src/ui/timeline/time-ruler.ts'
import { pushSpan } from '../../helpers/push-rows.ts'
import { createDrawLog } from '../canvas/draw-log.ts'

const palette = paletteOf('light')
const colours = new Proxy({}, { get: (_, name) => String(name) }) as ThemeColours

describe('the ruler', () => {
  test('has a line and a time at each tick, before it where it would be cut, and short lines between', () => {
    const { painter, lines } = createDrawLog()
    paintRuler(painter, { from: 0, to: 2e9 }, { width: 200, height: 24, ratio: 1 }, colours)
    expect(lines.filter(line => line.startsWith('text'))).toEqual([
      'text “0 s” 5 12 text-2',
      'text “1 s” 105 12 text-2',
      'text “2 s” 177 12 text-2'
    ])
    expect(lines).toContain('rect 100 14 1 10 line-strong')
    expect(lines).toContain('rect 20 20 1 4 line-strong')
  })

  test('leaves out the time at the right edge that would lie on the one before it', () => {
    const { painter, lines } = createDrawLog()
    paintRuler(painter, { from: 20.1e9, to: 20.1601e9 }, { width: 541, height: 24, ratio: 1 }, colours)
    expect(lines.filter(line => line.startsWith('text')).at(-1)).toBe('text “20.15 s” 455 12 text-2')
  })
})

describe('spans as bars', () => {
  const builder = new RecordingBuilder(0n)
  pushSpan(builder, 'a', 0, 10, '', { kind: 2 })
  pushSpan(builder, 'b', 1, 5, 'a', { kind: 3, statusCode: 2 })
  const recording = builder.snapshot()
  const lanes = layOutSpans(recording)

  test('have the colour of their kind, red where they failed, and errors go before others', () => {
    const { colour, priority } = spanStyle(recording, palette, null)
    expect([...colour]).toEqual([pixelOf(palette.spanKinds[2]!), pixelOf(palette.spanError)])
    expect(priority![1]).toBeGreaterThan(priority![0]!)
  })

  test('that the search leaves out are grey, and give way to those it found', () => {
    const { colour, priority } = spanStyle(recording, palette, Uint8Array.of(1, 0))
    expect(colour[1]).toBe(pixelOf(palette.faded))
    expect(priority![0]).toBeGreaterThan(priority![1]!)
  })

  test('are labelled by name, wide ones with their duration', () => {
    const label = spanLabel(recording, palette, null, 1)
    expect([label(0, 60).text, label(0, 200).text]).toEqual(['a', 'a  10.0 ms'])
  })

  test('are outlined in their lane', () => {
    expect(laneOf(lanes, 1)).toBe(1)
    expect(spanOutlines(lanes, palette, 1, 0).map(({ row, lane }) => [row, lane])).toEqual([
      [1, 1],
      [0, 0]
    ])
    expect(spanOutlines(lanes, palette, -1, -1)).toEqual([])
  })
})

test('the overview marks errors and warnings, and each pixel once a level', () => {
  const { painter, lines } = createDrawLog()
  const log = (time: number, level: 'error' | 'warn' | 'info') => ({
    key: '',
    time,
    level,
    body: '',
    traceId: '',
    spanId: '',
    thread: 0,
    stack: -1,
    attributes: 0,
    own: false
  })
  const logs = [log(10, 'info'), log(20, 'warn'), log(50, 'error'), log(50.1, 'error')]
  paintMinimap(painter, [], logs, { from: 0, to: 100 }, { width: 100, height: 40, ratio: 1 }, colours)
  expect(lines.slice(1)).toEqual(['rect 20 36 1 3 warn', 'rect 50 36 1 3 error'])
})
