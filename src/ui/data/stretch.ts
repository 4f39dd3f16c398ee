// Which part of a recording is on the screen: all of it, or of one that runs for months as many segments around the time
// that is looked at as open at once.
import { clamp } from '../../base/units.ts'
import type { SegmentSummary } from '../../collector/api.ts'

/** Unix ms. */
export interface UnixRange {
  readonly from: number
  readonly to: number
}

export interface Stretch extends UnixRange {
  readonly segments: readonly SegmentSummary[]
  /** There is more before or after it. */
  readonly isPart: boolean
}

/** Bytes of segments: a million samples and more, which a page opens in about a second. */
const usualMostBytes = 4_000_000

/** Those nearest to a moment, without gaps, at least one. @param at Unix ms; undefined: where the newest ends */
export function chooseStretch(
  all: readonly SegmentSummary[],
  at = latestOf(all),
  mostBytes = usualMostBytes
): Stretch {
  const distance = ({ from, to }: UnixRange): number => Math.max(from - at, at - to, 0)
  const nearest = [...all].sort((a, b) => distance(a) - distance(b) || b.to - a.to)
  let bytes = 0
  const end = nearest.findIndex((segment, i) => (bytes += segment.bytes) > mostBytes && i > 0)
  return stretchOf(end < 0 ? nearest : nearest.slice(0, end), all)
}

function stretchOf(segments: readonly SegmentSummary[], all: readonly SegmentSummary[]): Stretch {
  const from = segments.reduce((least, segment) => Math.min(least, segment.from), Infinity)
  return { segments, from, to: latestOf(segments), isPart: segments.length < all.length }
}

/** Chooses again as a recording grows and somebody looks elsewhere: what is looked at stays on the screen. */
export interface StretchChoice {
  /** @param wanted what is looked at; undefined: everything that is on the screen */
  choose(all: readonly SegmentSummary[], wanted: UnixRange | undefined): Stretch
}

export function createStretchChoice(mostBytes = usualMostBytes): StretchChoice {
  /** Undefined while the newest are shown. */
  let at: number | undefined
  /** Where those begin. */
  let newestFrom = Infinity

  /** Grows by half before its first segments are let go: what is left is then decoded anew. */
  function chooseNewest(all: readonly SegmentSummary[]): Stretch {
    const fresh = chooseStretch(all, undefined, mostBytes)
    const grown = all.filter(({ from }) => from >= newestFrom)
    const bytes = grown.reduce((sum, segment) => sum + segment.bytes, 0)
    if (newestFrom <= fresh.from && bytes <= mostBytes * 1.5) return stretchOf(grown, all)
    newestFrom = fresh.from
    return fresh
  }

  return {
    choose(all, wanted) {
      const newest = chooseNewest(all)
      if (wanted ? meet(newest, wanted) : at === undefined) {
        at = undefined
        return newest
      }
      const before = chooseStretch(all, at, mostBytes)
      if (!wanted || meet(before, wanted)) return before
      at = (wanted.from + wanted.to) / 2
      return chooseStretch(all, at, mostBytes)
    }
  }
}

/** A third of what is shown, around a moment and within the whole. */
export function partAround(time: number, shown: UnixRange, whole: UnixRange): UnixRange {
  const half = (shown.to - shown.from) / 6
  const middle = clamp(time, whole.from + half, whole.to - half)
  return { from: middle - half, to: middle + half }
}

export function meet(a: UnixRange, b: UnixRange): boolean {
  return a.from <= b.to && b.from <= a.to
}

function latestOf(spans: readonly UnixRange[]): number {
  return spans.reduce((latest, { to }) => Math.max(latest, to), -Infinity)
}
