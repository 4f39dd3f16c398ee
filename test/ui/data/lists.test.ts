import { describe, expect, test } from 'vitest'
import type { RecordingSummary } from '../../../src/collector/api.ts'
import { countOf } from '../../../src/ui/data/count-of.ts'
import { formatClock, formatDate, formatShortDate } from '../../../src/ui/data/format-date.ts'
import { mapBounded } from '../../../src/ui/data/map-bounded.ts'
import { buildRecordingRows } from '../../../src/ui/data/recording-rows.ts'
import { textTest } from '../../../src/ui/data/use-text-filter.ts'

function recording(id: string, label: string, start: number, cells: Partial<RecordingSummary> = {}) {
  const counts = {
    durationMs: 1,
    bytes: 1,
    samples: 1,
    spans: 1,
    logs: 1,
    statuses: 1,
    threads: 1,
    errors: 0
  }
  return { id, label, service: label, namespace: '', instance: '', start, live: false, ...counts, ...cells }
}

describe('the tree of recordings', () => {
  const all = [
    recording('a', 'shop', 1),
    recording('b', 'stock', 2),
    recording('c', 'shop', 3, { live: true, errors: 2 })
  ]
  const keys = (open: (label: string) => boolean, pattern = /^/) =>
    buildRecordingRows(all, text => pattern.test(text), open).map(({ key }) => key)

  test('has the label with the newest recording first, and below it the newest first', () => {
    expect(keys(() => true)).toEqual(['label shop', 'c', 'a', 'label stock', 'b'])
  })

  test('shows only the label where it is closed', () => {
    expect(keys(label => label === 'stock')).toEqual(['label shop', 'label stock', 'b'])
  })

  test('sums up what is live and what went wrong', () => {
    const [shop] = buildRecordingRows(
      all,
      () => true,
      () => false
    )
    expect(shop).toMatchObject({ recordings: 2, live: 1, errors: 2 })
  })

  test('has children below their parent, deeper by one, where it is in the same label', () => {
    const family = [
      recording('p', 'cluster', 1),
      recording('w1', 'cluster', 2, { parent: 'p' }),
      recording('g', 'cluster', 4, { parent: 'w1' }),
      recording('w2', 'cluster', 3, { parent: 'p' }),
      recording('o', 'cluster', 5, { parent: 'elsewhere' })
    ]
    const rows = buildRecordingRows(
      family,
      () => true,
      () => true
    )
    expect(rows.flatMap(row => (row.kind === 'run' ? [[row.key, row.depth]] : []))).toEqual([
      ['o', 0],
      ['p', 0],
      ['w2', 1],
      ['w1', 1],
      ['g', 2]
    ])
  })

  test('loses none of those that say they started each other', () => {
    const loop = [recording('a', 'x', 1, { parent: 'b' }), recording('b', 'x', 2, { parent: 'a' })]
    const rows = buildRecordingRows(
      loop,
      () => true,
      () => true
    )
    expect(rows.map(({ key }) => key)).toEqual(['label x', 'b', 'a'])
  })

  test('leaves out labels of which nothing matches', () => {
    expect(keys(() => true, /^STO/)).toEqual([])
    expect(keys(() => true, /^sto/)).toEqual(['label stock', 'b'])
  })
})

describe('what is typed to filter', () => {
  test('leaves those that the regular expression was found in, and all until it is known', () => {
    const matches = textTest('^a.c$', undefined, new Set(['abc']))
    expect(['abc', 'abd'].filter(matches)).toEqual(['abc'])
    expect(['abc', 'abd'].filter(textTest('^a.c$', undefined, undefined))).toEqual(['abc', 'abd'])
    expect(['abc', 'abd'].filter(textTest('', undefined, undefined))).toEqual(['abc', 'abd'])
  })

  test('is plain text while it is no regular expression', () => {
    const matches = textTest('a(b', 'Unterminated group', undefined)
    expect(['x A(B y', 'ab'].filter(matches)).toEqual(['x A(B y'])
  })
})

describe('dates', () => {
  const now = new Date(2026, 10, 22, 0, 5).getTime()
  test.each([
    [new Date(2026, 10, 22, 0, 0, 1), 'Today 00:00:01'],
    [new Date(2026, 10, 21, 23, 59, 59), 'Yesterday 23:59:59'],
    [new Date(2026, 10, 20, 7, 6, 5), '20 Nov 07:06:05'],
    [new Date(2025, 10, 22, 7, 6, 5), '22 Nov 2025 07:06:05']
  ])('%s is %s', (date, text) => {
    expect(formatDate(date.getTime(), now)).toBe(text)
  })

  test.each([
    [new Date(2026, 10, 22, 0, 0, 1), '00:00:01'],
    [new Date(2026, 10, 21, 23, 59, 59), '21 Nov 23:59'],
    [new Date(2025, 10, 22, 7, 6, 5), '22 Nov 2025 07:06']
  ])('%s is %s where there is little room', (date, text) => {
    expect(formatShortDate(date.getTime(), now)).toBe(text)
  })

  test('a moment has its milliseconds', () => {
    expect(formatClock(new Date(2026, 10, 22, 7, 6, 5, 42).getTime())).toBe('07:06:05.042')
  })
})

test('one is one, others are many', () => {
  expect([countOf(0, 'span'), countOf(1, 'span'), countOf(1234, 'span')]).toEqual([
    '0 spans',
    '1 span',
    '1,234 spans'
  ])
})

test('work is done so many at a time, and its results keep their order', async () => {
  let running = 0
  let most = 0
  const results = await mapBounded([5, 1, 4, 2, 3, 0], 2, async item => {
    most = Math.max(most, ++running)
    for (let i = 0; i < item; i++) await Promise.resolve()
    running--
    return item * 10
  })
  expect(results).toEqual([50, 10, 40, 20, 30, 0])
  expect(most).toBe(2)
})
