// What a collector that was killed left behind: any damage to its journal, and it starts all the same.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { Ingest } from '../../../src/collector/ingest/ingest.ts'
import { openStore } from '../../../src/collector/open-store.ts'
import { spansRequest } from '../span-sender.ts'
import { storedSpanIds } from '../stored-spans.ts'
import { temporaryFolder } from '../temporary-store.ts'

const ids = ['1111111111111111', '2222222222222222', '3333333333333333']

const bodies = new Map<string, Buffer>()

/** The same bytes each time: a retry. */
function request(spanId: string) {
  const body = bodies.get(spanId) ?? Buffer.from(spansRequest([spanId], 'replayed'))
  bodies.set(spanId, body)
  return { signal: 'traces', encoding: 'json', coding: 'identity', body } as const
}

async function startIngest(root: string): Promise<Ingest> {
  const { catalog } = await openStore(root)
  return Ingest.start({ root, catalog, sealAfterMs: 60_000 })
}

/** A store whose collector took three requests and then stopped to be: its journal, and nothing else. */
async function orphanedStore(): Promise<{ root: string; file: string }> {
  const root = temporaryFolder()
  const living = temporaryFolder()
  const ingest = await startIngest(living)
  for (const id of ids) await ingest.accept(request(id))
  const [journal] = readdirSync(join(living, 'journal'))
  const target = join(root, 'journal', journal!)
  mkdirSync(target, { recursive: true })
  const name = '000000001.journal'
  cpSync(join(living, 'journal', journal!, name), join(target, name))
  await ingest.close()
  return { root, file: join(target, name) }
}

test('what was answered and not sealed is there after the next start, and once however often it starts', async () => {
  const { root } = await orphanedStore()
  for (let start = 0; start < 3; start++) {
    const ingest = await startIngest(root)
    expect(ingest.problems()).toEqual([])
    expect((await storedSpanIds(root)).sort()).toEqual(ids)
    await ingest.close()
  }
})

test('a request that was answered before the crash and comes again is answered, and not kept twice', async () => {
  const { root } = await orphanedStore()
  const ingest = await startIngest(root)
  const outcome = await ingest.accept(request(ids[0]!))
  expect(outcome.rejected).toBe(0)
  expect(ingest.statistics.repeated).toBe(1)
  await ingest.close()
  expect((await storedSpanIds(root)).sort()).toEqual(ids)
})

test('what another collector answered is not kept twice, when its sender turns to one that starts later', async () => {
  const root = temporaryFolder()
  const first = await startIngest(root)
  await first.accept(request(ids[0]!))
  const second = await startIngest(root)
  await second.accept(request(ids[0]!))
  await second.accept(request(ids[1]!))
  expect(second.statistics.repeated).toBe(1)
  await second.close()
  await first.close()
  expect((await storedSpanIds(root)).sort()).toEqual(ids.slice(0, 2))
})

test('a journal cut at any byte: it starts, keeps every whole entry, and sets the damage aside by name', async () => {
  const { root, file } = await orphanedStore()
  const { size } = statSync(file)
  const seen = new Set<number>()
  for (let length = 0; length < size; length += length < 16 || length > size - 16 ? 1 : 29) {
    const copy = temporaryFolder()
    cpSync(root, copy, { recursive: true })
    const path = join(copy, file.slice(root.length))
    truncateSync(path, length)
    const ingest = await startIngest(copy)
    const stored = (await storedSpanIds(copy)).sort()
    expect(stored).toEqual(ids.slice(0, stored.length))
    seen.add(stored.length)
    const aside = existsSync(join(copy, 'damaged')) ? readdirSync(join(copy, 'damaged')) : []
    expect(aside.length > 0).toBe(ingest.problems().length > 0)
    if (aside.length > 0) {
      expect(aside[0]).toMatch(/\.damaged$/)
      expect(ingest.problems().join()).toContain(aside[0])
    }
    await ingest.close()
  }
  expect([...seen].sort()).toEqual([0, 1, 2])
})

