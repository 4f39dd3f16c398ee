import { describe, expect, test } from 'vitest'
import { buildCalls } from '../../../src/recording/calls.ts'
import { lanesOfCalls } from '../../../src/recording/flame-layout.ts'
import type { TimeRange } from '../../../src/recording/time-range.ts'
import { coloursByFrame, flameStyle, frameColours } from '../../../src/ui/canvas/flame-colours.ts'
import type { Emphasis } from '../../../src/ui/canvas/flame-colours.ts'
import { formatDuration } from '../../../src/base/units.ts'
import { callLabel, callOutlines, tellFrame } from '../../../src/ui/canvas/flame-labels.ts'
import { paintBars } from '../../../src/ui/canvas/paint-bars.ts'
import { paletteOf } from '../../../src/ui/canvas/palette.ts'
import { recordingFromText } from '../../helpers/recording-from-text.ts'
import { createDrawLog } from './draw-log.ts'

const recording = recordingFromText(`
  0ms      1ms      2ms     3ms
  main     main     main    main
  handler  handler  render
`)
const calls = buildCalls(recording, 0)
const palette = paletteOf('dark')

function draw(
  range: TimeRange,
  { width = 400, ratio = 1, hovered = -1, selected = -1, emphasis = {} as Emphasis } = {}
): { lines: string[]; pixels: Uint32Array } {
  const { painter, lines } = createDrawLog()
  let pixels = new Uint32Array()
  paintBars(
    painter,
    {
      pixels: (columns, rows) => (pixels = new Uint32Array(columns * rows)),
      image: () => ({}) as CanvasImageSource
    },
    {
      lanes: lanesOfCalls(calls),
      range,
      style: flameStyle(calls, coloursByFrame(calls, frameColours(recording, palette)), palette, emphasis),
      label: callLabel(
        recording,
        calls,
        palette,
        emphasis,
        ratio,
        call => `≈ ${formatDuration(calls.end[call]! - calls.start[call]!)}`
      ),
      width,
      height: 36 * ratio,
      laneHeight: 18 * ratio,
      ratio,
      outlines: callOutlines(calls, palette, hovered, selected)
    }
  )
  return { lines, pixels }
}

const whole = { from: 0, to: 4e6 }
const labels = (lines: readonly string[]): string[] => lines.filter(line => line.startsWith('text'))

describe('the flame chart', () => {
  test('is one image of a pixel row a depth, scaled to the lanes, with a line between them', () => {
    expect(draw(whole).lines.slice(0, 4)).toEqual([
      'clear 0 0 400 36',
      'image 0 0 400 2 0 0 400 36',
      'clear 0 17 400 1',
      'clear 0 35 400 1'
    ])
  })

  test('names calls; wide ones say for how long, and the widest where they are', () => {
    expect(labels(draw(whole).lines)).toEqual([
      'text “main  app.js:1  ≈ 4.00 ms” 4 9 #10141a',
      'text “handler” 4 27 #10141a',
      'text “render” 204 27 #10141a'
    ])
    expect(labels(draw(whole, { width: 500 }).lines)[1]).toBe('text “handler  ≈ 2.00 ms” 4 27 #10141a')
  })

  test('labels that do not fit end in an ellipsis, and calls under 32 pixels have none', () => {
    expect(labels(draw(whole, { width: 90 }).lines)).toEqual([
      'text “main” 4 9 #10141a',
      'text “handl…” 4 27 #10141a'
    ])
  })

  test('the label of a call that began before the screen stays on it', () => {
    expect(labels(draw({ from: 1e6, to: 2e6 }).lines)[1]).toContain(
      'text “handler  app.js:1  ≈ 2.00 ms” 4 27'
    )
  })

  test('on a screen of double density everything is twice as large', () => {
    const { lines } = draw(whole, { width: 800, ratio: 2 })
    expect(lines[1]).toBe('image 0 0 800 2 0 0 800 72')
    expect(labels(lines)[2]).toBe('text “render” 408 54.5 #10141a')
  })

  test('the selected call is outlined, the one under the pointer more faintly', () => {
    const outlines = draw(whole, { hovered: 2, selected: 0 }).lines.filter(line => line.startsWith('outline'))
    expect(outlines).toEqual(['outline 201 19 98 15 #ffffffb0', 'outline 1 1 398 15 #ffffff'])
  })

  test('an outline out of sight is not drawn', () => {
    expect(
      draw({ from: 3.5e6, to: 4e6 }, { selected: 2 }).lines.some(line => line.startsWith('outline'))
    ).toBe(false)
  })

  test('calls that the search leaves out are grey, and so are their labels', () => {
    const matches = Uint8Array.from(recording.frames.name, name =>
      recording.strings[name] === 'render' ? 1 : 0
    )
    const { lines, pixels } = draw(whole, { emphasis: { matches } })
    expect(labels(lines).map(line => line.split(' ').at(-1))).toEqual(['#8e99a8', '#8e99a8', '#10141a'])
    expect(pixels[10]).toBe(0xff473b33)
    expect(pixels[400 + 210]).not.toBe(0xff473b33)
  })

  test('nothing recorded draws nothing', () => {
    const { painter, lines } = createDrawLog()
    const empty = buildCalls(recordingFromText(''), 0)
    paintBars(
      painter,
      { pixels: () => new Uint32Array(), image: () => ({}) as CanvasImageSource },
      {
        lanes: lanesOfCalls(empty),
        range: whole,
        style: { colour: new Uint32Array() },
        label: () => ({ text: '', colour: '' }),
        width: 100,
        height: 18,
        laneHeight: 18,
        ratio: 1,
        outlines: []
      }
    )
    expect(lines).toEqual(['clear 0 0 100 18'])
  })
})

test('a call without a place is told by its name and its time alone', () => {
  const engine = recordingFromText('0ms  1ms\nmain (gc)')
  expect([0, 1].map(frame => tellFrame(engine, frame, '≈ 1 ms'))).toEqual([
    'main app.js:1, ≈ 1 ms',
    '(gc), ≈ 1 ms'
  ])
})
