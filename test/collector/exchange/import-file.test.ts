import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { MicrologError } from '../../../src/base/errors.ts'
import { importFile } from '../../../src/collector/exchange/import-file.ts'
import { openStore } from '../../../src/collector/open-store.ts'
import { nodeCodec } from '../../../src/collector/store/node-codec.ts'
import { encodeZstd } from '../../../src/convert/microlog-python/encode-zstd.ts'
import { encodeRecording } from '../../../src/format/index.ts'
import { recordingFromText } from '../../helpers/recording-from-text.ts'
import { listRecordings } from '../../../src/collector/query/list-recordings.ts'
import { expectedPython, pythonFile } from '../../convert/microlog-python/python-fixtures.ts'
import { temporaryFolder } from '../temporary-store.ts'

test('a file in gzip is inflated aside: others get their turn meanwhile', async () => {
  const { catalog } = await openStore(temporaryFolder())
  let turns = 0
  const others = setImmediate(() => turns++)
  const zeros = gzipSync(Buffer.alloc(4_000_000))
  await expect(importFile('zeros.gz', zeros, { catalog })).rejects.toThrow('zeros is none of them')
  clearImmediate(others)
  expect(turns).toBe(1)
})

test('gzip in gzip is refused: each level could be a thousand times as large', async () => {
  const { catalog } = await openStore(temporaryFolder())
  const twice = gzipSync(gzipSync('{"resourceSpans":[]}'))
  await expect(importFile('twice.gz.gz', twice, { catalog })).rejects.toMatchObject({
    code: 'unsupported',
    message: 'Expected a file that is gzipped once at most: gunzip twice.gz first'
  })
})

test('gzip that is cut short is refused', async () => {
  const { catalog } = await openStore(temporaryFolder())
  const half = gzipSync(Buffer.alloc(4_000_000)).subarray(0, 1000)
  await expect(importFile('half.gz', half, { catalog })).rejects.toMatchObject({ code: 'invalid-input' })
})

test.each<[string, Uint8Array, RegExp]>([
  [
    'a heap profile',
    Buffer.from('{"head":{"selfSize":0,"children":[]},"samples":[]}'),
    /microlog run --heap/
  ],
  ['a heap snapshot', Buffer.from('{"snapshot":{"meta":{"node_fields":[]}},"nodes":[]}'), /run --heap/],
  ['a trace of Chrome', Buffer.from('{"metadata":{},"traceEvents": [{"nodes":[]}]}'), /node --cpu-prof/],
  ['JSON of another kind', Buffer.from('{"a":"nodes"}'), /^Expected OTLP .* it is none of them$/],
  ['lines in zstd', encodeZstd(Buffer.from('{"resourceSpans":[]}')), /decompress it first \(zstd -d\)/]
])('%s is refused with what to do instead', async (_, file, message) => {
  const { catalog } = await openStore(temporaryFolder())
  await expect(importFile('it', file, { catalog })).rejects.toThrow(message)
})

test('a .microlog file takes the place of what was damaged since it was imported', async () => {
  const root = temporaryFolder()
  const file = await encodeRecording(
    recordingFromText('0ms\nmain'),
    { recording: 'a'.repeat(26), label: '' },
    nodeCodec
  )
  const { ids } = await importFile('a.microlog', file, await openStore(root))
  const path = join(root, 'recordings', ids[0]!, readdirSync(join(root, 'recordings', ids[0]!))[0]!)
  writeFileSync(path, file.subarray(0, -1))
  const { catalog, library } = await openStore(root)
  expect((await importFile('a.microlog', file, { catalog })).ids).toEqual(ids)
  expect(readFileSync(path)).toEqual(Buffer.from(file))
  expect(await listRecordings(library)).toHaveLength(1)
})

test('a recording of Microlog for Python is stored under what it calls itself, and once', async () => {
  const { catalog, library } = await openStore(temporaryFolder())
  const { file, counts } = expectedPython('threads')
  const { ids } = await importFile(file, pythonFile('threads'), { catalog })
  const [found] = await listRecordings(library)
  expect(found).toMatchObject({ id: ids[0], label: 'demo-threads', logs: counts.markers, threads: 6 })
  expect(found!.resource).toMatchObject({ 'process.runtime.name': 'Python' })
  const segments = (await catalog.segments(ids[0]!)).map(({ id }) => id)
  expect((await importFile('renamed.zip', pythonFile('threads'), { catalog })).ids).toEqual(ids)
  expect((await catalog.segments(ids[0]!)).map(({ id }) => id)).toEqual(segments)
})

test('a recording of Microlog for Python that ends early is refused, wherever it ends, and nothing is stored', async () => {
  const { catalog, library } = await openStore(temporaryFolder())
  const whole = pythonFile('hello')
  for (let length = 4; length < whole.length; length++) {
    await expect(
      importFile('cut.zip', whole.subarray(0, length), { catalog }),
      `${length} bytes`
    ).rejects.toBeInstanceOf(MicrologError)
  }
  expect(await listRecordings(library)).toEqual([])
})
