import { existsSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { Compactor } from '../../../src/collector/compaction/compactor.ts'
import type { CompactorOptions } from '../../../src/collector/compaction/compactor.ts'
import { mergeSegments } from '../../../src/collector/encoding/merge-segments.ts'
import { takeCompactionTurn } from '../../../src/collector/compaction/take-turn.ts'
import { openStore } from '../../../src/collector/open-store.ts'
import { Catalog } from '../../../src/collector/store/catalog.ts'
import { createFolderStore } from '../../../src/collector/store/folder-store.ts'
import { compactedId, segmentKey } from '../../../src/collector/store/keys.ts'
import { encodeRecording } from '../../../src/format/index.ts'
import { nodeCodec } from '../../../src/collector/store/node-codec.ts'
import { pushLog, pushSpan } from '../../helpers/push-rows.ts'
import { builderFromText } from '../../helpers/recording-from-text.ts'
import { temporaryFolder } from '../temporary-store.ts'

const id = 'shop'.padEnd(26, '0')
const hourMs = 3_600_000
const startMs = 1_699_920_000_000
const now = { hourQuietMs: 0, dayQuietMs: Infinity }

let root: string
let place: number

beforeEach(() => {
  root = temporaryFolder()
  place = 1
})

/** A sealed segment with a span, a log and three samples; each has the place after the last one's. */
async function seal(letter: string, atMs = 0, recording = id): Promise<string> {
  const builder = builderFromText('0ms  1ms  2ms\nmain main (idle)', BigInt(startMs + atMs) * 1_000_000n)
  pushSpan(builder, letter, 0, 2)
  pushLog(builder, 1, `log of ${letter}`, { uid: letter })
  const segment = `j-${place}-${++place}`
  const journals = [{ file: 'j', from: place - 1, to: place }]
  const meta = { recording, label: 'shop', resource: { 'service.name': 'shop' }, journals }
  const { catalog } = await openStore(root)
  await catalog.addSegment(recording, segment, await encodeRecording(builder.snapshot(), meta, nodeCodec))
  return segment
}

async function compactor(options: Partial<CompactorOptions> = {}): Promise<Compactor> {
  const { catalog } = await openStore(root)
  return new Compactor({
    catalog,
    merge: mergeSegments,
    takeTurn: () => takeCompactionTurn(root),
    limits: now,
    ...options
  })
}

/** A catalog of the store while the disk doesn't give one of the recording's segments. */
async function catalogThatFails(segment: string): Promise<{ catalog: Catalog; mend(): void }> {
  const store = await createFolderStore(root)
  let fails = true
  const catalog = new Catalog({
    ...store,
    async getRange(...asked) {
      if (fails && asked[0] === segmentKey(id, segment)) throw new Error('EIO: i/o error')
      return store.getRange(...asked)
    }
  })
  return { catalog, mend: () => (fails = false) }
}

const files = (): string[] =>
  readdirSync(join(root, 'recordings', id))
    .map(name => name.replace('.microlog', ''))
    .sort()
const sealedFiles = (): string[] => files().filter(name => name.startsWith('j-'))

/** Names of the spans that the store tells of, each as often as it does. */
async function spans(): Promise<string[]> {
  const { library } = await openStore(root)
  const names: string[] = []
  for (const { file } of await library.open()) {
    const { spans, strings } = await file.read(['spans'])
    for (const name of spans.name) names.push(strings[name]!)
  }
  return names.sort()
}

describe('compaction', () => {
  test('makes one segment of an hour, in which everything is once, and those it was made from stay for a while', async () => {
    const inputs = [await seal('a'), await seal('b', 1000), await seal('c', 2000)]
    const before = await (await openStore(root)).library.open()
    const outcome = await (await compactor()).run()
    expect(outcome!.batches).toMatchObject([{ recording: id, inputs: 3 }])
    expect(sealedFiles()).toEqual(inputs)
    expect(await spans()).toEqual(['a', 'b', 'c'])

    const { library, catalog } = await openStore(root)
    const [only, ...more] = await library.open()
    expect(more).toEqual([])
    const { counts, meta } = only!.file.footer
    expect(counts).toMatchObject({ spans: 3, logs: 3, samples: 9 })
    expect(meta).toMatchObject({ recording: id, label: 'shop', resource: { 'service.name': 'shop' } })
    expect((await only!.file.readStackCounts())!.samples).toEqual(Uint32Array.of(6))
    // Who had them listed before reads on, and finds them by their names.
    for (const { segment } of before) {
      expect((await (await segment.open()).read()).spans.length).toBe(1)
      expect(await library.find(id, segment.id)).toMatchObject({ id: segment.id })
    }
    expect(await catalog.rangesOf(id, 'j')).toEqual(
      expect.arrayContaining([1, 2, 3].map(from => ({ file: 'j', from, to: from + 1 })))
    )
  })

  test('deletes what a larger segment stands for, and places are known by it alone', async () => {
    await seal('a')
    await seal('b', 1000)
    await (await compactor({ keepReplacedMs: 0 })).run()
    expect(files()).toEqual([expect.stringMatching(/^hour-/)])
    expect(await spans()).toEqual(['a', 'b'])
    expect(await (await openStore(root)).catalog.rangesOf(id, 'j')).toEqual([
      { file: 'j', from: 1, to: 2 },
      { file: 'j', from: 2, to: 3 }
    ])
  })

  test('keeps what is replaced for as long as it says, by what this process saw', async () => {
    await seal('a')
    await seal('b', 1000)
    const slow = await compactor({ keepReplacedMs: 600_000 })
    await slow.run()
    await slow.run()
    expect(sealedFiles()).toHaveLength(2)
    const quick = await compactor({ keepReplacedMs: 1 })
    await quick.run()
    expect(sealedFiles()).toHaveLength(0)
  })

  test('keeps what is replaced for as long as it says, by its own clock, too: that of the files may jump', async () => {
    const { catalog } = await openStore(root)
    const one = await compactor({ catalog, keepReplacedMs: 600_000 })
    await one.run()
    await seal('a')
    await seal('b', 1000)
    catalog.refresh()
    await one.run()
    const [hour] = files().filter(name => name.startsWith('hour-'))
    const longAgo = Date.now() / 1000 - 3600
    utimesSync(join(root, 'recordings', id, `${hour}.microlog`), longAgo, longAgo)
    await one.run()
    expect(sealedFiles()).toHaveLength(2)
  })

  test('a segment that somebody seals again after it was compacted and deleted counts nothing, and goes', async () => {
    await seal('a')
    await seal('b', 1000)
    await (await compactor({ keepReplacedMs: 0 })).run()
    place = 1
    expect(await seal('a')).toBe('j-1-2')
    expect(sealedFiles()).toEqual(['j-1-2'])
    expect(await spans()).toEqual(['a', 'b'])
    await (await compactor({ keepReplacedMs: 0 })).run()
    expect(sealedFiles()).toEqual([])
  })

  test('takes in what comes later, hour by hour, and at last the day', async () => {
    await seal('a')
    await seal('b', 1000)
    await (await compactor({ keepReplacedMs: 0 })).run()
    await seal('c', 2000)
    await seal('d', hourMs)
    await seal('e', hourMs + 1)
    await (await compactor({ keepReplacedMs: 0 })).run()
    expect(files()).toEqual([expect.stringMatching(/^hour-/), expect.stringMatching(/^hour-/)])
    expect(await spans()).toEqual(['a', 'b', 'c', 'd', 'e'])
    await (await compactor({ keepReplacedMs: 0, limits: { hourQuietMs: 0, dayQuietMs: 0 } })).run()
    expect(files()).toEqual([expect.stringMatching(/^day-/)])
    expect(await spans()).toEqual(['a', 'b', 'c', 'd', 'e'])
    const again = await (await compactor({ limits: { hourQuietMs: 0, dayQuietMs: 0 } })).run()
    expect(again!.batches).toEqual([])
  })

  test('is of the same bytes and name whoever does it, so that a second one is harmless', async () => {
    for (const letter of 'abc') await seal(letter)
    const none = async () => ({ renew: async () => true, release: async () => {} })
    const both = [await compactor({ takeTurn: none }), await compactor({ takeTurn: none })]
    await Promise.all(both.map(one => one.run()))
    expect(files().filter(name => name.startsWith('hour-'))).toHaveLength(1)
    expect(await spans()).toEqual(['a', 'b', 'c'])
  })

  test('is done by one at a time', async () => {
    await seal('a')
    await seal('b')
    const turn = await takeCompactionTurn(root)
    expect(await (await compactor()).run()).toBe(undefined)
    await turn!.release()
    expect((await (await compactor()).run())!.batches).toHaveLength(1)
  })

  test('deletes what it can where the disk keeps one of those that are replaced, and names that recording', async () => {
    const other = 'till'.padEnd(26, '0')
    const kept = await seal('a')
    await seal('b', 1000)
    await seal('c', 0, other)
    await seal('d', 1000, other)
    const store = await createFolderStore(root)
    const catalog = new Catalog({
      ...store,
      async delete(key) {
        if (key === segmentKey(id, kept)) throw new Error('EROFS: read-only file system')
        return store.delete(key)
      }
    })
    const one = await compactor({ catalog, keepReplacedMs: 0 })
    expect((await one.run())!.deleted.segments).toBe(3)
    expect(sealedFiles()).toEqual([kept])
    expect(one.problem).toBe(`Recordings can't be compacted: ${id} (EROFS: read-only file system)`)
  })

  test('ends where another has taken its turn, before it writes anything', async () => {
    await seal('a')
    await seal('b')
    let released = 0
    const lost = { renew: async () => false, release: async () => void released++ }
    expect((await (await compactor({ takeTurn: async () => lost })).run())!.batches).toEqual([])
    expect(files()).toEqual(sealedFiles())
    expect(released).toBe(1)
  })

  test('writes nothing where one of its inputs went while it was put together', async () => {
    const [gone, left] = [await seal('a'), await seal('b')]
    const merge: CompactorOptions['merge'] = async job => {
      const merged = await mergeSegments(job)
      rmSync(join(root, 'recordings', id, `${gone}.microlog`))
      return merged
    }
    expect((await (await compactor({ merge })).run())!.batches).toEqual([])
    expect(files()).toEqual([left])
  })

  test('leaves a segment that does not read as it is, and goes on with the others', async () => {
    const [, broken] = [await seal('a'), await seal('b'), await seal('c')]
    const path = join(root, 'recordings', id, `${broken}.microlog`)
    const { library } = await openStore(root)
    const whole = (await library.open(id)).find(({ segment }) => segment.id === broken)!
    const bytes = await whole.segment.read(0, whole.segment.bytes)
    bytes[whole.file.footer.blocks[0]!.offset + 1]! ^= 0xff
    writeFileSync(path, bytes)
    const one = await compactor({ keepReplacedMs: 0 })
    await one.run()
    await one.run()
    expect(sealedFiles()).toEqual([broken])
    const { catalog } = await openStore(root)
    expect((await catalog.segments(id)).map(({ id }) => id)).toEqual([
      expect.stringMatching(/^hour-/),
      broken
    ])
  })

  test('deletes and puts together nothing of a recording while one that may stand for the same cannot be read', async () => {
    const inputs = [await seal('a'), await seal('b')]
    await (await compactor()).run()
    const [hour] = files().filter(name => name.startsWith('hour-'))
    const unread = compactedId('day', [hour!])
    const { catalog: writing } = await openStore(root)
    const tables = builderFromText('0ms\nmain', BigInt(startMs) * 1_000_000n).snapshot()
    const meta = { recording: id, label: 'shop', replaces: [hour!, ...inputs] }
    await writing.addSegment(id, unread, await encodeRecording(tables, meta, nodeCodec))
    const later = [await seal('c', 1000), await seal('d', 2000)]

    const { catalog, mend } = await catalogThatFails(unread)
    const one = await compactor({ catalog, keepReplacedMs: 0 })
    await one.run()
    expect(files()).toEqual([unread, hour!, ...inputs, ...later].sort())
    expect(one.problem).toMatch(/EIO/)
    mend()
    catalog.refresh()
    await one.run()
    expect(one.problem).toBe(undefined)
    expect(sealedFiles()).toEqual([])
  })

  test('names what the disk does not give, and goes on with the others of its recording and with other recordings', async () => {
    const broken = await seal('a')
    for (const letter of 'bc') await seal(letter, 1000)
    const { catalog, mend } = await catalogThatFails(broken)
    const one = await compactor({ catalog, keepReplacedMs: 0 })
    expect((await one.run())!.batches).toMatchObject([{ inputs: 2 }])
    expect(one.problem).toBe(`Recordings can't be compacted: ${id} (EIO: i/o error)`)
    expect(sealedFiles()).toEqual([broken])
    mend()
    await one.run()
    expect(one.problem).toBe(undefined)
    expect(sealedFiles()).toEqual([])
  })

  test('goes on with other recordings where an input is deleted after it was chosen', async () => {
    const [first, last] = ['a', 'z'].map(name => name.padEnd(26, '0'))
    for (const letter of 'ab') await seal(letter, 0, first)
    const gone = await seal('c')
    await seal('d')
    for (const letter of 'ef') await seal(letter, 0, last)
    const one = await compactor({
      merge: async job => {
        rmSync(join(root, 'recordings', id, `${gone}.microlog`), { force: true })
        return mergeSegments(job)
      }
    })
    const outcome = await one.run()
    expect(outcome!.batches.map(({ recording }) => recording)).toEqual([first, last])
    expect(one.problem).toBe(undefined)
  })

  test('that finds its recording deleted when it is done leaves nothing of it', async () => {
    await seal('a')
    await seal('b')
    const deleting = await compactor({
      merge: async job => {
        await (await openStore(root)).catalog.deleteRecording(id)
        return mergeSegments(job)
      }
    })
    await deleting.run()
    expect(existsSync(join(root, 'recordings', id))).toBe(false)
    expect(await spans()).toEqual([])
  })

  test('makes no data younger', async () => {
    await seal('a')
    await seal('b')
    const before = await (await openStore(root)).catalog.segments(id)
    const newest = Math.max(...before.map(({ writtenMs }) => Math.floor(writtenMs)))
    await (await compactor({ keepReplacedMs: 0 })).run()
    const after = await (await openStore(root)).catalog.segments(id)
    expect(after.map(({ writtenMs }) => writtenMs)).toEqual([newest])
  })
})
