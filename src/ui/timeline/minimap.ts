// The whole recording in a strip: how busy its threads were, and where warnings and errors are. A window on it shows
// what the axis below does.
import { clamp } from '../../base/units.ts'
import type { Calls } from '../../recording/calls.ts'
import type { LogEntry } from '../../recording/log-entries.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import type { Painter } from '../canvas/painter.ts'
import { clampRange, shortestRange, timeAt, xOf } from '../canvas/time-scale.ts'
import type { ThemeColours } from '../canvas/use-theme-colours.ts'

/** By column: the share of its time that a call was open, on the busiest thread. */
export function buildActivity(threads: readonly Calls[], extent: TimeRange, columns: number): Float64Array {
  const busiest = new Float64Array(columns)
  for (const calls of threads) {
    const busy = new Float64Array(columns)
    for (let call = 0; call < calls.length; call++) {
      if (calls.depth[call] !== 0) continue
      const from = Math.max(0, xOf(extent, columns, calls.start[call]!))
      const to = Math.min(columns, xOf(extent, columns, calls.end[call]!))
      for (let column = Math.floor(from); column < to; column++) {
        busy[column]! += Math.min(to, column + 1) - Math.max(from, column)
      }
    }
    busy.forEach((share, column) => (busiest[column] = Math.max(busiest[column]!, share)))
  }
  return busiest
}

/** Device pixels a column of activity. */
const columnWidth = 2

export function paintMinimap(
  painter: Painter,
  threads: readonly Calls[],
  logs: readonly LogEntry[],
  extent: TimeRange,
  { width, height, ratio }: { width: number; height: number; ratio: number },
  colours: ThemeColours
): void {
  painter.clearRect(0, 0, width, height)
  const floor = height - 5 * ratio
  painter.fillStyle = colours.accent
  painter.globalAlpha = 0.55
  buildActivity(threads, extent, Math.ceil(width / columnWidth)).forEach((share, column) => {
    const bar = Math.round(share * (floor - 4 * ratio))
    if (bar > 0) painter.fillRect(column * columnWidth, floor - bar, columnWidth, bar)
  })
  painter.globalAlpha = 1
  for (const level of ['warn', 'error', 'fatal'] as const) {
    painter.fillStyle = colours[level]
    let last = -Infinity
    for (const log of logs) {
      const x = Math.round(xOf(extent, width, log.time))
      if (log.level !== level || x === last) continue
      last = x
      painter.fillRect(x, height - 4 * ratio, Math.max(1, ratio), 3 * ratio)
    }
  }
}

export type WindowPart = 'left' | 'right' | 'inside' | 'outside'

/** CSS pixels on either side of an edge that take hold of it. */
const handle = 5

/** What a pointer takes hold of. A window that is everything can only be drawn anew. */
export function windowPartAt(range: TimeRange, extent: TimeRange, width: number, x: number): WindowPart {
  if (range.to - range.from >= extent.to - extent.from) return 'outside'
  const left = xOf(extent, width, range.from)
  const right = xOf(extent, width, range.to)
  if (Math.abs(x - left) <= handle) return 'left'
  if (Math.abs(x - right) <= handle) return 'right'
  return x > left && x < right ? 'inside' : 'outside'
}

/** The window after a drag from one x to another. */
export function dragWindow(
  part: WindowPart,
  range: TimeRange,
  extent: TimeRange,
  width: number,
  fromX: number,
  toX: number
): TimeRange {
  const began = timeAt(extent, width, fromX)
  const now = clamp(timeAt(extent, width, toX), extent.from, extent.to)
  if (part === 'inside') {
    return clampRange({ from: range.from + now - began, to: range.to + now - began }, extent)
  }
  const fixed = part === 'left' ? range.to : part === 'right' ? range.from : began
  const from = Math.min(fixed, now)
  return clampRange({ from, to: Math.max(from + shortestRange, Math.max(fixed, now)) }, extent)
}
