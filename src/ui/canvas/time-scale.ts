// Between time (ns) and pixels, and what gestures do to the stretch of time on the screen. All views share these.
import type { TimeRange } from '../../recording/time-range.ts'
import { clamp, nanosPerMs, nanosPerSecond } from '../../base/units.ts'

/** The shortest stretch that can be looked at, ns. */
export const shortestRange = 1e3

export function xOf(range: TimeRange, width: number, time: number): number {
  return ((time - range.from) / (range.to - range.from)) * width
}

export function timeAt(range: TimeRange, width: number, x: number): number {
  return range.from + (x / Math.max(1, width)) * (range.to - range.from)
}

/** Scales the stretch around a time that stays where it is; factor 2 shows half as much. */
export function zoomRange(range: TimeRange, factor: number, at: number, extent: TimeRange): TimeRange {
  const most = extent.to - extent.from
  const span = Math.min(most, Math.max(shortestRange, (range.to - range.from) / factor))
  const share = (at - range.from) / (range.to - range.from)
  const from = at - share * span
  return clampRange({ from, to: from + span }, extent)
}

export function panRange(range: TimeRange, by: number, extent: TimeRange): TimeRange {
  return clampRange({ from: range.from + by, to: range.to + by }, extent)
}

/** CSS pixels that fingers closer together than that count as apart. */
const closestFingers = 20

/**
 * What an axis shows once the fingers on it have moved: the times in the middle of one or two stay in the middle, and two
 * that go apart stretch it.
 * @param before where they began, CSS pixels from the left of the axis; `now` where they are
 */
export function pinchRange(
  range: TimeRange,
  width: number,
  before: readonly number[],
  now: readonly number[],
  extent: TimeRange
): TimeRange {
  const middle = (places: readonly number[]): number => places.reduce((sum, x) => sum + x, 0) / places.length
  const apart = ([a = 0, b = a]: readonly number[]): number => Math.max(closestFingers, Math.abs(b - a))
  const held = timeAt(range, width, middle(before))
  const zoomed = zoomRange(range, apart(now) / apart(before), held, extent)
  return panRange(zoomed, held - timeAt(zoomed, width, middle(now)), extent)
}

/** Moves the stretch into the extent, or cuts it where it is longer. */
export function clampRange(range: TimeRange, extent: TimeRange): TimeRange {
  const span = Math.min(range.to - range.from, extent.to - extent.from)
  const from = clamp(range.from, extent.from, extent.to - span)
  return { from, to: from + span }
}

/** A call or a span with some air around it. */
export function rangeAround(from: number, to: number, extent: TimeRange): TimeRange {
  const air = Math.max((to - from) * 0.05, shortestRange / 2)
  return clampRange({ from: from - air, to: to + air }, extent)
}

export interface Tick {
  readonly time: number
  readonly label: string
}

/** Ticks at 1, 2 or 5 × 10ⁿ ns, at least `gap` pixels apart. */
export function buildTicks(range: TimeRange, width: number, gap: number): Tick[] {
  const step = tickStep(range, width, gap)
  const labelOf = tickLabels(range)
  const ticks: Tick[] = []
  for (let i = Math.ceil(range.from / step); i * step <= range.to; i++) {
    ticks.push({ time: i * step, label: labelOf(i * step, step) })
  }
  return ticks
}

const smallUnits = [
  { name: 'µs', ns: 1e3, upTo: 1e6 },
  { name: 'ms', ns: nanosPerMs, upTo: nanosPerSecond }
]

/** In one unit all along an axis: that of its farthest time. */
function tickLabels({ from, to }: TimeRange): (time: number, step: number) => string {
  const unit = smallUnits.find(({ upTo }) => Math.max(Math.abs(from), Math.abs(to)) <= upTo)
  if (unit === undefined) return formatTick
  return (time, step) => `${trimZero((time / unit.ns).toFixed(digitsOf(step / unit.ns)))} ${unit.name}`
}

/** That tell neighbours apart. */
function digitsOf(step: number): number {
  return Math.min(9, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)))
}

function tickStep(range: TimeRange, width: number, gap: number): number {
  const least = ((range.to - range.from) * gap) / Math.max(1, width)
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)))
  return [1, 2, 5, 10].map(factor => factor * power).find(step => step >= least) ?? 10 * power
}

/** Seconds since the start, with the digits that tell neighbours apart; '1:02:03.5' from a minute on. */
export function formatTick(time: number, step: number): string {
  const digits = digitsOf(step / nanosPerSecond)
  const seconds = time / nanosPerSecond
  if (Math.abs(seconds) < 60) return `${trimZero(seconds.toFixed(digits))} s`
  const sign = seconds < 0 ? '-' : ''
  const rounded = Number(Math.abs(seconds).toFixed(digits))
  const rest = (rounded % 60).toFixed(digits).padStart(digits > 0 ? digits + 3 : 2, '0')
  const minutes = Math.floor(rounded / 60)
  if (minutes < 60) return `${sign}${minutes}:${rest}`
  return `${sign}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`
}

function trimZero(text: string): string {
  return /^-?0(\.0*)?$/.test(text) ? '0' : text
}

/** A moment as exact as the stretch on the screen asks for. */
export function formatMoment(time: number, range: TimeRange): string {
  return formatTick(time, Math.max(1, 10 ** Math.floor(Math.log10((range.to - range.from) / 1000))))
}
