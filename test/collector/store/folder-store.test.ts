import { mkdirSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createFolderStore } from '../../../src/collector/store/folder-store.ts'
import { temporaryFolder } from '../temporary-store.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)

test('deletes, twice too, and takes a name again in a folder that went with its last file', async () => {
  const root = temporaryFolder()
  const store = await createFolderStore(root)
  await store.putIfAbsent('r/a', bytes('1'))
  await store.delete('r/a')
  await store.delete('r/a')
  expect(readdirSync(root)).not.toContain('r')
  expect(await store.putIfAbsent('r/a', bytes('2'))).toBe(true)
})

test('files are their owner’s only', async () => {
  const root = temporaryFolder()
  const store = await createFolderStore(join(root, 'store'))
  await store.putIfAbsent('r/a', bytes('1'))
  expect(statSync(join(root, 'store/r/a')).mode & 0o777).toBe(0o600)
  expect(statSync(join(root, 'store/r')).mode & 0o777).toBe(0o700)
  expect(statSync(join(root, 'store')).mode & 0o777).toBe(0o700)
})

test('removes what a killed writer left aside, and leaves what is being written', async () => {
  const root = temporaryFolder()
  mkdirSync(join(root, 'tmp'))
  for (const name of ['old', 'new']) writeFileSync(join(root, 'tmp', name), 'half')
  const yesterday = new Date(Date.now() - 86_400_000)
  utimesSync(join(root, 'tmp/old'), yesterday, yesterday)
  await createFolderStore(root)
  expect(readdirSync(join(root, 'tmp'))).toEqual(['new'])
  expect(readFileSync(join(root, 'tmp/new'), 'utf8')).toBe('half')
})

test.runIf(process.platform === 'linux')(
  'a folder that takes none is an error, and no end of tries',
  async () => {
    const store = await createFolderStore('/proc/microlog')
    await expect(store.putIfAbsent('r/a', bytes('1'))).rejects.toThrow(/ENOENT/)
  }
)
