import { describe, expect, test } from 'vitest'
import { layOutLanes } from '../../../src/recording/flame-layout.ts'
import type { Lanes } from '../../../src/recording/flame-layout.ts'
import { fillPixelRows } from '../../../src/ui/canvas/pixel-rows.ts'
import type { WideBar } from '../../../src/ui/canvas/pixel-rows.ts'

type Bar = readonly [from: number, to: number, letter: string, priority?: number]

function lanesOf(bars: readonly Bar[]): Lanes {
  return layOutLanes(
    bars.length,
    1,
    () => 0,
    Float64Array.from(bars, ([from]) => from),
    Float64Array.from(bars, ([, to]) => to)
  )
}

/** The row as text, a letter a pixel, '.' for none; ten pixels show times 0 to 10 where nothing else is asked. */
function draw(
  bars: readonly Bar[],
  { width = 10, from = 0, to = 10, wideFrom = 1e9 } = {}
): [string, WideBar[]] {
  const pixels = new Uint32Array(width).fill(99)
  const style = {
    colour: Uint32Array.from(bars, ([, , letter]) => letter.charCodeAt(0)),
    priority: Uint8Array.from(bars, ([, , , priority]) => priority ?? 0)
  }
  const wide = fillPixelRows(pixels, width, lanesOf(bars), 1, { from, to }, style, wideFrom)
  return [Array.from(pixels, pixel => (pixel === 0 ? '.' : String.fromCharCode(pixel))).join(''), wide]
}

describe('bars as a row of pixels', () => {
  test('each covers its time, and one of three pixels or more ends with a gap', () => {
    expect(
      draw([
        [0, 5, 'a'],
        [5, 7, 'b'],
        [8, 9, 'c']
      ])[0]
    ).toBe('aaaa.bb.c.')
  })

  test('what lies outside of the range leaves no trace, what crosses its edge is cut', () => {
    expect(
      draw(
        [
          [0, 2, 'a'],
          [3, 7, 'b'],
          [9, 12, 'c']
        ],
        { from: 4, to: 10 }
      )[0]
    ).toBe('bbbb....cc')
    expect(
      draw(
        [
          [0, 2, 'a'],
          [9, 12, 'c']
        ],
        { from: 3, to: 8 }
      )[0]
    ).toBe('..........')
  })

  test('a bar narrower than a pixel still takes one', () => {
    expect(draw([[4.4, 4.5, 'a']])[0]).toBe('....a.....')
  })

  test('of those that share a pixel the longest shows', () => {
    expect(
      draw([
        [4.1, 4.2, 'a'],
        [4.2, 4.7, 'b'],
        [4.7, 4.8, 'c']
      ])[0]
    ).toBe('....b.....')
  })

  test('one of higher priority shows, however short it is', () => {
    expect(
      draw([
        [4.1, 4.2, 'a'],
        [4.2, 4.3, 'e', 1],
        [4.3, 4.8, 'c']
      ])[0]
    ).toBe('....e.....')
  })

  test('one of higher priority is not covered by a wide one that begins in its pixel', () => {
    expect(
      draw([
        [4.1, 4.2, 'e', 1],
        [4.2, 9, 'b']
      ])[0]
    ).toBe('....ebbb..')
    expect(
      draw([
        [4.1, 4.2, 'e', 0],
        [4.2, 9, 'b']
      ])[0]
    ).toBe('....bbbb..')
  })

  test('ten thousand bars in a pixel leave the one that matters', () => {
    const bars = Array.from({ length: 10_000 }, (_, i): Bar => [
      5 + i * 9e-5,
      5 + (i + 1) * 9e-5,
      'x',
      i === 7777 ? 2 : 0
    ])
    bars[7777] = [bars[7777]![0], bars[7777]![1], 'E', 2]
    expect(draw(bars)[0]).toBe('.....E....')
  })

  test('bars wide enough for a label are returned with the pixels they cover', () => {
    const [, wide] = draw(
      [
        [-5, 4, 'a'],
        [4, 5, 'b'],
        [5, 20, 'c']
      ],
      { wideFrom: 3 }
    )
    expect(wide).toEqual([
      { row: 0, lane: 0, left: 0, right: 4 },
      { row: 2, lane: 0, left: 5, right: 10 }
    ])
  })

  test('every pixel under a bar is coloured, at any zoom', () => {
    const bars = Array.from({ length: 500 }, (_, i): Bar => [i * 0.02, i * 0.02 + 0.02, 'x'])
    for (const width of [10, 33, 100]) expect(draw(bars, { width })[0]).toBe('x'.repeat(width))
  })
})
