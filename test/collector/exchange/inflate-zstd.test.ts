import { expect, test } from 'vitest'
import { inflateZstd, isZstd } from '../../../src/collector/exchange/inflate-zstd.ts'
import { expectedPython, pythonFile, pythonFixtures } from '../../convert/microlog-python/python-fixtures.ts'

const magic = [0x28, 0xb5, 0x2f, 0xfd]
/** One segment, its size in four bytes. */
const descriptor = 0b1010_0000
const invalid = (message: string) =>
  expect.objectContaining({ code: 'invalid-input', message: expect.stringContaining(message) })

test.each(pythonFixtures)('%s inflates to the pickle it was', async name => {
  const file = pythonFile(name)
  expect(isZstd(file)).toBe(true)
  const pickle = await inflateZstd(file)
  expect(pickle.length).toBe(expectedPython(name).pickle_bytes)
  expect(pickle.at(-1)).toBe(0x2e)
})

test('blocks that are kept as they are, and bytes that are repeated, inflate', async () => {
  const raw = [0b0001_0000, 0, 0, 0x61, 0x62]
  const repeated = [0b0001_1011, 0, 0, 0x63]
  const frame = Uint8Array.from([...magic, descriptor, 5, 0, 0, 0, ...raw, ...repeated])
  expect(Buffer.from(await inflateZstd(frame)).toString()).toBe('abccc')
})

test('a size that is too large, or more than the blocks could hold, is refused before anything is inflated', async () => {
  const huge = Uint8Array.from([...magic, 0b1110_0000, ...[0, 0, 0, 0, 1, 0, 0, 0], 1, 0, 0])
  await expect(inflateZstd(huge)).rejects.toMatchObject({
    code: 'too-large',
    message: 'Expected at most 134217728 bytes in a zstd frame, found 4294967296'
  })
  const lying = Uint8Array.from([...magic, descriptor, 0, 0, 0, 7, 1, 0, 0])
  await expect(inflateZstd(lying)).rejects.toEqual(invalid('larger than its blocks'))
})

test('frames that need a dictionary or do not tell their size are refused', async () => {
  const unsupported = { code: 'unsupported' }
  await expect(inflateZstd(Uint8Array.from([...magic, 0b0010_0001, 9, 5, 1, 0, 0]))).rejects.toMatchObject(
    unsupported
  )
  await expect(inflateZstd(Uint8Array.from([...magic, 0, 0, 1, 0, 0]))).rejects.toMatchObject(unsupported)
})

test('a frame that ends early, goes on behind its end or has unknown blocks is refused', async () => {
  const frame = pythonFile('fib')
  await expect(inflateZstd(frame.subarray(0, frame.length - 1))).rejects.toEqual(invalid('ends early'))
  await expect(inflateZstd(Buffer.concat([frame, frame]))).rejects.toEqual(invalid('something else'))
  const unknown = Uint8Array.from([...magic, descriptor, 1, 0, 0, 0, 0b111, 0, 0])
  await expect(inflateZstd(unknown)).rejects.toEqual(invalid('no known type'))
  const nonsense = Uint8Array.from([...magic, descriptor, 1, 0, 0, 0, 0b0001_1101, 0, 0, 0xff, 0xff, 0xff])
  await expect(inflateZstd(nonsense)).rejects.toEqual(invalid('does not inflate'))
})

test('a frame that would take for ever is given up', async () => {
  // 32,512 + 65,535 times the same bytes before, each match as long as one can be.
  const sequences = [0xff, 0xff, 0xff, 0b0101_0100, 0, 0, 52, ...new Array<number>(9).fill(1)]
  const block = [0, ...sequences]
  const head = (block.length << 3) | 0b101
  const frame = Uint8Array.from([...magic, descriptor, 9, 0, 0, 0, head & 255, head >> 8, 0, ...block])
  await expect(inflateZstd(frame, 500)).rejects.toEqual(invalid('takes too long'))
})
