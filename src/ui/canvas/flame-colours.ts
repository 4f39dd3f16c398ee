// The colour and the priority of each call: by the package or file of its function, grey where a search or a span
// leaves it out.
import type { Calls } from '../../recording/calls.ts'
import { packageOf } from '../../recording/frame-names.ts'
import type { Recording } from '../../recording/schema.ts'
import { colourIndex, pixelOf, shade } from './palette.ts'
import type { Palette } from './palette.ts'
import type { BarStyle } from './pixel-rows.ts'

export interface Emphasis {
  /** By frame: 1 where it matches the search. */
  readonly matches?: Uint8Array | undefined
  /** By link: 1 where its calls keep their colour. */
  readonly links?: Uint8Array | undefined
}

/** By frame, '#rrggbb'. Functions of one file differ by a shade, so that callers and callees can be told apart. */
export function frameColours(recording: Recording, palette: Palette): string[] {
  const { frames, strings } = recording
  return Array.from({ length: frames.length }, (_, frame) => {
    const url = strings[frames.url[frame]!]!
    const name = strings[frames.name[frame]!]!
    if (url === '' && name === '(garbage collector)') return palette.garbage
    if (url === '' && name.startsWith('(') && name !== '(anonymous)') return palette.native
    const packageName = packageOf(url)
    const base =
      packageName === 'node' || (packageName === '' && url === '')
        ? palette.runtime
        : palette.pastels[colourIndex(packageName || url, palette.pastels.length)]!
    return shade(base, (colourIndex(name, 3) - 1) * 0.06)
  })
}

export function isEmphasised(calls: Calls, call: number, { matches, links }: Emphasis): boolean {
  return (!matches || matches[calls.frame[call]!] === 1) && (!links || links[calls.link[call]!] === 1)
}

export function flameStyle(
  calls: Calls,
  colours: readonly string[],
  palette: Palette,
  emphasis: Emphasis
): BarStyle {
  const pixels = Uint32Array.from(colours, pixelOf)
  const faded = pixelOf(palette.faded)
  const colour = new Uint32Array(calls.length)
  const isFiltered = emphasis.matches !== undefined || emphasis.links !== undefined
  if (!isFiltered) {
    for (let call = 0; call < calls.length; call++) colour[call] = pixels[calls.frame[call]!]!
    return { colour }
  }
  const priority = new Uint8Array(calls.length)
  for (let call = 0; call < calls.length; call++) {
    const shown = isEmphasised(calls, call, emphasis)
    priority[call] = shown ? 1 : 0
    colour[call] = shown ? pixels[calls.frame[call]!]! : faded
  }
  return { colour, priority }
}
