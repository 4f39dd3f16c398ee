// What is really on the screen: screenshots as pixels.
import type { Locator, Page } from 'playwright-core'
import { decodePng } from './decode-png.ts'

export interface Picture {
  width: number
  height: number
  /** '#rrggbb' at a place, in CSS pixels from the top left. */
  at(x: number, y: number): string
  /** How many different colours there are. */
  colours: number
  /** By vertical strip of the picture: the share of its pixels that differ from its most common colour. */
  drawn: number[]
}

const strips = 10

/** A picture of the element as it is painted now. */
export async function takePicture(target: Locator | Page): Promise<Picture> {
  const { width, height, pixels } = decodePng(await target.screenshot())
  return pictureOf(width, height, pixels)
}

function pictureOf(width: number, height: number, pixels: Uint32Array): Picture {
  const counts = new Map<number, number>()
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1)
  const ground = [...counts].sort((a, b) => b[1] - a[1])[0]![0]
  const drawn = Array.from({ length: strips }, (_, strip) => {
    const from = Math.floor((strip * width) / strips)
    const to = Math.floor(((strip + 1) * width) / strips)
    let different = 0
    for (let y = 0; y < height; y++) {
      for (let x = from; x < to; x++) if (pixels[y * width + x] !== ground) different++
    }
    return different / ((to - from) * height)
  })
  const hex = (byte: number) => (byte & 0xff).toString(16).padStart(2, '0')
  return {
    width,
    height,
    colours: counts.size,
    drawn,
    at(x, y) {
      const pixel = pixels[Math.floor(y) * width + Math.floor(x)] ?? 0
      return `#${hex(pixel)}${hex(pixel >>> 8)}${hex(pixel >>> 16)}`
    }
  }
}
