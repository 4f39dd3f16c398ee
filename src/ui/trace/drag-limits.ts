// What dragging over the chart of traces asks for: across a stretch of time, up or down durations, aslant both.
export interface Point {
  readonly x: number
  readonly y: number
}

export interface DragBox {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** Whether it limits the time, and the duration; what it doesn't it goes all through. */
  readonly times: boolean
  readonly durations: boolean
}

/** Less than this isn't meant, CSS pixels. */
const least = 12
/** Less than this is a click. */
const click = 4

/** Undefined for a click. @param plot where points may lie */
export function dragBox(
  start: Point,
  end: Point,
  plot: { left: number; top: number; right: number; bottom: number }
): DragBox | undefined {
  const [width, height] = [Math.abs(end.x - start.x), Math.abs(end.y - start.y)]
  if (Math.max(width, height) < click) return undefined
  const times = width >= least || width >= height
  const durations = height >= least || height > width
  const inPlot = (x: number): number => Math.min(plot.right, Math.max(plot.left, x))
  const downPlot = (y: number): number => Math.min(plot.bottom, Math.max(plot.top, y))
  const left = times ? inPlot(Math.min(start.x, end.x)) : plot.left
  const right = times ? inPlot(Math.max(start.x, end.x)) : plot.right
  const top = durations ? downPlot(Math.min(start.y, end.y)) : plot.top
  const bottom = durations ? downPlot(Math.max(start.y, end.y)) : plot.bottom
  return { left, top, width: right - left, height: bottom - top, times, durations }
}

/** The limits of a drag as an address has them. @param valueAt Unix ms and ms of a place in the chart */
export function limitsOf(
  box: DragBox,
  valueAt: (x: number, y: number) => [number, number]
): Record<string, string> {
  const [from, longest] = valueAt(box.left, box.top)
  const [to, shortest] = valueAt(box.left + box.width, box.top + box.height)
  return {
    ...(box.times && { from: String(Math.floor(from)), to: String(Math.ceil(to)) }),
    ...(box.durations && { min: roundedMs(shortest), max: roundedMs(longest) })
  }
}

/** As many digits as a place in the chart has: '0.12', '34', '1200'. */
function roundedMs(ms: number): string {
  return String(Number(ms.toPrecision(2)))
}
