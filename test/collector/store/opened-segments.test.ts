import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { nodeCodec } from '../../../src/collector/store/node-codec.ts'
import { OpenedSegments } from '../../../src/collector/store/opened-segments.ts'
import { encodeRecording } from '../../../src/format/index.ts'
import { recordingFromText } from '../../helpers/recording-from-text.ts'

test('what was used least lately is read again once footers, and what is kept with them, take too much', async () => {
  const meta = { recording: 'r'.repeat(26), label: '' }
  const bytes = await encodeRecording(recordingFromText('0ms\nmain'), meta, nodeCodec)
  const read: string[] = []
  const opened = new OpenedSegments(35_000)
  const open = (key: string) =>
    opened.open(key, bytes.length, (from, to) => {
      read.push(key)
      return Promise.resolve(bytes.subarray(from, to))
    })
  for (const key of ['a', 'b', 'c', 'a']) await open(key)
  expect(read).toEqual(['a', 'b', 'c'])
  opened.grow('c', 17_000)
  for (const key of ['a', 'c']) await open(key)
  expect(read).toEqual(['a', 'b', 'c'])
  await open('b')
  expect(read).toEqual(['a', 'b', 'c', 'b'])
  // What goes takes along what was kept with it: now there is room for five.
  opened.forget('c')
  for (const key of ['d', 'e', 'f', 'g', 'b']) await open(key)
  expect(read.slice(4)).toEqual(['d', 'e', 'f', 'g'])
  opened.grow('c', 1_000_000)
  await open('b')
  expect(read).toHaveLength(8)
})

test('a read that fails late forgets nothing that was read after it', async () => {
  const meta = { recording: 'r'.repeat(26), label: '' }
  const bytes = await encodeRecording(recordingFromText('0ms\nmain'), meta, nodeCodec)
  const opened = new OpenedSegments()
  let fail = (): void => {}
  const first = opened.open(
    'a',
    bytes.length,
    () => new Promise((_, no) => (fail = () => no(new Error('late'))))
  )
  opened.forget('a')
  let reads = 0
  const again = () =>
    opened.open('a', bytes.length, (from, to) => {
      reads++
      return Promise.resolve(bytes.subarray(from, to))
    })
  await again()
  fail()
  await expect(first).rejects.toThrow('late')
  const before = reads
  await again()
  expect(reads).toBe(before)
})

test('the blocks of a small segment that came along with its footer count, too', async () => {
  const names = Array.from({ length: 300 }, () => randomBytes(40).toString('hex'))
  const meta = { recording: 'r'.repeat(26), label: '' }
  const bytes = await encodeRecording(recordingFromText(['0ms', ...names].join('\n')), meta, nodeCodec)
  expect(bytes.length).toBeGreaterThan(5_000)
  expect(bytes.length).toBeLessThan(64 * 1024)
  let reads = 0
  const opened = new OpenedSegments(26_000)
  const open = (key: string) =>
    opened.open(key, bytes.length, (from, to) => {
      reads++
      return Promise.resolve(bytes.subarray(from, to))
    })
  for (const key of ['a', 'b', 'c', 'a']) await open(key)
  expect(reads).toBe(4)
})

test('a long resource counts: a few of those take the place of many others', async () => {
  const opened = new OpenedSegments(1_000_000)
  const meta = { recording: 'r'.repeat(26), label: '', resource: { long: 'x'.repeat(400_000) } }
  const bytes = await encodeRecording(recordingFromText('0ms\nmain'), meta, nodeCodec)
  const read: string[] = []
  for (const key of ['a', 'b', 'c', 'c', 'a'])
    await opened.open(key, bytes.length, (from, to) => {
      read.push(key)
      return Promise.resolve(bytes.subarray(from, to))
    })
  expect(read).toEqual(['a', 'b', 'c', 'a'])
})
