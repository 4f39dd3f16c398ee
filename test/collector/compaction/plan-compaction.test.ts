import { describe, expect, test } from 'vitest'
import { planCompaction, usualCompactionLimits } from '../../../src/collector/compaction/plan-compaction.ts'
import type { PlannedSegment } from '../../../src/collector/compaction/plan-compaction.ts'

const minute = 60_000
const hour = 60 * minute
/** Midnight. */
const start = 1_699_920_000_000

function segment(id: string, fromMs: number, cells: Partial<PlannedSegment> = {}): PlannedSegment {
  return {
    id,
    level: 'sealed',
    bytes: 1000,
    rows: 100,
    fromMs: start + fromMs,
    writtenMs: start + fromMs,
    ...cells
  }
}

/** 'level: ids' of each batch at so many ms after the start. */
function planAt(ms: number, segments: readonly PlannedSegment[], limits = {}): string[] {
  return planCompaction(segments, start + ms, { ...usualCompactionLimits, ...limits }).map(
    ({ level, inputs }) => `${level}: ${inputs.map(({ id }) => id).join(' ')}`
  )
}

describe('an hour', () => {
  const segments = [segment('b', 10 * minute), segment('a', 0), segment('c', 61 * minute)]

  test('is put together when nothing has come for it for a while, in the order of its time', () => {
    expect(planAt(15 * minute - 1, segments)).toEqual([])
    expect(planAt(15 * minute, segments)).toEqual(['hour: a b'])
  })

  test('is not left lying in many segments', () => {
    const many = Array.from({ length: 32 }, (_, i) => segment(`s${i}`, i * 1000))
    expect(planAt(31_000, many)).toHaveLength(1)
    expect(planAt(31_000, many.slice(1))).toEqual([])
  })

  test('takes in what came late', () => {
    const late = segment('late', 20 * minute, { writtenMs: start + 3 * hour })
    const known = segment('known', 0, { level: 'hour' })
    expect(planAt(3 * hour + 4 * minute, [known, late])).toEqual([])
    expect(planAt(3 * hour + 5 * minute, [known, late])).toEqual(['hour: known late'])
  })

  test('that is one segment already stays, unless it is large and was never compacted', () => {
    expect(planAt(hour, [segment('a', 0)])).toEqual([])
    expect(planAt(hour, [segment('a', 0, { level: 'hour', rows: 500_000 })])).toEqual([])
    expect(planAt(hour, [segment('a', 0, { rows: 9_999 })])).toEqual([])
    expect(planAt(hour, [segment('a', 0, { rows: 10_000 })])).toEqual(['hour: a'])
  })

  test('becomes several segments where one were too large', () => {
    const large = [0, 1, 2, 3].map(i => segment(`s${i}`, i * minute, { rows: 500_000 }))
    expect(planAt(hour, large)).toEqual(['hour: s0 s1', 'hour: s2 s3'])
    const wide = [0, 1, 2].map(i => segment(`s${i}`, i * minute, { bytes: 30 * 1024 * 1024 }))
    expect(planAt(hour, wide)).toEqual(['hour: s0 s1'])
    const full = [0, 1, 2, 3].map(i => segment(`s${i}`, i * minute, { bytes: 32 * 1024 * 1024 }))
    expect(planAt(hour, full)).toEqual(['hour: s0 s1', 'hour: s2 s3'])
  })

  test('ends where the next one begins', () => {
    const first = [segment('a', 0), segment('b', hour - 1)]
    expect(planAt(3 * hour, [...first, segment('c', hour), segment('d', 2 * hour - 1)])).toEqual([
      'hour: a b',
      'hour: c d'
    ])
  })

  test('takes as much as is allowed, and not a row or a byte more', () => {
    const limits = { rows: 300, bytes: 3000 }
    const three = ['a', 'b', 'c'].map((id, i) => segment(id, i * minute))
    expect(planAt(hour, three, limits)).toEqual(['hour: a b c'])
    expect(planAt(hour, three, { ...limits, rows: 299 })).toEqual(['hour: a b'])
    expect(planAt(hour, three, { ...limits, bytes: 2999 })).toEqual(['hour: a b'])
  })

  test('of segments that begin at once has them by their ids, whatever order they were listed in', () => {
    const same = ['c', 'a', 'b'].map(id => segment(id, 0))
    expect(planAt(hour, same)).toEqual(['hour: a b c'])
    expect(planAt(hour, same.toReversed())).toEqual(['hour: a b c'])
  })

  test('is not over while segments of before a clock jumped could be of now', () => {
    const pair = [segment('a', 0), segment('b', 1, { writtenMs: start + hour })]
    expect(planAt(hour - 5 * minute + 1, pair)).toEqual([])
    expect(planAt(hour - 5 * minute, pair)).toEqual(['hour: a b'])
  })

  test('that is full is not written again for what comes later', () => {
    const full = segment('full', 0, { level: 'hour', rows: 999_950 })
    expect(planAt(2 * hour, [full, segment('a', minute), segment('b', 2 * minute)])).toEqual(['hour: a b'])
  })
})

describe('a day', () => {
  const hours = [0, 1, 23].map(i => segment(`h${i}`, i * hour, { level: 'hour' }))
  const next = segment('next', 24 * hour, { level: 'hour' })

  test('is put together from its hours when nothing has come for it for hours', () => {
    expect(planAt(25 * hour - 1, [...hours, next])).toEqual([])
    expect(planAt(25 * hour, [...hours, next])).toEqual(['day: h0 h1 h23'])
  })

  test('takes what lay alone in its hour, but not what becomes an hour now', () => {
    const segments = [...hours, segment('lone', 2 * hour), segment('x', 3 * hour), segment('y', 3 * hour + 1)]
    expect(planAt(48 * hour, segments)).toEqual(['hour: x y', 'day: h0 h1 lone h23'])
  })

  test('that is one segment stays', () => {
    expect(planAt(48 * hour, [segment('d', 0, { level: 'day' })])).toEqual([])
    expect(planAt(48 * hour, [segment('h', 0, { level: 'hour' })])).toEqual([])
  })
})

test('what has no time is left alone, and a clock that jumped makes nothing wrong of it', () => {
  const timeless = ['a', 'b'].map(id => segment(id, NaN, { writtenMs: start }))
  expect(planAt(48 * hour, timeless)).toEqual([])
  expect(planAt(-10 * hour, [segment('a', 0), segment('b', 1)])).toEqual(['hour: a b'])
})
