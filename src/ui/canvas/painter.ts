// The part of a canvas that our painters draw with, so that a test can stand in for it and keep a log.

export type Painter = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'font'
  | 'textBaseline'
  | 'textAlign'
  | 'globalAlpha'
  | 'imageSmoothingEnabled'
  | 'fillRect'
  | 'strokeRect'
  | 'clearRect'
  | 'fillText'
  | 'measureText'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'arc'
  | 'fill'
  | 'stroke'
  | 'drawImage'
>

/** Text cut to a width with an ellipsis; '' where not even a letter fits. */
export function fitText(painter: Painter, text: string, width: number): string {
  if (measure(painter, text) <= width) return text
  let low = 0
  let high = text.length
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (measure(painter, `${text.slice(0, middle)}…`) <= width) low = middle
    else high = middle - 1
  }
  return low > 0 ? `${text.slice(0, low).trimEnd()}…` : ''
}

const widths = new Map<string, Map<string, number>>()
const mostWidths = 20_000

/** Measuring is the slowest thing a label does: each text is measured once a font. */
function measure(painter: Painter, text: string): number {
  let known = widths.get(painter.font)
  if (!known || known.size > mostWidths) widths.set(painter.font, (known = new Map()))
  let width = known.get(text)
  if (width === undefined) known.set(text, (width = painter.measureText(text).width))
  return width
}
