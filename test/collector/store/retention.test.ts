import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { encodeRecording } from '../../../src/format/index.ts'
import { Compactor } from '../../../src/collector/compaction/compactor.ts'
import { mergeSegments } from '../../../src/collector/encoding/merge-segments.ts'
import { takeCompactionTurn } from '../../../src/collector/compaction/take-turn.ts'
import { Catalog } from '../../../src/collector/store/catalog.ts'
import { createFolderStore } from '../../../src/collector/store/folder-store.ts'
import { compactedId } from '../../../src/collector/store/keys.ts'
import { nodeCodec } from '../../../src/collector/store/node-codec.ts'
import type { ObjectStore } from '../../../src/collector/store/object-store.ts'
import { Retention } from '../../../src/collector/store/retention.ts'
import type { RetentionLimits } from '../../../src/collector/store/retention.ts'
import { recordingFromText } from '../../helpers/recording-from-text.ts'
import { temporaryFolder } from '../temporary-store.ts'

const minute = 60_000
const day = 24 * 60 * minute
const start = 1_700_000_000_000
const week: RetentionLimits = { ageMs: 7 * day, bytes: 0 }

let root: string
let now: number
let elapsed: number
let open: Set<string>

beforeEach(() => {
  root = temporaryFolder()
  now = start
  elapsed = 0
  open = new Set()
})

afterEach(() => {
  vi.useRealTimers()
})

const idOf = (name: string): string => name.padEnd(26, '0')
const stored = (): string[] =>
  readdirSync(join(root, 'recordings'))
    .map(id => id.replace(/0+$/, ''))
    .sort()

/** A file whose data ended and that was written at these times, Unix ms. */
async function store(
  name: string,
  endMs: number,
  writtenMs = endMs,
  number = 1,
  label = name
): Promise<number> {
  const tables = recordingFromText('0ms\nmain', BigInt(Math.round(endMs)) * 1_000_000n)
  const journals = [{ file: 'j', from: number, to: number + 1 }]
  const meta = { recording: idOf(name), label, journals }
  const bytes = await encodeRecording(tables, meta, nodeCodec)
  const segment = `j-${number}-${number + 1}`
  await new Catalog(await createFolderStore(root)).addSegment(idOf(name), segment, bytes)
  const path = join(root, 'recordings', idOf(name), `${segment}.microlog`)
  utimesSync(path, writtenMs / 1000, writtenMs / 1000)
  return bytes.length
}

/** A day of a recording, put together from sealed segments that ended so many days after `start`. */
async function storeDay(name: string, endDays: number): Promise<{ id: string; bytes: number }> {
  const endMs = start + endDays * day
  const tables = recordingFromText('0ms\nmain', BigInt(endMs) * 1_000_000n)
  const replaces = [`j-${endDays + 1000}-${endDays + 1001}`]
  const id = compactedId('day', replaces)
  const meta = { recording: idOf(name), label: name, replaces, writtenMs: endMs }
  const bytes = await encodeRecording(tables, meta, nodeCodec)
  await new Catalog(await createFolderStore(root)).addSegment(idOf(name), id, bytes)
  return { id, bytes: bytes.length }
}

const segmentsOf = async (name: string): Promise<string[]> =>
  (await new Catalog(await createFolderStore(root)).segments(idOf(name))).map(({ id }) => id)

/** A collector's watch over the store as the clocks go on; `run` gives the names of what it deleted. */
async function watch(
  limits: RetentionLimits,
  disk: (files: ObjectStore) => ObjectStore = files => files
): Promise<{ run(): Promise<string[]>; retention: Retention }> {
  const files = disk(await createFolderStore(root))
  // A listing is believed for a while by the real clock: each run asks the folder anew.
  const catalog = (): Catalog => new Catalog(files)
  const retention = new Retention({
    catalog: {
      async keptSegments() {
        const asked = catalog()
        // What doesn't read is known, as it is to a collector that was asked about it.
        for await (const _ of asked.openEach(await asked.segments()));
        return asked.keptSegments()
      },
      replacedSegments: () => catalog().replacedSegments(),
      readable: segment => catalog().readable(segment),
      removeSegments: recording => catalog().removeSegments(recording),
      removeFirst: segment => catalog().removeFirst(segment)
    },
    limits,
    isOpen: recording => open.has(recording),
    clock: { wallMs: () => now, monotonicMs: () => elapsed }
  })
  return { run: async () => (await retention.run()).map(id => id.replace(/0+$/, '')).sort(), retention }
}

