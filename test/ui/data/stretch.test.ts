import { describe, expect, test } from 'vitest'
import type { SegmentSummary } from '../../../src/collector/api.ts'
import { chooseStretch, createStretchChoice } from '../../../src/ui/data/stretch.ts'

/** Segments of 100 bytes, ten minutes each, one after the other; the ids count from 0. */
function segments(count: number): SegmentSummary[] {
  return Array.from({ length: count }, (_, i) => ({
    id: String(i),
    from: i * 600,
    to: i * 600 + 599,
    bytes: 100,
    live: false
  }))
}

const ids = (stretch: { segments: readonly SegmentSummary[] }) =>
  stretch.segments.map(({ id }) => Number(id)).sort((a, b) => a - b)

describe('the stretch of a recording that is on the screen', () => {
  test('is everything where that is not too much, in whatever order it is listed', () => {
    const all = segments(5).reverse()
    expect(chooseStretch(all, undefined, 500)).toMatchObject({ from: 0, to: 2999, isPart: false })
    expect(ids(chooseStretch(all, 0, 500))).toEqual([0, 1, 2, 3, 4])
  })

  test('is the newest part, or that around a moment, without gaps', () => {
    const all = segments(9)
    expect(chooseStretch(all, undefined, 300)).toMatchObject({ from: 3600, to: 5399, isPart: true })
    expect(ids(chooseStretch(all, 2700, 300))).toEqual([3, 4, 5])
    expect(ids(chooseStretch(all, -1e9, 300))).toEqual([0, 1, 2])
    expect(ids(chooseStretch(all, 1e9, 300))).toEqual([6, 7, 8])
  })

  test('is one segment at least, and ends before the first that is too much', () => {
    const all = segments(3)
    all[1]!.bytes = 1000
    expect(ids(chooseStretch(all, 700, 300))).toEqual([1])
    expect(ids(chooseStretch(all, undefined, 300))).toEqual([2])
    expect(chooseStretch([], undefined, 300)).toMatchObject({ segments: [], isPart: false })
  })
})

describe('as the recording grows', () => {
  test('the newest part goes with it, unless something older is looked at', () => {
    const choice = createStretchChoice(300)
    expect(ids(choice.choose(segments(9), undefined))).toEqual([6, 7, 8])
    const wanted = { from: 7 * 600, to: 7 * 600 + 60 }
    expect(ids(choice.choose(segments(9), wanted))).toEqual([6, 7, 8])
    expect(ids(choice.choose(segments(12), wanted))).toEqual([6, 7, 8])
  })

  test('the newest part takes in what comes, and lets go of its beginning only now and then', () => {
    const choice = createStretchChoice(300)
    const shown = Array.from({ length: 6 }, (_, i) => ids(choice.choose(segments(9 + i), undefined)))
    expect(shown).toEqual([
      [6, 7, 8],
      [6, 7, 8, 9],
      [8, 9, 10],
      [8, 9, 10, 11],
      [10, 11, 12],
      [10, 11, 12, 13]
    ])
    // Compaction put all but the last together: what is left of the newest part isn't enough.
    const compacted = [{ ...segments(1)[0]!, id: '0', to: 14 * 600, bytes: 200 }, segments(15)[14]!]
    expect(ids(choice.choose(compacted, undefined))).toEqual([0, 14])
  })

  test('an older part stays while somebody looks around in it, and until somebody looks elsewhere', () => {
    const choice = createStretchChoice(300)
    const all = segments(20)
    expect(ids(choice.choose(all, { from: 2400, to: 2999 }))).toEqual([3, 4, 5])
    expect(ids(choice.choose(all, { from: 1900, to: 2000 }))).toEqual([3, 4, 5])
    expect(ids(choice.choose(all, undefined))).toEqual([3, 4, 5])
    expect(ids(choice.choose(all, { from: 600, to: 700 }))).toEqual([0, 1, 2])
    expect(ids(choice.choose(all, { from: 11_900, to: 11_950 }))).toEqual([17, 18, 19])
    expect(ids(choice.choose(segments(22), undefined))).toEqual([19, 20, 21])
  })
})
