import { expect, test } from 'vitest'
import { OpenRecordings } from '../../../src/collector/ingest/open-recordings.ts'
import { builderFromText } from '../../helpers/recording-from-text.ts'

test('a head that follows a full one holds its own and nothing of that', () => {
  const texts = ['0ms 1ms\nmain main\nread', '0ms\n#b\nwrite', '0ms 1ms\nflush flush\nmain']
  const slices = texts.map((text, i) => builderFromText(text, BigInt(i + 1) * 1_000_000_000n).snapshot())
  const stretchesOf = (weight: number) => {
    const open = new OpenRecordings({ afterMs: Infinity, weight })
    for (const [i, tables] of slices.entries()) open.add({ recording: 'shop', resource: {}, tables }, i, 0)
    return open.stretches().map(({ from, to, tables }) => ({ from, to, tables }))
  }
  // With the least weight each request fills a head.
  expect(stretchesOf(1)).toEqual(
    slices.map((_, i) => {
      const open = new OpenRecordings({ afterMs: Infinity, weight: Infinity })
      open.add({ recording: 'shop', resource: {}, tables: slices[i]! }, i, 0)
      return { from: i, to: i + 1, tables: open.stretches()[0]!.tables }
    })
  )
})

test('a head is closed when it has been open for as long as it may, or a clock went back before its beginning', () => {
  const openAt = (nowMs: number) => {
    const open = new OpenRecordings({ afterMs: 1000, weight: Infinity })
    const tables = builderFromText('0ms\nmain').snapshot()
    open.add({ recording: 'shop', resource: {}, tables }, 1, 5000)
    // What comes later makes it no younger.
    open.add({ recording: 'shop', resource: {}, tables }, 2, 5900)
    open.closeDue(nowMs)
    return open.nextClosed() === undefined
  }
  expect([5000, 5999, 6000, 4999].map(openAt)).toEqual([true, true, false, false])
})

test('a head is closed by the slice that makes it as heavy as it may be, not by the one before', () => {
  const tables = builderFromText('0ms\nmain').snapshot()
  const closedAfter = (weight: number): number => {
    const open = new OpenRecordings({ afterMs: Infinity, weight })
    let slices = 0
    while (!open.nextClosed()) open.add({ recording: 'shop', resource: {}, tables }, slices++, 0)
    return slices
  }
  const light = new OpenRecordings({ afterMs: Infinity, weight: 1 })
  light.add({ recording: 'shop', resource: {}, tables }, 0, 0)
  const weight = light.backlog
  expect([weight, 2 * weight, 2 * weight + 0.5].map(closedAfter)).toEqual([1, 2, 3])
})

test('the lowest place that is not sealed yet is that of the oldest head or of what is closed', () => {
  const open = new OpenRecordings({ afterMs: 1000, weight: Infinity })
  const tables = builderFromText('0ms\nmain').snapshot()
  expect(open.lowestPosition(1)).toBe(1)
  open.add({ recording: 'shop', resource: {}, tables }, 1, 0)
  open.add({ recording: 'cart', resource: {}, tables }, 2, 900)
  open.closeDue(1000)
  expect(open.lowestPosition(3)).toBe(1)
  open.drop(open.nextClosed()!)
  expect(open.lowestPosition(3)).toBe(2)
  open.forget('cart')
  expect(open.lowestPosition(3)).toBe(3)
})
