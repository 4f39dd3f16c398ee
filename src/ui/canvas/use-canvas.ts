// A canvas in device pixels: it follows its size and the screen's ratio, and paints at most once a frame, and only
// while it can be seen.
import { onBeforeUnmount, onMounted, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'

export interface CanvasSize {
  /** Device pixels. */
  readonly width: number
  readonly height: number
  /** Device pixels a CSS pixel. */
  readonly ratio: number
}

export interface PaintedCanvas {
  readonly size: Readonly<ShallowRef<CanvasSize>>
  /** Asks for a frame. */
  repaint(): void
}

export function useCanvas(
  canvas: Readonly<ShallowRef<HTMLCanvasElement | null>>,
  paint: (context: CanvasRenderingContext2D, size: CanvasSize) => void
): PaintedCanvas {
  const size = shallowRef<CanvasSize>({ width: 0, height: 0, ratio: 1 })
  let frame = 0
  let isVisible = false

  function repaint(): void {
    if (frame === 0 && isVisible) frame = requestAnimationFrame(paintNow)
  }

  function paintNow(): void {
    frame = 0
    const context = canvas.value?.getContext('2d')
    if (context && size.value.width > 0) paint(context, size.value)
  }

  function measure(): void {
    const element = canvas.value
    if (!element) return
    const ratio = window.devicePixelRatio || 1
    const width = Math.round(element.clientWidth * ratio)
    const height = Math.round(element.clientHeight * ratio)
    const known = size.value
    if (known.width === width && known.height === height && known.ratio === ratio) return
    element.width = width
    element.height = height
    size.value = { width, height, ratio }
    // Setting its size clears a canvas: painting at once spares a blank frame.
    if (isVisible) paintNow()
  }

  const resizes = new ResizeObserver(measure)
  const sightings = new IntersectionObserver(entries => {
    isVisible = entries[entries.length - 1]!.isIntersecting
    repaint()
  })
  onMounted(() => {
    if (!canvas.value) return
    measure()
    resizes.observe(canvas.value)
    sightings.observe(canvas.value)
  })
  onBeforeUnmount(() => {
    resizes.disconnect()
    sightings.disconnect()
    cancelAnimationFrame(frame)
  })
  return { size, repaint }
}
