import { afterEach, describe, expect, test, vi } from 'vitest'
import { leaseLapsesAfterMs } from '../../../src/collector/store/journal-lease.ts'
import { takeObjectLease } from '../../../src/collector/store/object-lease.ts'
import type { ObjectStore } from '../../../src/collector/store/object-store.ts'
import { kindsOfStore } from './kinds-of-store.ts'

const prefix = 'compaction/'

/** The store as it will be seen after a while: its objects are so much older. */
function later(store: ObjectStore, ms: number): ObjectStore {
  return {
    ...store,
    list: async asked =>
      (await store.list(asked)).map(object => ({ ...object, writtenMs: object.writtenMs - ms }))
  }
}

const objects = async (store: ObjectStore) => (await store.list(prefix)).map(({ key }) => key)

describe.each(kindsOfStore)('a lease in $kind', ({ createStore }) => {
  afterEach(() => void vi.restoreAllMocks())

  test('is one process’s until it is given back, and of many who want it one gets it', async () => {
    const store = await createStore()
    const wanted = await Promise.all(Array.from({ length: 8 }, () => takeObjectLease(store, prefix)))
    const [lease, ...others] = wanted.filter(taken => taken !== undefined)
    expect(others).toEqual([])
    expect(await takeObjectLease(store, prefix)).toBeUndefined()
    await lease!.release()
    const next = await takeObjectLease(store, prefix)
    expect(next).toBeDefined()
    await next!.release()
    expect(await objects(store)).toHaveLength(1)
  })

  test('of a process that says nothing for long is taken, and that one hears of it', async () => {
    const store = await createStore()
    const lost = (await takeObjectLease(store, prefix))!
    expect(await takeObjectLease(later(store, leaseLapsesAfterMs - 10_000), prefix)).toBeUndefined()
    const taken = (await takeObjectLease(later(store, leaseLapsesAfterMs + 1), prefix))!
    const now = performance.now()
    vi.spyOn(performance, 'now').mockReturnValue(now + leaseLapsesAfterMs)
    expect(await lost.renew()).toBe(false)
    expect(await taken.renew()).toBe(true)
    // What it gives back is not its own any more.
    await lost.release()
    expect(await takeObjectLease(store, prefix)).toBeUndefined()
  })

  test('stays lost when the one that took it has given it back, and a third one has it', async () => {
    const store = await createStore()
    const lost = (await takeObjectLease(store, prefix))!
    await (await takeObjectLease(later(store, leaseLapsesAfterMs + 1), prefix))!.release()
    expect(await takeObjectLease(store, prefix)).toBeDefined()
    const now = performance.now()
    vi.spyOn(performance, 'now').mockReturnValue(now + leaseLapsesAfterMs)
    expect(await lost.renew()).toBe(false)
  })

  test('leaves one object, also of those whose owners died amid a renewal', async () => {
    const store = await createStore()
    for (const number of [3, 4, 5]) await store.putIfAbsent(`${prefix}turn.${number}`, Buffer.from('dead'))
    const lease = (await takeObjectLease(later(store, leaseLapsesAfterMs + 1), prefix))!
    expect(await objects(store)).toEqual([`${prefix}turn.6`])
    await lease.release()
    expect(await objects(store)).toEqual([`${prefix}turn.7`])
  })
})