function pass(ms: number): void {
  now += ms
  elapsed += ms
}

describe('damaged segments', () => {
  const damage = (name: string): void => {
    const folder = join(root, 'recordings', idOf(name))
    for (const file of readdirSync(folder)) {
      const path = join(folder, file)
      const { mtime, size } = statSync(path)
      writeFileSync(path, Buffer.alloc(size, 'x'))
      utimesSync(path, mtime, mtime)
    }
  }

  test('count to the size limit, and go with their recording, the oldest first', async () => {
    const bytes = await store('damaged', start - 3 * day)
    await store('older', start - 2 * day)
    await store('new', start - day)
    damage('damaged')
    const { run } = await watch({ ageMs: 0, bytes: bytes * 2.5 })
    await run()
    pass(minute)
    expect(await run()).toEqual(['damaged'])
    expect(stored()).toEqual(['new', 'older'])
  })

  test('go by the age of their files, and no earlier than those of any label', async () => {
    await store('damaged', start - 8 * day)
    await store('new', start)
    damage('damaged')
    const { run } = await watch({
      ageMs: 7 * day,
      bytes: 0,
      labels: new Map([['nightly', { ageMs: 9 * day }]])
    })
    await run()
    pass(minute)
    expect(await run()).toEqual([])
    pass(day)
    expect(await run()).toEqual(['damaged'])
  })
})

describe('by age', () => {
  test('what ended longer ago than the retention goes, and what is younger stays', async () => {
    await store('old', start - 8 * day)
    await store('young', start - 6 * day)
    await store('new', start)
    const { run } = await watch(week)
    expect(await run()).toEqual([])
    pass(minute)
    expect(await run()).toEqual(['old'])
    pass(day)
    expect(await run()).toEqual(['young'])
    expect(stored()).toEqual(['new'])
    pass(7 * day)
    expect(await run()).toEqual(['new'])
  })

  test('data that is old but was stored lately stays, and data of now in a file of long ago', async () => {
    await store('imported', start - 90 * day, start)
    await store('future', start + day, start - 90 * day)
    await store('new', start)
    const { run } = await watch(week)
    await run()
    pass(minute)
    expect(await run()).toEqual([])
  })

  test('what is open stays, and what got data meanwhile counts from then on', async () => {
    await store('live', start - 8 * day)
    await store('woken', start - 8 * day)
    await store('new', start)
    open.add(idOf('live'))
    const { run } = await watch(week)
    await run()
    await store('woken', start - 8 * day, start - 8 * day, 2)
    pass(minute)
    expect(await run()).toEqual([])
    pass(7 * day - minute / 2)
    expect(await run()).toEqual(['new'])
    pass(minute)
    expect(await run()).toEqual(['woken'])
    expect(stored()).toEqual(['live'])
  })

  test('what comes again right after it was deleted counts from then on', async () => {
    await store('back', start - 8 * day)
    await store('new', start)
    const { run } = await watch(week)
    await run()
    pass(minute)
    expect(await run()).toEqual(['back'])
    await store('back', start - 8 * day)
    pass(minute)
    expect(await run()).toEqual([])
    expect(stored()).toEqual(['back', 'new'])
  })

  test('to the millisecond, by the data and by the file alike', async () => {
    // A file's time is kept in binary fractions of a second: these are whole ones.
    await store('data', start - 6 * day, start - 7 * day)
    await store('file', start - 7 * day, start - 6 * day)
    await store('new', start)
    const { run } = await watch(week)
    await run()
    pass(day - 1)
    expect(await run()).toEqual([])
    pass(1)
    expect(await run()).toEqual(['data', 'file'])
  })

  test('what got data while it was watched goes once it was quiet for all of the age', async () => {
    await store('woken', start - 8 * day)
    await store('new', start)
    const { run } = await watch(week)
    await run()
    await store('woken', start - 8 * day, start - 8 * day, 2)
    expect(await run()).toEqual([])
    pass(7 * day - 1)
    expect(await run()).toEqual([])
    pass(1)
    expect(await run()).toEqual(['new', 'woken'])
  })

  test('0 keeps everything', async () => {
    await store('old', start - 4000 * day)
    await store('new', start)
    const { run } = await watch({ ageMs: 0, bytes: 0 })
    await run()
    pass(30 * day)
    expect(await run()).toEqual([])
  })
})

