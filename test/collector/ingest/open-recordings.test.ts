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
