// The colours of painted bars for both themes. Nine pastels by package or file, so that a colour means a place in the
// code; quiet tones for Node's own and for V8's entries. Labels on all of them keep a contrast above 7:1.
import type { ThemeName } from '../state/use-theme.ts'

export interface Palette {
  readonly pastels: readonly string[]
  /** Node's own JavaScript. */
  readonly runtime: string
  /** (program): native code without JavaScript above it. */
  readonly native: string
  readonly garbage: string
  /** Of what is compared: more of it, less of it, as much. */
  readonly growth: { readonly grew: string; readonly same: string; readonly shrank: string }
  /** What a search or a filter leaves out. */
  readonly faded: string
  readonly fadedLabel: string
  /** By OTLP's number of the kind. */
  readonly spanKinds: readonly string[]
  readonly spanError: string
  /** Log markers: brighter than the text of a level may be. */
  readonly markers: Readonly<Record<'error' | 'warn' | 'info' | 'debug', string>>
  readonly label: string
  readonly outline: string
  readonly hover: string
}

const palettes: Record<ThemeName, Palette> = {
  dark: {
    pastels: [
      '#a9c4e8',
      '#e2cfa0',
      '#a8d2b4',
      '#e3b3c6',
      '#c3b6e6',
      '#edbd92',
      '#97d0d2',
      '#cfd593',
      '#dcb3a6'
    ],
    runtime: '#9aa6b5',
    native: '#808b99',
    garbage: '#ef8f8c',
    growth: { grew: '#ff8a5c', same: '#a7afba', shrank: '#62b2f5' },
    faded: '#333b47',
    fadedLabel: '#8e99a8',
    spanKinds: ['#94a6cf', '#94a6cf', '#78aaf2', '#5fc6b8', '#c49cec', '#c49cec'],
    spanError: '#f4706d',
    markers: { error: '#f4605c', warn: '#f59342', info: '#f2d64b', debug: '#e07cf2' },
    label: '#10141a',
    outline: '#ffffff',
    hover: '#ffffffb0'
  },
  light: {
    pastels: [
      '#b9d3f5',
      '#f2dfa9',
      '#b5e0c2',
      '#f3c2d5',
      '#d2c7f4',
      '#f8cca1',
      '#a8e0e1',
      '#dde49f',
      '#ebc5b9'
    ],
    runtime: '#cdd5df',
    native: '#c0c8d2',
    garbage: '#f6a7a3',
    growth: { grew: '#ff9d76', same: '#bfc7d2', shrank: '#7fc0f8' },
    faded: '#e6eaef',
    fadedLabel: '#6b7481',
    spanKinds: ['#b4c2e0', '#b4c2e0', '#97c0fa', '#86dccf', '#d9bdf6', '#d9bdf6'],
    spanError: '#f58f8b',
    markers: { error: '#dd2c28', warn: '#ef7b1a', info: '#e8bd00', debug: '#c42fd8' },
    label: '#141a24',
    outline: '#10151d',
    hover: '#10151d99'
  }
}

export function paletteOf(theme: ThemeName): Palette {
  return palettes[theme]
}

/** Which of `count` colours a text always gets. */
export function colourIndex(text: string, count: number): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return ((hash ^ (hash >>> 15)) >>> 0) % count
}

/** '#rrggbb' as a pixel of ImageData, opaque. Bytes are in the order r, g, b, a: on little-endian machines 0xAABBGGRR. */
export function pixelOf(colour: string): number {
  const value = Number.parseInt(colour.slice(1, 7), 16)
  return (0xff000000 | ((value & 0xff) << 16) | (value & 0xff00) | (value >>> 16)) >>> 0
}

/** '#rrggbb' made lighter (share > 0, towards white) or darker (share < 0, towards black). */
export function shade(colour: string, share: number): string {
  return blend(colour, share > 0 ? '#ffffff' : '#000000', Math.abs(share))
}

/** Between two of '#rrggbb': at share 0 the first, at 1 the second. */
export function blend(from: string, to: string, share: number): string {
  const target = partsOf(to)
  const mixed = partsOf(from).map((part, i) =>
    Math.round(part + (target[i]! - part) * share)
      .toString(16)
      .padStart(2, '0')
  )
  return `#${mixed.join('')}`
}

function partsOf(colour: string): number[] {
  const value = Number.parseInt(colour.slice(1, 7), 16)
  return [value >>> 16, (value >>> 8) & 0xff, value & 0xff]
}
