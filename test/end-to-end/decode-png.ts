// Screenshots as pixels: PNG with 8 bits a channel, RGB or RGBA, not interlaced, as browsers write them.
import { inflateSync } from 'node:zlib'

export interface Pixels {
  width: number
  height: number
  /** Row by row, red in the lowest byte, then green and blue. */
  pixels: Uint32Array
}

export function decodePng(png: Buffer): Pixels {
  const width = png.readUInt32BE(16)
  const height = png.readUInt32BE(20)
  const channels = png[25] === 6 ? 4 : 3
  if (png[24] !== 8 || (png[25] !== 2 && png[25] !== 6) || png[28] !== 0) {
    throw new Error(`Expected 8-bit RGB or RGBA, found ${png[24]} bits of colour type ${png[25]}`)
  }
  const bytes = unfiltered(inflateSync(Buffer.concat(dataChunks(png))), width * channels, height, channels)
  const pixels = new Uint32Array(width * height)
  for (let i = 0; i < pixels.length; i++) {
    const at = i * channels
    pixels[i] = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)
  }
  return { width, height, pixels }
}

function dataChunks(png: Buffer): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') chunks.push(png.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  return chunks
}

/** Undoes the filters of each row (PNG specification, 9.2). */
function unfiltered(filtered: Buffer, stride: number, height: number, step: number): Uint8Array {
  const bytes = new Uint8Array(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = filtered[y * (stride + 1)]!
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x
      const left = x >= step ? bytes[at - step]! : 0
      const up = y > 0 ? bytes[at - stride]! : 0
      const corner = x >= step && y > 0 ? bytes[at - stride - step]! : 0
      const add = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]!
      bytes[at] = filtered[y * (stride + 1) + 1 + x]! + add
    }
  }
  return bytes
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [toLeft, toUp, toCorner] = [left, up, corner].map(value => Math.abs(guess - value)) as [
    number,
    number,
    number
  ]
  return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner
}
