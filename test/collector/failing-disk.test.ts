// A real collector over a disk that fails: a library in front of the system's own calls makes it. Needs a C compiler.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startCollectorProcess } from './collector-process.ts'
import type { CollectorProcess } from './collector-process.ts'
import { spansRequest } from './span-sender.ts'
import { storedSpanIds } from './stored-spans.ts'
import { temporaryFolder } from './temporary-store.ts'

const source = fileURLToPath(new URL('../helpers/failing-disk.c', import.meta.url))

interface FailingDisk {
  store: string
  collector: CollectorProcess
  become(mode: 'well' | 'full' | 'short' | 'broken' | 'slow'): void
  /** Syncs of journal files, in order: the file and whether it failed. */
  journalSyncs(): { file: string; failed: boolean }[]
}

async function startOnFailingDisk(...args: string[]): Promise<FailingDisk> {
  const folder = temporaryFolder()
  const [store, mode, log] = ['store', 'mode', 'log'].map(name => join(folder, name)) as [
    string,
    string,
    string
  ]
  const library = join(folder, 'failing-disk.so')
  mkdirSync(store)
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'])
  writeFileSync(mode, 'well')
  writeFileSync(log, '')
  const collector = await startCollectorProcess(
    ['--store', store, '--port', '0', '--otlp-port', '0', ...args],
    { env: { LD_PRELOAD: library, FAILING_DISK: store, FAILING_DISK_MODE: mode, FAILING_DISK_LOG: log } }
  )
  return {
    store,
    collector,
    become(state) {
      // In one step: whoever reads a file that is just being written takes the disk for well.
      writeFileSync(`${mode}.next`, state)
      renameSync(`${mode}.next`, mode)
    },
    journalSyncs: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .map(line => /([^/]+\.journal) (\S+)$/.exec(line))
        .filter(match => match !== null)
        .map(([, file, result]) => ({ file: file!, failed: result !== '0' }))
  }
}

function journalFilesOf({ store }: FailingDisk): string[] {
  const names = readdirSync(join(store, 'journal'), { recursive: true }) as string[]
  return names.filter(name => name.endsWith('.journal')).map(name => basename(name))
}

function send({ collector }: FailingDisk, spanId: string): Promise<Response> {
  return fetch(`${collector.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: spansRequest([spanId], 'sender')
  })
}

test('after a failed sync a file is never synced again, and nothing of it was answered 200', async () => {
  const disk = await startOnFailingDisk()
  expect((await send(disk, '1111111111111111')).status).toBe(200)
  disk.become('broken')
  for (const id of ['2222222222222222', '3333333333333333']) {
    const refused = await send(disk, id)
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('1')
  }
  // A file whose name may not last is taken back: nothing would ever be written to it, nor delete it.
  expect(journalFilesOf(disk)).toEqual(['000000001.journal'])
  disk.become('well')
  expect((await send(disk, '4444444444444444')).status).toBe(200)

  const syncs = disk.journalSyncs()
  // The second refusal comes before that: a new file's name can't be made durable either.
  expect(syncs.map(({ failed }) => failed)).toEqual([false, true, false])
  for (const [i, { file, failed }] of syncs.entries()) {
    if (failed) expect(syncs.slice(i + 1).map(later => later.file)).not.toContain(file)
  }
  // Killed: only what the journal holds is left.
  await disk.collector.kill()
  const next = await startCollectorProcess(['--store', disk.store, '--port', '0', '--otlp-port', '0'])
  expect(await next.end()).toBe(0)
  expect((await storedSpanIds(disk.store)).sort()).toEqual(['1111111111111111', '4444444444444444'])
})

test('a write of which the disk takes only a part is completed before it is answered', async () => {
  const disk = await startOnFailingDisk()
  disk.become('short')
  const ids = ['1111111111111111', '2222222222222222']
  for (const id of ids) expect((await send(disk, id)).status).toBe(200)
  disk.become('well')
  await disk.collector.kill()
  const next = await startCollectorProcess(['--store', disk.store, '--port', '0', '--otlp-port', '0'])
  expect(await next.end()).toBe(0)
  expect((await storedSpanIds(disk.store)).sort()).toEqual(ids)
})

test('a request waits for its sync, and is refused when that fails at last', async () => {
  const disk = await startOnFailingDisk()
  disk.become('slow')
  let answered = false
  const sending = send(disk, '1111111111111111').finally(() => (answered = true))
  // Other requests are answered meanwhile; each takes longer than a sync would.
  for (let i = 0; i < 5; i++) expect((await fetch(`${disk.collector.uiUrl}/healthz`)).status).toBe(200)
  expect(answered).toBe(false)
  disk.become('broken')
  expect((await sending).status).toBe(503)
  disk.become('well')
  expect((await send(disk, '1111111111111111')).status).toBe(200)
  expect(await disk.collector.end()).toBe(0)
  expect(await storedSpanIds(disk.store)).toEqual(['1111111111111111'])
})

test('on a full disk senders are told to come back, reads and deletes go on, and it recovers by itself', async () => {
  const disk = await startOnFailingDisk('--seal-after', '0.05')
  const { uiUrl } = disk.collector
  const recordings = async (): Promise<{ id: string; spans: number; live: boolean }[]> => {
    const response = await fetch(`${uiUrl}/api/recordings`)
    expect(response.status).toBe(200)
    return ((await response.json()) as { items: { id: string; spans: number; live: boolean }[] }).items
  }
  const health = async () => (await (await fetch(`${uiUrl}/healthz`)).json()) as { problems: string[] }

  expect((await send(disk, '1111111111111111')).status).toBe(200)
  await expect.poll(async () => (await recordings())[0]?.live).toBe(false)
  disk.become('full')
  const refused = await send(disk, '2222222222222222')
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect((await health()).problems.join()).toMatch(/no space/i)
  const [recording] = await recordings()
  expect(recording).toMatchObject({ spans: 1 })
  expect((await fetch(`${uiUrl}/api/recordings/${recording!.id}`, { method: 'DELETE' })).ok).toBe(true)
  expect(await recordings()).toEqual([])

  disk.become('well')
  expect((await send(disk, '3333333333333333')).status).toBe(200)
  await expect.poll(async () => (await health()).problems).toEqual([])
  expect(await disk.collector.end()).toBe(0)
})
