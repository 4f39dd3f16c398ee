import { describe, expect, test } from 'vitest'
import { kindsOfStore } from './kinds-of-store.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)
const textOf = (read: Uint8Array): string => Buffer.from(read).toString()

describe.each(kindsOfStore)('$kind', ({ createStore }) => {
  test('gives back what was put, whole and in ranges, and nothing beyond its end', async () => {
    const store = await createStore()
    expect(await store.putIfAbsent('a/b.microlog', bytes('0123456789'))).toBe(true)
    expect(textOf(await store.getRange('a/b.microlog', 0, 10))).toBe('0123456789')
    expect(textOf(await store.getRange('a/b.microlog', 3, 5))).toBe('34')
    expect(textOf(await store.getRange('a/b.microlog', 8, 99))).toBe('89')
    expect(textOf(await store.getRange('a/b.microlog', 10, 12))).toBe('')
    expect(textOf(await store.getRange('a/b.microlog', 1e6, 2e6))).toBe('')
    await expect(store.getRange('a/c.microlog', 0, 1)).rejects.toMatchObject({ code: 'not-found' })
  })

  test('gives ranges of an object that is larger than what is read at once', async () => {
    const store = await createStore()
    const large = Uint8Array.from({ length: 1_000_003 }, (_, i) => (i * 31) ^ (i >> 8))
    await store.putIfAbsent('a/large', large)
    for (const [from, to] of [
      [0, 1_000_003],
      [999_000, 2_000_000],
      [262_143, 262_145],
      [300_000, 800_000]
    ] as const)
      expect(Buffer.compare(await store.getRange('a/large', from, to), large.subarray(from, to))).toBe(0)
  })

  test('keeps an object of no bytes', async () => {
    const store = await createStore()
    expect(await store.putIfAbsent('a/empty', bytes(''))).toBe(true)
    expect(await store.putIfAbsent('a/empty', bytes(''))).toBe(false)
    expect(await store.list('a/')).toMatchObject([{ key: 'a/empty', bytes: 0 }])
    expect(textOf(await store.getRange('a/empty', 0, 10))).toBe('')
  })

  test('keeps the first of many who put the same name at once, whole', async () => {
    const store = await createStore()
    const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(50_000))
    const won = await Promise.all(texts.map(text => store.putIfAbsent('x/y', bytes(text))))
    expect(won.filter(Boolean)).toHaveLength(1)
    expect(textOf(await store.getRange('x/y', 0, 1e7))).toBe(texts[won.indexOf(true)])
  })

  test('lists what is below a prefix in the order of names, with sizes and times, and nothing where nothing is', async () => {
    const store = await createStore()
    const keys = ['r/b/2', 'r/a/1', 'r/b/1', 's/z', 'r/c/1', 'r/c/2.x', 'r/d/began-17', 'rr/1']
    for (const key of keys) await store.putIfAbsent(key, bytes(key))
    const found = await store.list('r/')
    expect(found.map(({ key }) => key)).toEqual(keys.filter(key => key.startsWith('r/')).sort())
    for (const { key, bytes, writtenMs } of found) {
      expect(bytes).toBe(key.length)
      expect(Math.abs(writtenMs - Date.now())).toBeLessThan(60_000)
    }
    expect(await store.list('none/')).toEqual([])
  })

  test('deletes, twice too, and takes a name again with other bytes', async () => {
    const store = await createStore()
    await store.putIfAbsent('r/a', bytes('1'))
    expect(textOf(await store.getRange('r/a', 0, 9))).toBe('1')
    await store.delete('r/a')
    await store.delete('r/a')
    await expect(store.getRange('r/a', 0, 9)).rejects.toMatchObject({ code: 'not-found' })
    expect(await store.putIfAbsent('r/a', bytes('2'))).toBe(true)
    expect(textOf(await store.getRange('r/a', 0, 9))).toBe('2')
  })

  test('takes no key that leads out of the store', async () => {
    const store = await createStore()
    for (const key of ['../x', 'a/../../x', '/etc/x', 'a//b', '', 'a/.', 'A', 'a\\b', 'a/..']) {
      await expect(store.putIfAbsent(key, bytes('x')), key).rejects.toMatchObject({ code: 'invalid-input' })
      await expect(store.getRange(key, 0, 1), key).rejects.toMatchObject({ code: 'invalid-input' })
      await expect(store.delete(key), key).rejects.toMatchObject({ code: 'invalid-input' })
    }
  })
})
