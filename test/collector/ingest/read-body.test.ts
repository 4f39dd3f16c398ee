import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { BodyRooms } from '../../../src/collector/ingest/body-rooms.ts'
import { ByteBudget } from '../../../src/collector/ingest/byte-budget.ts'
import { codingOf, inflateBody, readStream } from '../../../src/collector/ingest/read-body.ts'

const chunks = (count: number, size: number): Readable =>
  Readable.from(Array.from({ length: count }, () => Buffer.alloc(size, 7)))

test('bodies in flight share one budget: what does not fit is refused and holds nothing, and fits later', async () => {
  const budget = new ByteBudget(1000)
  const first = budget.open()
  expect(await readStream(chunks(6, 100), 800, first)).toHaveLength(600)
  const second = budget.open()
  await expect(readStream(chunks(5, 100), 800, second)).rejects.toMatchObject({ code: 'unavailable' })
  budget.open().take(400)
  expect(() => budget.open().take(1)).toThrow('send this one again later')
  first.release()
  first.release()
  expect(await readStream(chunks(6, 100), 800, second)).toHaveLength(600)
  expect(() => budget.open().take(1)).toThrow('send this one again later')
})

test('memory of a body goes to another request once its own is answered, not before', async () => {
  const budget = new ByteBudget(10_000_000)
  const [first, second] = [budget.open(), budget.open()]
  const text = (share: typeof first, letter: string) =>
    readStream(Readable.from([letter, letter].map(one => Buffer.alloc(60_000, one))), 200_000, share)
  const a = await text(first, 'a')
  const b = await text(second, 'b')
  expect(Buffer.from(a).toString()).toBe('a'.repeat(120_000))
  first.release()
  const c = await text(budget.open(), 'c')
  expect(c.buffer).toBe(a.buffer)
  expect(Buffer.from(b).toString()).toBe('b'.repeat(120_000))
})

test('memory for bodies follows their size, and only so much of it is kept', () => {
  const rooms = new BodyRooms()
  const small = Array.from({ length: 30 }, () => rooms.take(1000))
  for (const room of small) rooms.give(room)
  const large = new Set(Array.from({ length: 16 }, () => rooms.take(500_000)))
  for (const room of large) rooms.give(room)
  const again = Array.from({ length: 17 }, () => rooms.take(1000))
  expect(again.map(room => large.has(room))).toEqual([...Array<boolean>(16).fill(true), false])
  const rare = rooms.take(5_000_000)
  rooms.give(rare)
  expect(rooms.take(5_000_000) === rare).toBe(false)
})

test('a sender of too much is heard out before it is told so, but not for ever', async () => {
  const share = new ByteBudget(10_000).open()
  const bounded = chunks(20, 100)
  await expect(readStream(bounded, 800, share)).rejects.toMatchObject({ code: 'too-large' })
  expect(bounded.readableEnded).toBe(true)
  let given = 0
  const endless = Readable.from(
    (function* () {
      for (;;) {
        given += 100
        yield Buffer.alloc(100)
      }
    })()
  )
  await expect(readStream(endless, 800, share)).rejects.toMatchObject({ code: 'too-large' })
  expect(given).toBeLessThan(20_000)
})

test('inflating stops at its limit and at the budget, whatever the bytes promise', async () => {
  const bomb = gzipSync(Buffer.alloc(5_000_000))
  const budget = new ByteBudget(2_000_000)
  const share = budget.open()
  await expect(inflateBody(bomb, 'gzip', 1_000_000, share)).rejects.toMatchObject({ code: 'too-large' })
  share.release()
  await expect(inflateBody(bomb, 'gzip', 9_000_000, share)).rejects.toMatchObject({ code: 'unavailable' })
  share.release()
  expect(await inflateBody(gzipSync(Buffer.from('hello')), 'gzip', 100, share)).toEqual(Buffer.from('hello'))
  await expect(inflateBody(gzipSync('hello').subarray(0, 12), 'gzip', 100, share)).rejects.toMatchObject({
    code: 'invalid-input'
  })
})

test('one coding is taken, gzip, and none', () => {
  expect([undefined, '', 'identity', 'gzip', ' GZIP '].map(codingOf)).toEqual([
    'identity',
    'identity',
    'identity',
    'gzip',
    'gzip'
  ])
  for (const coding of ['br', 'deflate', 'gzip, gzip', 'zstd'])
    expect(() => codingOf(coding)).toThrow(/Expected content-encoding/)
})
