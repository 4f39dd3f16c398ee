// Bars as pixels: one row of pixels a lane, each pixel the colour of the bar that may show in it. Far faster than a
// rectangle a bar, because what is drawn is bounded by the screen and not by the recording.
import { firstEndingAfter } from '../../recording/flame-layout.ts'
import type { Lanes } from '../../recording/flame-layout.ts'
import type { TimeRange } from '../../recording/time-range.ts'

export interface BarStyle {
  /** By source row: the colour as ImageData keeps it (0xAABBGGRR on little-endian machines). */
  readonly colour: Uint32Array
  /** By source row: where bars share a pixel the highest shows, the longest among equals. Without: the longest. */
  readonly priority?: Uint8Array
}

/** A bar wide enough for a label; x in device pixels, cut to the screen. */
export interface WideBar {
  readonly row: number
  readonly lane: number
  readonly left: number
  readonly right: number
}

/** Bars at least this wide end with a pixel of background, so that neighbours can be told apart. */
const separatedFrom = 3

/**
 * Fills `pixels` (width × lanes, 0 where there is no bar).
 * @returns the bars that are at least `wideFrom` pixels wide
 */
export function fillPixelRows(
  pixels: Uint32Array,
  width: number,
  lanes: Lanes,
  laneCount: number,
  range: TimeRange,
  style: BarStyle,
  wideFrom: number
): WideBar[] {
  const wide: WideBar[] = []
  const { start, end, row, first } = lanes
  const { colour, priority } = style
  const scale = width / (range.to - range.from)
  pixels.fill(0, 0, width * laneCount)
  for (let lane = 0; lane < laneCount; lane++) {
    const base = lane * width
    const stop = first[lane + 1]!
    let heldPixel = -1
    let heldPriority = 0
    for (let at = firstEndingAfter(lanes, lane, range.from); at < stop && start[at]! < range.to;) {
      let left = Math.max(0, Math.floor((start[at]! - range.from) * scale))
      const right = Math.min(width, Math.floor((end[at]! - range.from) * scale))
      if (right > left) {
        const source = row[at++]!
        if (left === heldPixel && heldPriority > (priority ? priority[source]! : 0)) left++
        const last = right - left >= separatedFrom ? right - 1 : right
        paintRun(pixels, base + left, base + last, colour[source]!)
        if (right - left >= wideFrom) wide.push({ row: source, lane, left, right })
        continue
      }
      // All bars that end inside this pixel: one of them shows.
      const pixelEnd = range.from + (left + 1) / scale
      let best = at
      let bestPriority = priority ? priority[row[at]!]! : 0
      for (at++; at < stop && end[at]! < pixelEnd; at++) {
        const rank = priority ? priority[row[at]!]! : 0
        const longer = end[at]! - start[at]! > end[best]! - start[best]!
        if (rank > bestPriority || (rank === bestPriority && longer)) {
          best = at
          bestPriority = rank
        }
      }
      if (left >= width) break
      pixels[base + left] = colour[row[best]!]!
      heldPixel = left
      heldPriority = bestPriority
    }
  }
  return wide
}

/** Most bars are a few pixels wide, and for those a loop is quicker than fill. */
function paintRun(pixels: Uint32Array, from: number, to: number, colour: number): void {
  if (to - from > 16) pixels.fill(colour, from, to)
  else for (let i = from; i < to; i++) pixels[i] = colour
}