describe('a clock that jumps deletes nothing', () => {
  test.each([
    ['ahead by an hour', 1 / 24],
    ['ahead by ten years', 3650],
    ['back by an hour', -1 / 24],
    ['back by ten years', -3650]
  ])('%s, and back again, with data that came meanwhile', async (_what, days) => {
    await store('before', start - day)
    await store('new', start)
    const { run } = await watch(week)
    await run()
    now += days * day
    pass(10 * minute)
    await store('meanwhile', now)
    expect(await run()).toEqual([])
    pass(10 * minute)
    expect(await run()).toEqual([])
    now -= days * day
    pass(10 * minute)
    expect(await run()).toEqual([])
    expect(stored()).toEqual(['before', 'meanwhile', 'new'])
  })

  test('before the start: it takes the time of the newest file for the time it is', async () => {
    await store('old', start - day)
    await store('new', start)
    now += 3650 * day
    const { run } = await watch(week)
    await run()
    pass(10 * minute)
    expect(await run()).toEqual([])
  })
})

describe('by label', () => {
  test('recordings of a label are kept for as long as it says, others for as long as usual', async () => {
    const labels = new Map([
      ['nightly', { ageMs: 30 * day }],
      ['scratch', { ageMs: day }],
      ['kept', { ageMs: 0 }]
    ])
    for (const name of ['nightly', 'scratch', 'kept', 'other']) await store(name, start - 2 * day)
    await store('new', start)
    const { run } = await watch({ ageMs: 7 * day, bytes: 0, labels })
    await run()
    pass(minute)
    expect(await run()).toEqual(['scratch'])
    pass(6 * day)
    expect(await run()).toEqual(['other'])
    pass(30 * day)
    expect(await run()).toEqual(['new', 'nightly'])
    expect(stored()).toEqual(['kept'])
  })

  test('a recording whose label changed is of the one that its newest segment says', async () => {
    const labels = new Map([
      ['scratch', { ageMs: day, bytes: 1 }],
      ['kept', { ageMs: 0 }]
    ])
    // Of the one its newest segment has the last id, of the other the first.
    await store('saved', start - 3 * day, start - 3 * day, 1, 'scratch')
    await store('saved', start - 2 * day, start - 2 * day, 2, 'kept')
    await store('given', start - 3 * day, start - 3 * day, 2, 'kept')
    await store('given', start - 2 * day, start - 2 * day, 1, 'scratch')
    await store('new', start)
    const { run } = await watch({ ageMs: 7 * day, bytes: 0, labels })
    await run()
    pass(minute)
    expect(await run()).toEqual(['given'])
    pass(30 * day)
    expect(await run()).toEqual(['new'])
    expect(stored()).toEqual(['saved'])
  })

  test('an age counts by all signs, however short that of another label is', async () => {
    await store('other', start - 30 * day, start - 2 * day)
    await store('new', start)
    const { run } = await watch({ ageMs: 7 * day, bytes: 0, labels: new Map([['scratch', { ageMs: day }]]) })
    await run()
    pass(minute)
    expect(await run()).toEqual([])
  })

  test('beyond the bytes of its label the first ones of that label go, and none of others', async () => {
    const size = await store('big', start - 3 * day, start - 3 * day)
    await store('other', start - 4 * day)
    await store('big', start - day, start - day, 2)
    await store('new', start)
    const labels = new Map([['big', { bytes: size * 1.5 }]])
    const { run } = await watch({ ageMs: 0, bytes: 0, labels })
    await run()
    pass(minute)
    expect(await run()).toEqual(['big'])
    expect(stored()).toEqual(['new', 'other'])
  })
})

describe('of a recording that was compacted', () => {
  test('its age is that of its data: putting segments together makes it no younger', async () => {
    await store('old', start - 8 * day)
    await store('old', start - 8 * day, start - 8 * day, 2)
    await store('new', start)
    const { run } = await watch(week)
    await run()
    const catalog = new Catalog(await createFolderStore(root))
    const compactor = new Compactor({
      catalog,
      merge: mergeSegments,
      takeTurn: () => takeCompactionTurn(root),
      limits: { hourQuietMs: 0 }
    })
    expect((await compactor.run())!.batches).toHaveLength(1)
    pass(minute)
    expect(await run()).toEqual(['old'])
    expect(stored()).toEqual(['new'])
  })
})

