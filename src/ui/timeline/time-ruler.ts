// The axis that everything shares: ticks with their times.
import type { TimeRange } from '../../recording/time-range.ts'
import type { Painter } from '../canvas/painter.ts'
import { barFont } from '../canvas/paint-bars.ts'
import { buildTicks, xOf } from '../canvas/time-scale.ts'
import type { ThemeColours } from '../canvas/use-theme-colours.ts'

/** CSS pixels between two labels, at least. */
const labelGap = 90
/** From a tick to its label, CSS pixels. */
const labelDistance = 5

export function paintRuler(
  painter: Painter,
  range: TimeRange,
  { width, height, ratio }: { width: number; height: number; ratio: number },
  colours: ThemeColours
): void {
  painter.clearRect(0, 0, width, height)
  painter.font = barFont(ratio)
  painter.textBaseline = 'middle'
  painter.fillStyle = colours['line-strong']
  const ticks = buildTicks(range, width, labelGap * ratio)
  const step = ticks.length > 1 ? ticks[1]!.time - ticks[0]!.time : 0
  const minor = step / 5
  if (minor > 0) {
    for (let time = ticks[0]!.time - step; time < range.to; time += minor) {
      painter.fillRect(Math.round(xOf(range, width, time)), height - 4 * ratio, ratio, 4 * ratio)
    }
  }
  let taken = 0
  for (const { time, label } of ticks) {
    const x = Math.round(xOf(range, width, time))
    painter.fillStyle = colours['line-strong']
    painter.fillRect(x, height - 10 * ratio, ratio, 10 * ratio)
    painter.fillStyle = colours['text-2']
    // At the right edge it would be cut: there it stands before its tick, where the label before it leaves it room.
    const labelWidth = painter.measureText(label).width
    const after = x + labelDistance * ratio
    const left = after + labelWidth <= width ? after : x - labelDistance * ratio - labelWidth
    if (left < taken) continue
    painter.fillText(label, left, height / 2)
    taken = left + labelWidth + labelDistance * ratio
  }
}
