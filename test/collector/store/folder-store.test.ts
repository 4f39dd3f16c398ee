import { mkdirSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createFolderStore } from '../../../src/collector/store/folder-store.ts'
import { storeLocation } from '../../../src/collector/store/store-location.ts'
import { temporaryFolder } from '../temporary-store.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)

test('gives back what was put, whole and in ranges, and nothing beyond its end', async () => {
  const store = await createFolderStore(temporaryFolder())
  expect(await store.putIfAbsent('a/b.microlog', bytes('0123456789'))).toBe(true)
  expect(Buffer.from(await store.getRange('a/b.microlog', 0, 10)).toString()).toBe('0123456789')
  expect(Buffer.from(await store.getRange('a/b.microlog', 3, 5)).toString()).toBe('34')
  expect(Buffer.from(await store.getRange('a/b.microlog', 8, 99)).toString()).toBe('89')
  await expect(store.getRange('a/c.microlog', 0, 1)).rejects.toMatchObject({ code: 'not-found' })
})

test('keeps the first of many who put the same name at once, whole', async () => {
  const store = await createFolderStore(temporaryFolder())
  const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(50_000))
  const won = await Promise.all(texts.map(text => store.putIfAbsent('x/y', bytes(text))))
  expect(won.filter(Boolean)).toHaveLength(1)
  const kept = Buffer.from(await store.getRange('x/y', 0, 1e9)).toString()
  expect(kept).toBe(texts[won.indexOf(true)])
})

test('lists what is below a prefix in the order of names, and knows no folder that isn’t there', async () => {
  const store = await createFolderStore(temporaryFolder())
  for (const key of ['r/b/2', 'r/a/1', 'r/b/1', 's/z']) await store.putIfAbsent(key, bytes(key))
  expect((await store.list('r/')).map(({ key }) => key)).toEqual(['r/a/1', 'r/b/1', 'r/b/2'])
  expect(await store.list('none/')).toEqual([])
})

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

test('no key leads out of the store', async () => {
  const store = await createFolderStore(temporaryFolder())
  for (const key of ['../x', 'a/../../x', '/etc/x', 'a//b', '', 'a/.', 'A', 'a\\b', 'a/..']) {
    await expect(store.putIfAbsent(key, bytes('x')), key).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(store.getRange(key, 0, 1), key).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(store.delete(key), key).rejects.toMatchObject({ code: 'invalid-input' })
  }
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

test('a bucket is refused with a word about folders', () => {
  expect(() => storeLocation('s3://bucket/prefix', {})).toThrow(/Expected the store to be a folder/)
  expect(storeLocation(undefined, { MICROLOG_STORE: '/somewhere' })).toBe('/somewhere')
  const objects = { MICROLOG_S3_ROOT: 's3://bucket/prefix' }
  expect(() => storeLocation(undefined, objects)).toThrow(/found MICROLOG_S3_ROOT=s3:.* in folders only/)
  expect(storeLocation('/asked', objects)).toBe('/asked')
  expect(storeLocation('/asked', { MICROLOG_STORE: '/somewhere' })).toBe('/asked')
})
