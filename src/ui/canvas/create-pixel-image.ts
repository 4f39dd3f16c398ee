import type { PixelImage } from './paint-bars.ts'

/** A buffer of pixels that becomes a canvas by one putImageData; both are kept from frame to frame. */
export function createPixelImage(): PixelImage {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')
  let data: ImageData | undefined
  let pixels = new Uint32Array()
  return {
    pixels(width, height) {
      if (!data || data.width !== width || data.height !== height) {
        canvas.width = width
        canvas.height = height
        data = new ImageData(width, height)
        pixels = new Uint32Array(data.data.buffer)
      }
      return pixels
    },
    image() {
      if (data) context?.putImageData(data, 0, 0)
      return canvas
    }
  }
}
