import { beforeEach, describe, expect, test } from 'vitest'
import { Catalog } from '../../../src/collector/store/catalog.ts'
import { createFolderStore } from '../../../src/collector/store/folder-store.ts'
import { compactedId, segmentKey } from '../../../src/collector/store/keys.ts'
import { nodeCodec } from '../../../src/collector/store/node-codec.ts'
import type { ObjectStore } from '../../../src/collector/store/object-store.ts'
import { encodeRecording } from '../../../src/format/index.ts'
import { builderFromText } from '../../helpers/recording-from-text.ts'
import { temporaryFolder } from '../temporary-store.ts'

const recording = 'shop'.padEnd(26, '0')
const hour = compactedId('hour', ['j-1-2'])
const day = compactedId('day', [hour])
const range = { file: 'j', from: 1, to: 2 }

let store: ObjectStore
beforeEach(async () => (store = await createFolderStore(temporaryFolder())))

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
