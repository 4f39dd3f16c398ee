import { describe, expect, test } from 'vitest'
import { RecordingBuilder } from '../../../src/recording/recording-builder.ts'
import { frameColours } from '../../../src/ui/canvas/flame-colours.ts'
import { colourIndex, paletteOf, pixelOf, shade } from '../../../src/ui/canvas/palette.ts'

function coloursOf(frames: readonly (readonly [name: string, url: string])[]): string[] {
  const builder = new RecordingBuilder(0n)
  for (const [name, url] of frames) {
    builder.intern('frames', {
      name: builder.strings.intern(name),
      url: builder.strings.intern(url),
      line: 1,
      column: 1,
      packageId: 0
    })
  }
  return frameColours(builder.snapshot(), paletteOf('dark'))
}

describe('the colour of a function', () => {
  test('is the same for the same name and place, in any recording', () => {
    const [first] = coloursOf([['load', '/srv/app.js']])
    const [, again] = coloursOf([
      ['other', '/srv/b.js'],
      ['load', '/srv/app.js']
    ])
    expect(again).toBe(first)
  })

  test('comes from its package, so that all files of one look alike', () => {
    const [a, b] = coloursOf([
      ['query', '/x/node_modules/pg/a.js'],
      ['query', '/y/node_modules/pg/lib/b.js']
    ])
    expect(a).toBe(b)
  })

  test('tells garbage collection, native code and Node itself from the program', () => {
    const { garbage, native, runtime } = paletteOf('dark')
    const [collector, program, node] = coloursOf([
      ['(garbage collector)', ''],
      ['(program)', ''],
      ['listOnTimeout', 'node:internal/timers']
    ])
    expect([collector, program]).toEqual([garbage, native])
    expect([-0.06, 0, 0.06].map(share => shade(runtime, share))).toContain(node)
  })
})

describe('palettes', () => {
  test('spread names over all nine pastels', () => {
    const used = new Set(Array.from({ length: 200 }, (_, i) => colourIndex(`file-${i}.js`, 9)))
    expect(used.size).toBe(9)
  })

  test('hold labels that can be read on every colour, in both themes', () => {
    for (const theme of ['dark', 'light'] as const) {
      const palette = paletteOf(theme)
      const bars = [...palette.pastels, palette.runtime, palette.native, palette.garbage, palette.spanError]
      for (const colour of [...bars, ...palette.spanKinds]) {
        for (const share of [-0.06, 0.06]) {
          expect(contrast(shade(colour, share), palette.label), `${theme} ${colour}`).toBeGreaterThan(4.5)
        }
      }
      expect(contrast(palette.faded, palette.fadedLabel), theme).toBeGreaterThan(3)
    }
  })

  test('a pixel holds red, green, blue and full opacity in the order of ImageData', () => {
    expect([...new Uint8Array(Uint32Array.of(pixelOf('#0a1b2c')).buffer)]).toEqual([0x0a, 0x1b, 0x2c, 0xff])
  })
})

/** WCAG 2.2, relative luminance. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string): number => {
    const [red, green, blue] = [1, 3, 5].map(at => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    }) as [number, number, number]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}