describe('by bytes', () => {
  test('beyond the limit the ones that were written first go, and no more than needed', async () => {
    const size = await store('a', start - 3 * day)
    await store('b', start - 2 * day)
    await store('c', start - day)
    const { run } = await watch({ ageMs: 0, bytes: size * 2.5 })
    await run()
    pass(minute)
    expect(await run()).toEqual(['a'])
    pass(minute)
    expect(await run()).toEqual([])
    expect(stored()).toEqual(['b', 'c'])
  })

  test('what goes by its age makes room, and what just fits stays', async () => {
    await store('old', start - 8 * day)
    const sizes = [await store('a', start - 2 * day), await store('b', start - day)]
    const { run } = await watch({ ageMs: 7 * day, bytes: sizes[0]! + sizes[1]! })
    await run()
    pass(minute)
    expect(await run()).toEqual(['old'])
    pass(minute)
    expect(await run()).toEqual([])
    expect(stored()).toEqual(['a', 'b'])
  })

  test('a recording of which a part goes by its age makes room once when all of it goes', async () => {
    await storeDay('long', -30)
    await storeDay('long', -2)
    const sizes = [await store('mid', start - day), await store('new', start)]
    const { run } = await watch({ ageMs: 7 * day, bytes: sizes[0]! + sizes[1]! - 1 })
    await run()
    pass(6 * minute)
    expect(await run()).toEqual(['long', 'mid'])
    expect(stored()).toEqual(['new'])
  })

  test('what was written five minutes ago, or was seen to change, goes to the millisecond', async () => {
    await store('written', start)
    await store('fed', start - day)
    const { run } = await watch({ ageMs: 0, bytes: 1 })
    await run()
    await store('fed', start - day, start - day, 2)
    expect(await run()).toEqual([])
    pass(5 * minute - 1)
    expect(await run()).toEqual([])
    pass(1)
    expect(await run()).toEqual(['fed', 'written'])
  })

  test('what is open, or got data within minutes, stays even so', async () => {
    await store('open', start - 3 * day)
    await store('fed', start - 2 * day)
    await store('written', start - minute)
    open.add(idOf('open'))
    const { run } = await watch({ ageMs: 0, bytes: 1 })
    await run()
    await store('fed', start - 2 * day, start - 2 * day, 2)
    pass(minute)
    expect(await run()).toEqual([])
    pass(10 * minute)
    expect(await run()).toEqual(['fed', 'written'])
    expect(stored()).toEqual(['open'])
  })
})

