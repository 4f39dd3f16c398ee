import { beforeEach, describe, expect, test } from 'vitest'
import { Library } from '../../../src/collector/query/library.ts'
import { Catalog } from '../../../src/collector/store/catalog.ts'
import { compactedId, recordingsPrefix, segmentKey } from '../../../src/collector/store/keys.ts'
import { nodeCodec } from '../../../src/collector/store/node-codec.ts'
import type { ObjectStore } from '../../../src/collector/store/object-store.ts'
import { encodeRecording } from '../../../src/format/index.ts'
import { builderFromText } from '../../helpers/recording-from-text.ts'
import { kindsOfStore } from './kinds-of-store.ts'

const recording = 'shop'.padEnd(26, '0')
const hour = compactedId('hour', ['j-1-2'])
const day = compactedId('day', [hour])
const range = { file: 'j', from: 1, to: 2 }

describe.each(kindsOfStore)('in $kind', ({ createStore }) => {
  let store: ObjectStore
  beforeEach(async () => (store = await createStore()))

  async function put(id: string, replaces?: string[]): Promise<void> {
    const meta = { recording, label: 'shop', resource: {}, journals: [range], ...(replaces && { replaces }) }
    const bytes = await encodeRecording(builderFromText('0ms\nmain', 0n).snapshot(), meta, nodeCodec)
    await store.putIfAbsent(segmentKey(recording, id), bytes)
  }

  describe('stretches of a journal', () => {
    test('are those of now, not of the last listing: what a dying collector sealed at last is among them', async () => {
      const catalog = new Catalog(store)
      expect(await catalog.segments()).toEqual([])
      await put('j-1-2')
      expect(await catalog.rangesOf(recording, 'j')).toEqual([range])
      expect(await catalog.rangesOf(recording, 'another')).toEqual([])
    })

    test('are not those of a segment that is damaged: its journal brings back what it held', async () => {
      await store.putIfAbsent(segmentKey(recording, 'j-1-2'), new Uint8Array(200))
      expect(await new Catalog(store).rangesOf(recording, 'j')).toEqual([])
    })

    test('stay known while what holds them is replaced by a larger segment and deleted', async () => {
      await put(hour)
      let isReplaced = false
      const whileReplaced: ObjectStore = {
        ...store,
        async getRange(...asked) {
          if (!isReplaced) {
            isReplaced = true
            await put(day, [hour])
            await store.delete(segmentKey(recording, hour))
          }
          return store.getRange(...asked)
        }
      }
      expect(await new Catalog(whileReplaced).rangesOf(recording, 'j')).toEqual([range])
      expect(isReplaced).toBe(true)
    })
  })

  test('of a damaged segment nothing is told any more once it is gone, whoever deleted it', async () => {
    const key = segmentKey(recording, 'j-1-2')
    await store.putIfAbsent(key, new Uint8Array(200))
    const catalog = new Catalog(store)
    expect(await new Library(catalog).open()).toEqual([])
    expect([...catalog.damaged.keys()]).toEqual([key])
    await store.delete(key)
    catalog.refresh()
    await catalog.segments()
    expect([...catalog.damaged.keys()]).toEqual([])
    await put('j-1-2')
    catalog.refresh()
    expect(await new Library(catalog).open()).toHaveLength(1)
  })

  describe('a segment that the store fails to give', () => {
    /** The store as it is while reading one of its objects fails. */
    function failingAt(failing: string): { store: ObjectStore; mend(): void } {
      let fails = true
      return {
        store: {
          ...store,
          async getRange(...asked) {
            if (fails && asked[0] === failing)
              throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
            return store.getRange(...asked)
          }
        },
        mend: () => (fails = false)
      }
    }

    const idsOf = async (library: Library) => (await library.open()).map(({ segment }) => segment.id)

    test('is left out and named, until it is there again', async () => {
      await put('j-1-2')
      await put('j-2-3')
      const failing = segmentKey(recording, 'j-2-3')
      const { store: disk, mend } = failingAt(failing)
      const library = new Library(new Catalog(disk))
      expect(await idsOf(library)).toEqual(['j-1-2'])
      expect([...library.damaged]).toEqual([[failing, 'EIO: i/o error']])
      mend()
      expect(await idsOf(library)).toEqual(['j-1-2', 'j-2-3'])
      expect([...library.damaged]).toEqual([])
    })

    test('and that stands for others: these count in its place, and nothing is there twice at any moment', async () => {
      await put('j-1-2')
      await put(day)
      const failing = segmentKey(recording, day)
      const { store: disk, mend } = failingAt(failing)
      const catalog = new Catalog(disk)
      const library = new Library(catalog)
      expect(await idsOf(library)).toEqual(['j-1-2'])
      expect([...library.damaged]).toEqual([[failing, 'EIO: i/o error']])
      mend()
      expect(await idsOf(library)).toEqual(['j-1-2'])
      catalog.refresh()
      expect(await idsOf(library)).toEqual([day])
      expect([...library.damaged]).toEqual([])
    })

    test('may say that another does not count: what that one stands for is not certain meanwhile', async () => {
      await put('j-1-2')
      await put(hour)
      await put(day, [hour])
      const { store: disk, mend } = failingAt(segmentKey(recording, day))
      const catalog = new Catalog(disk)
      expect(await catalog.replacedSegments()).toMatchObject([
        { segment: { id: 'j-1-2' }, by: hour, isCertain: false }
      ])
      mend()
      catalog.refresh()
      const ids = (await catalog.replacedSegments()).map(({ segment, by, isCertain }) => [
        segment.id,
        by,
        isCertain
      ])
      expect(ids).toEqual([
        [hour, day, true],
        ['j-1-2', day, true]
      ])
    })

    test('needs no asking once another says that it stands for it', async () => {
      await put('j-1-2')
      await put(hour)
      await put(day, [hour])
      const { store: disk } = failingAt(segmentKey(recording, hour))
      const catalog = new Catalog(disk)
      expect((await catalog.segments()).map(({ id }) => id)).toEqual([day])
      expect((await catalog.replacedSegments()).map(({ isCertain }) => isCertain)).toEqual([true, true])
      expect([...catalog.damaged]).toEqual([])
    })
  })

  test('what is put under a name again is read anew', async () => {
    const catalog = new Catalog(store)
    const epochOf = async () => (await catalog.readable((await catalog.segments())[0]!))!.footer.epoch
    const putAt = async (epoch: bigint) => {
      const tables = builderFromText('0ms\nmain', epoch).snapshot()
      const bytes = await encodeRecording(tables, { recording, label: 'shop' }, nodeCodec)
      await catalog.addSegment(recording, 'j-1-2', bytes)
    }
    await putAt(1n)
    expect(await epochOf()).toBe(1n)
    await catalog.removeSegments(recording)
    await putAt(2n)
    expect(await epochOf()).toBe(2n)
  })

  test('a listing that takes long is asked for once, however many want it meanwhile', async () => {
    let listings = 0
    const catalog = new Catalog({
      ...store,
      async list(prefix) {
        if (prefix === recordingsPrefix) listings++
        return store.list(prefix)
      }
    })
    await Promise.all([catalog.segments(), catalog.isDeleted(recording), catalog.allSegments()])
    expect(listings).toBe(1)
  })

  test('first parts that go one after the other need no listing each', async () => {
    for (const id of ['j-1-2', 'j-2-3', 'j-3-4']) await put(id)
    let listings = 0
    const catalog = new Catalog({
      ...store,
      async list(prefix) {
        if (prefix === recordingsPrefix) listings++
        return store.list(prefix)
      }
    })
    const [first, second] = await catalog.segments()
    await catalog.removeFirst(first!)
    await catalog.removeFirst(second!)
    expect((await catalog.segments()).map(({ id }) => id)).toEqual(['j-3-4'])
    expect([...(await catalog.beginnings())]).toEqual([[recording, 0]])
    expect(listings).toBe(1)
  })
})
