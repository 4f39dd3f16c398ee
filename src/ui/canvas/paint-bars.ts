// Paints lanes of bars: the pixel rows as one scaled image, then lines between lanes, labels and outlines.
import { firstEndingAfter } from '../../recording/flame-layout.ts'
import type { Lanes } from '../../recording/flame-layout.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import { fitText } from './painter.ts'
import type { Painter } from './painter.ts'
import { fillPixelRows } from './pixel-rows.ts'
import type { BarStyle, WideBar } from './pixel-rows.ts'
import { xOf } from './time-scale.ts'

/** Where pixels become something that drawImage takes. */
export interface PixelImage {
  /** At least width × height pixels to write to. */
  pixels(width: number, height: number): Uint32Array
  /** What was written, as an image of width × height. */
  image(width: number, height: number): CanvasImageSource
}

export interface BarLabel {
  readonly text: string
  readonly colour: string
}

export interface BarsPicture {
  readonly lanes: Lanes
  readonly range: TimeRange
  readonly style: BarStyle
  /** The text for a bar of so many device pixels. */
  label(row: number, width: number): BarLabel
  /** Device pixels. */
  readonly width: number
  readonly height: number
  readonly laneHeight: number
  /** Device pixels a CSS pixel. */
  readonly ratio: number
  readonly outlines: readonly BarOutline[]
}

export interface BarOutline {
  readonly row: number
  readonly lane: number
  readonly colour: string
}

/** CSS pixels from which a bar gets a label. */
const labelFrom = 32
const fontSize = 11
const padding = 4

export const barFont = (ratio: number): string =>
  `${fontSize * ratio}px system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif`

export function paintBars(painter: Painter, target: PixelImage, picture: BarsPicture): void {
  const { lanes, range, width, height, laneHeight, ratio } = picture
  painter.clearRect(0, 0, width, height)
  const laneCount = Math.min(lanes.count, Math.ceil(height / laneHeight))
  if (laneCount === 0 || width === 0) return
  const wide = fillPixelRows(
    target.pixels(width, laneCount),
    width,
    lanes,
    laneCount,
    range,
    picture.style,
    labelFrom * ratio
  )
  painter.imageSmoothingEnabled = false
  const image = target.image(width, laneCount)
  painter.drawImage(image, 0, 0, width, laneCount, 0, 0, width, laneCount * laneHeight)
  for (let lane = 1; lane <= laneCount; lane++) painter.clearRect(0, lane * laneHeight - 1, width, 1)
  paintLabels(painter, picture, wide)
  for (const outline of picture.outlines) paintOutline(painter, picture, outline)
}

function paintLabels(painter: Painter, picture: BarsPicture, wide: readonly WideBar[]): void {
  const { ratio, laneHeight } = picture
  painter.font = barFont(ratio)
  painter.textBaseline = 'middle'
  for (const { row, lane, left, right } of wide) {
    const { text, colour } = picture.label(row, right - left)
    const fitting = fitText(painter, text, right - left - 2 * padding * ratio)
    if (fitting === '') continue
    painter.fillStyle = colour
    painter.fillText(fitting, left + padding * ratio, lane * laneHeight + (laneHeight - 1) / 2 + 0.5 * ratio)
  }
}

function paintOutline(
  painter: Painter,
  { lanes, range, width, laneHeight, ratio }: BarsPicture,
  { row, lane, colour }: BarOutline
): void {
  const at = positionOf(lanes, lane, row, range)
  if (at < 0) return
  const line = Math.max(1, Math.round(1.5 * ratio))
  const left = Math.max(-line, Math.floor(xOf(range, width, lanes.start[at]!)))
  const right = Math.min(width + line, Math.max(left + 1, Math.floor(xOf(range, width, lanes.end[at]!))))
  painter.strokeStyle = colour
  painter.lineWidth = line
  painter.strokeRect(
    left + line / 2,
    lane * laneHeight + line / 2,
    Math.max(1, right - left - line),
    laneHeight - 1 - line
  )
}

function positionOf(lanes: Lanes, lane: number, row: number, range: TimeRange): number {
  if (lane < 0 || lane >= lanes.count) return -1
  const stop = lanes.first[lane + 1]!
  for (let at = firstEndingAfter(lanes, lane, range.from); at < stop && lanes.start[at]! < range.to; at++) {
    if (lanes.row[at] === row) return at
  }
  return -1
}
