import { expect, test } from 'vitest'
import { KnownCounts } from '../../../src/collector/query/known-counts.ts'
import type { SegmentFooter } from '../../../src/format/index.ts'
import { MergedCallTree } from '../../../src/recording/merged-call-tree.ts'
import { buildStackCounts } from '../../../src/recording/stack-counts.ts'
import type { StackCounts } from '../../../src/recording/stack-counts.ts'
import { randomRecording } from '../../helpers/recordings.ts'

/** Footers are only told apart. */
function footers(count: number): SegmentFooter[] {
  return Array.from({ length: count }, () => ({}) as SegmentFooter)
}

function countsOf(count: number): StackCounts[] {
  return Array.from({ length: count }, (_, seed) => buildStackCounts(randomRecording(seed, 200)))
}

function merge(counts: readonly StackCounts[], endpoint?: string) {
  const tree = new MergedCallTree()
  const added = counts.map((one, row) => tree.addCounts(one, { row, time: -row }, endpoint))
  return { added, ...tree.finish() }
}

test('counts on one tree make the same flame graph as each on its own', () => {
  const counts = countsOf(30)
  const known = new KnownCounts()
  const shared = footers(counts.length).map((footer, i) => known.keep(footer, counts[i]!))
  const endpoint = counts.flatMap(({ endpoints }) => endpoints).find(name => name !== '')
  for (const wanted of [undefined, '', endpoint]) expect(merge(shared, wanted)).toEqual(merge(counts, wanted))
  expect(merge(counts).frame.length).toBeGreaterThan(10)
})

test('what is asked for stays, what is not asked for goes, and all keeps to its bound', () => {
  const counts = countsOf(40)
  const all = footers(counts.length)
  const mostBytes = 60_000
  const largest = Math.max(...counts.map((one, i) => bytesOfOne(all[i]!, one)))
  const known = new KnownCounts(mostBytes)
  known.keep(all[0]!, counts[0]!)
  for (let i = 1; i < counts.length; i++) {
    known.keep(all[i]!, counts[i]!)
    expect(known.get(all[0]!)).toBeDefined()
    expect(known.bytes).toBeLessThanOrEqual(mostBytes + 2 * largest)
  }
  expect(merge([known.get(all[0]!)!])).toEqual(merge([counts[0]!]))
  expect(known.get(all[1]!)).toBeUndefined()
  expect(known.get(all.at(-1)!)).toBeDefined()
})

function bytesOfOne(footer: SegmentFooter, counts: StackCounts): number {
  const known = new KnownCounts()
  known.keep(footer, counts)
  return known.bytes
}