describe('of a recording that never ends', () => {
  test('days that ended longer ago than the retention go; it stays, and its beginning is known', async () => {
    const days = new Map<number, string>()
    for (const endDays of [-10, -8, -6, -2]) days.set(endDays, (await storeDay('server', endDays)).id)
    await store('server', start)
    open.add(idOf('server'))
    const { run } = await watch(week)
    await run()
    expect(await segmentsOf('server')).toHaveLength(5)
    pass(minute)
    expect(await run()).toEqual([])
    expect(await segmentsOf('server')).toEqual([days.get(-6)!, days.get(-2)!, 'j-1-2'].sort())
    const catalog = new Catalog(await createFolderStore(root))
    expect(await catalog.beginnings()).toEqual(new Map([[idOf('server'), start - 10 * day]]))

    pass(3 * day)
    await store('server', now, now, 2)
    await run()
    expect(await segmentsOf('server')).toEqual([days.get(-2)!, 'j-1-2', 'j-2-3'].sort())
    const later = new Catalog(await createFolderStore(root))
    expect(await later.beginnings()).toEqual(new Map([[idOf('server'), start - 10 * day]]))
    await later.deleteRecording(idOf('server'))
    expect(stored()).toEqual([])
  })

  test('a day of it goes to the millisecond', async () => {
    await storeDay('server', -7)
    await store('server', start)
    open.add(idOf('server'))
    const { run } = await watch(week)
    await run()
    now -= 1
    await run()
    expect(await segmentsOf('server')).toHaveLength(2)
    now += 1
    await run()
    expect(await segmentsOf('server')).toEqual(['j-1-2'])
  })

  test('its newest part stays as long as more may come, however old it is', async () => {
    await storeDay('server', -10)
    const { id } = await storeDay('server', -9)
    await store('new', start)
    open.add(idOf('server'))
    const { run } = await watch({ ageMs: 7 * day, bytes: 1 })
    await run()
    pass(minute)
    expect(await run()).toEqual([])
    expect(await segmentsOf('server')).toEqual([id])
  })

  test('beyond the bytes its oldest days go, in turn with other recordings', async () => {
    const { bytes } = await storeDay('server', -9)
    const last = await storeDay('server', -3)
    await store('server', start)
    await store('old', start - 6 * day)
    await store('new', start - day)
    open.add(idOf('server'))
    const { run } = await watch({ ageMs: 0, bytes: bytes * 3.5 })
    await run()
    pass(minute)
    expect(await run()).toEqual(['old'])
    expect(await segmentsOf('server')).toEqual([last.id, 'j-1-2'].sort())
    expect(stored()).toEqual(['new', 'server'])
  })

  test('what it was put together from may still lie there: until that is gone, it stays', async () => {
    const { id } = await storeDay('server', -9)
    await store('server', start - 9 * day, start - 9 * day, 991)
    await store('server', start)
    const { run } = await watch(week)
    await run()
    pass(minute)
    await run()
    expect(await segmentsOf('server')).toEqual([id, 'j-1-2'].sort())
    rmSync(join(root, 'recordings', idOf('server'), 'j-991-992.microlog'))
    pass(minute)
    await run()
    expect(await segmentsOf('server')).toEqual(['j-1-2'])
  })

  test.each([3650, -3650])('a clock that jumps by %i days deletes none of it', async days => {
    await storeDay('server', -2)
    await storeDay('server', -1)
    await store('server', start)
    open.add(idOf('server'))
    const { run } = await watch(week)
    await run()
    now += days * day
    pass(10 * minute)
    await store('server', now, now, 2)
    await run()
    now -= days * day
    pass(10 * minute)
    await run()
    expect(await segmentsOf('server')).toHaveLength(4)
  })
})

describe('on a disk that fails', () => {
  const fail = (): Promise<never> => Promise.reject(new Error('EIO: i/o error'))
  const unreadable = (files: ObjectStore): ObjectStore => ({
    ...files,
    getRange: (key, ...range) => (key.includes('broken') ? fail() : files.getRange(key, ...range))
  })

  test('a recording that cannot be read stays and is named, and the others go', async () => {
    for (const name of ['broken', 'old']) await store(name, start - 8 * day)
    await store('new', start)
    const { run, retention } = await watch(week, unreadable)
    await run()
    pass(minute)
    expect(await run()).toEqual(['old'])
    expect(retention.problem).toBe(`Old recordings can't be deleted: ${idOf('broken')} (EIO: i/o error)`)
    expect(stored()).toEqual(['broken', 'new'])
  })

  test('the limit of a label counts the others of it', async () => {
    const bytes = await store('big', start - 3 * day)
    for (const name of ['broken', 'other']) await store(name, start - 4 * day)
    await store('new', start)
    const labels = new Map([['big', { bytes: bytes / 2 }]])
    const { run } = await watch({ ageMs: 0, bytes: 0, labels }, unreadable)
    await run()
    pass(minute)
    expect(await run()).toEqual(['big'])
  })

  test('one that cannot be deleted keeps no others beyond the bytes', async () => {
    const size = await store('a', start - 3 * day)
    await store('b', start - 2 * day)
    await store('c', start - day)
    const { run, retention } = await watch({ ageMs: 0, bytes: size * 2.5 }, files => ({
      ...files,
      delete: key => (key.includes(idOf('a')) ? fail() : files.delete(key))
    }))
    await run()
    pass(minute)
    expect(await run()).toEqual([])
    expect(retention.problem).toMatch(/EIO/)
    pass(minute)
    expect(await run()).toEqual(['b'])
    expect(stored()).toEqual(['a', 'c'])
  })
})

test('a store that doesn’t answer at the start is a problem until it does', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const files = await createFolderStore(root)
  let fails = true
  const { retention } = await watch(week, () => ({
    ...files,
    list: prefix => (fails ? Promise.reject(new Error('EIO: i/o error')) : files.list(prefix))
  }))
  retention.start()
  vi.advanceTimersByTime(0)
  await vi.waitUntil(() => retention.problem)
  fails = false
  await vi.advanceTimersByTimeAsync(minute)
  await retention.stop()
  expect(retention.problem).toBeUndefined()
})
