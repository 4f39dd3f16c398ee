import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { importFile } from '../../../src/collector/exchange/import-file.ts'
import { openStore } from '../../../src/collector/open-store.ts'
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