test('empty files, foreign files and folders in the place of journals are harmless', async () => {
  const { root, file } = await orphanedStore()
  const folder = join(file, '..')
  writeFileSync(join(folder, '000000002.journal'), '')
  writeFileSync(join(folder, '000000003.journal'), 'not a journal at all')
  writeFileSync(join(folder, 'notes.txt'), 'hello')
  mkdirSync(join(root, 'journal', 'somebody'))
  writeFileSync(join(root, 'journal', 'README'), 'hello')
  mkdirSync(join(root, 'recordings', 'x'), { recursive: true })
  writeFileSync(join(root, 'recordings', 'x', 'y.microlog'), 'hello')
  const ingest = await startIngest(root)
  expect((await storedSpanIds(root)).sort()).toEqual(ids)
  expect(ingest.problems().join()).toContain('000000003.journal')
  await ingest.close()
  expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('hello')
})

test('the journal of a collector that lives is left alone', async () => {
  const root = temporaryFolder()
  const first = await startIngest(root)
  await first.accept(request(ids[0]!))
  const second = await startIngest(root)
  await second.accept(request(ids[1]!))
  await second.close()
  expect(await storedSpanIds(root)).toEqual([ids[1]])
  await first.close()
  expect((await storedSpanIds(root)).sort()).toEqual([ids[0], ids[1]])
  expect(readdirSync(join(root, 'journal'))).toEqual([])
})

test('a deleted recording stays deleted: late data is taken and dropped, also from a journal', async () => {
  const { root } = await orphanedStore()
  const first = await startIngest(root)
  const { catalog, library } = await openStore(root)
  const [segment] = await library.segments()
  await catalog.deleteRecording(segment!.recording)
  await first.accept(request('4444444444444444'))
  await first.close()
  expect(await storedSpanIds(root)).toEqual([])
  const second = await startIngest(root)
  await second.close()
  expect(await storedSpanIds(root)).toEqual([])
})

test('who stood still until another one took over its journal says so, takes nothing more and doubles nothing', async () => {
  const root = temporaryFolder()
  const first = await startIngest(root)
  await first.accept(request(ids[0]!))
  const folder = join(root, 'journal', readdirSync(join(root, 'journal'))[0]!)
  // What another host leaves whose process can't be seen here, and that was last heard of a minute ago.
  const lease = join(
    folder,
    readdirSync(folder).find(name => name.startsWith('lease.'))!
  )
  writeFileSync(lease, JSON.stringify({ place: 'elsewhere', pid: 1, started: '' }))
  const longAgo = new Date(Date.now() - 120_000)
  utimesSync(lease, longAgo, longAgo)
  const second = await startIngest(root)
  expect(await storedSpanIds(root)).toEqual([ids[0]])

  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 15_000 })
  try {
    await expect.poll(() => first.problems().join(), { timeout: 10_000 }).toContain('restart it')
    await expect(first.accept(request(ids[1]!))).rejects.toMatchObject({ code: 'unavailable' })
  } finally {
    vi.useRealTimers()
  }
  await first.close()
  await second.close()
  expect(await storedSpanIds(root)).toEqual([ids[0]])
})

test('a segment that is damaged, though its journal is still there, is brought back under its name', async () => {
  const { root } = await orphanedStore()
  const copy = temporaryFolder()
  cpSync(root, copy, { recursive: true })
  await (await startIngest(copy)).close()
  const [segment] = readdirSync(join(copy, 'recordings'), { recursive: true, withFileTypes: true }).filter(
    entry => entry.isFile()
  )
  const folder = join(root, 'recordings', basename(segment!.parentPath))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, segment!.name), Buffer.alloc(200))
  const ingest = await startIngest(root)
  expect((await storedSpanIds(root)).sort()).toEqual(ids)
  await ingest.close()
})
