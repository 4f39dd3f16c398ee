// The colour and the priority of each call: by the package or file of its function, or by how much it grew; grey where a
// search or a span leaves it out.
import type { Calls } from '../../recording/calls.ts'
import { packageOf } from '../../recording/frame-names.ts'
import type { Recording } from '../../recording/schema.ts'
import { blend, colourIndex, pixelOf, shade } from './palette.ts'
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
    const base = placeColour(packageOf(url), url, palette)
    return shade(base, (colourIndex(name, 3) - 1) * 0.06)
  })
}

/** Of what is in a package, or in a file of the program's own. @param packageName as `packageOf` */
export function placeColour(packageName: string, url: string, palette: Palette): string {
  if (packageName === 'node' || (packageName === '' && url === '')) return palette.runtime
  return palette.pastels[colourIndex(packageName || url, palette.pastels.length)]!
}

export function isEmphasised(calls: Calls, call: number, { matches, links }: Emphasis): boolean {
  return (!matches || matches[calls.frame[call]!] === 1) && (!links || links[calls.link[call]!] === 1)
}

/** By call, as pixels. */
export function coloursByFrame(calls: Calls, colours: readonly string[]): Uint32Array {
  const pixels = Uint32Array.from(colours, pixelOf)
  const byCall = new Uint32Array(calls.length)
  // A plain loop: for the calls of a million samples `from` takes 300 ms more.
  for (let call = 0; call < calls.length; call++) byCall[call] = pixels[calls.frame[call]!]!
  return byCall
}

/** By call, as pixels. @param growth by call from -1, all of it is gone, to 1, all of it is new */
export function coloursByGrowth(growth: Float64Array, palette: Palette): Uint32Array {
  return Uint32Array.from(growth, share => pixelOf(growthColour(share, palette)))
}

/** A tenth more or less can hardly be seen; three times as much is the full colour. */
export function growthColour(growth: number, { growth: { grew, same, shrank } }: Palette): string {
  const strength = Math.min(1, Math.abs(growth) * 2)
  return blend(same, growth > 0 ? grew : shrank, strength)
}

/** @param colours by call */
export function flameStyle(
  calls: Calls,
  colours: Uint32Array,
  palette: Palette,
  emphasis: Emphasis
): BarStyle {
  if (!emphasis.matches && !emphasis.links) return { colour: colours }
  const faded = pixelOf(palette.faded)
  const colour = new Uint32Array(calls.length)
  const priority = new Uint8Array(calls.length)
  for (let call = 0; call < calls.length; call++) {
    const shown = isEmphasised(calls, call, emphasis)
    priority[call] = shown ? 1 : 0
    colour[call] = shown ? colours[call]! : faded
  }
  return { colour, priority }
}
