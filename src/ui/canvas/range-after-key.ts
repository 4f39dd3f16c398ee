// What keys do to the time axis: W and S zoom, A and D pan, F fits what is selected, 0 shows everything.
import type { TimeRange } from '../../recording/time-range.ts'
import { panRange, rangeAround, zoomRange } from '../canvas/time-scale.ts'

/** How the address keeps it: fitting and showing everything can be gone back from. */
export function keepAfterKey(key: string): 'push' | 'replace' {
  return 'f0'.includes(key.toLowerCase()) ? 'push' : 'replace'
}

/** The next range; null is everything; undefined where the key means something else. */
export function rangeAfterKey(
  key: string,
  range: TimeRange,
  extent: TimeRange,
  /** Zooming keeps this time in its place. */
  at: number | undefined,
  selected: TimeRange | undefined
): TimeRange | null | undefined {
  const centre = at ?? (range.from + range.to) / 2
  const step = (range.to - range.from) / 5
  switch (key.toLowerCase()) {
    case 'w':
    case '+':
    case '=':
      return zoomRange(range, 1.5, centre, extent)
    case 's':
    case '-':
      return zoomRange(range, 1 / 1.5, centre, extent)
    case 'a':
      return panRange(range, -step, extent)
    case 'd':
      return panRange(range, step, extent)
    case 'f':
      return selected ? rangeAround(selected.from, selected.to, extent) : null
    case '0':
      return null
    default:
      return undefined
  }
}
