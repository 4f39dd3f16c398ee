import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HeadSegments } from '../../../src/collector/ingest/head-segments.ts'
import { OpenRecordings } from '../../../src/collector/ingest/open-recordings.ts'
import { nodeCodec } from '../../../src/collector/store/node-codec.ts'
import { encodeRecording } from '../../../src/format/index.ts'
import { builderFromText } from '../../helpers/recording-from-text.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

test('a head is encoded again once something was added and its second is over, and not before', async () => {
  const open = new OpenRecordings({ afterMs: Infinity, weight: Infinity })
  let encoded = 0
  const heads = new HeadSegments(open, 'j', (tables, meta) => {
    encoded++
    return encodeRecording(tables, meta, nodeCodec)
  })
  const add = (position: number): void => {
    const tables = builderFromText('0ms\nmain', 0n).snapshot()
    open.add({ recording: 'shop', resource: {}, tables }, position, Date.now())
  }
  const look = async () => (await heads.segments()).map(({ id, writtenMs }) => ({ id, writtenMs }))
  const pass = (ms: number) => vi.setSystemTime(Date.now() + ms)

  const cameMs = Date.now()
  add(1)
  pass(2000)
  const first = await look()
  expect(first).toEqual([{ id: 'live-j-1-2', writtenMs: cameMs }])
  pass(3000)
  expect(await look()).toEqual(first)
  expect(encoded).toBe(1)
  add(2)
  const second = await look()
  expect(second).toMatchObject([{ id: 'live-j-1-3' }])
  add(3)
  pass(999)
  expect(await look()).toEqual(second)
  pass(1)
  expect(await look()).toMatchObject([{ id: 'live-j-1-4' }])
  expect(encoded).toBe(3)
  expect((await heads.find('shop', 'live-j-1-3'))?.id).toBe('live-j-1-3')
})
