// Files that were written once and are read for ever.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readContent } from '../second-reader/read-content.ts'
import { readSegment } from '../second-reader/read-segment.ts'
import { encodingsSeen } from '../second-reader/reader-bytes.ts'
import { contentOf } from '../second-reader/segment-content.ts'

const folder = new URL('v1/', import.meta.url)
const names = readdirSync(folder)
  .filter(name => name.endsWith('.microlog'))
  .map(name => name.slice(0, -'.microlog'.length))
const bytesOf = (name: string) => readFileSync(new URL(`${name}.microlog`, folder))

/** Of the files of the corpus; a new one is added here. */
const digests: Record<string, string> = {
  empty: '6848935c4b07f339c32445ac6962566091861195906481fbb4f0999cb52dc0a6',
  'node-sdk': '8ed1f77459ec05252f91c930558ae3407a4714ba7e0c22d843f607bd5a22c0a8',
  'proto-examples': 'fe22fe78f5fe9c6631821341c2ae2ddd6792b6b7d2ca5fcd5cc8c7aff5078237',
  'random-11': '8dbe178486653139709a8521b2dd680a500d3b131940840513c52e5709d16bbc',
  'random-2': '3b28d1d5e52b3cd14ddc951cf38499accdea1a059217caabba052191eea157da',
  'random-5': 'c12e3feda49ce04fb540469a114c0540506311ba30f12d82fdf61c8f18c77eed',
  rollups: '04a4ce8c297c73b7e09e50d6f00a5435af1e225dbaf3e80709522bbd661eb5a0',
  runs: 'faa853418d4ec58fa97b6af00198b8562063d1300a39bebdf3fdbbd586577c9b',
  samples: '8a6b3abbac588acc3a526084efc184812dcf40ae3a699391b55e5ad1cd79992f',
  'trace-paths': 'a2d2f04d2c155e032af8e20190c1fb0a4120a7ad716afe57439c9876cd53856b',
  'with-an-unknown-block': 'b1805fb0fa39df3d71cf558d5f80a3f84791a2cf4f7226fc37b59e140d1aded7'
}

describe('version 1', () => {
  test('its files are those that were frozen', () => {
    const found = names.map(name => [name, createHash('sha256').update(bytesOf(name)).digest('hex')])
    expect(Object.fromEntries(found)).toEqual(digests)
  })

  test.each(names)('%s says what it said', async name => {
    const expected: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
    expect(await contentOf(bytesOf(name))).toEqual(expected)
    expect(readContent(bytesOf(name))).toEqual(expected)
  })

  test('it has every encoding of a column and every kind of block', () => {
    const kinds = names.flatMap(name => readSegment(bytesOf(name)).blocks.map(({ kind }) => kind))
    names.forEach(name => readContent(bytesOf(name)))
    const upTo = (last: number, from: number) =>
      Array.from({ length: last - from + 1 }, (_, index) => from + index)
    expect([...encodingsSeen].sort((a, b) => a - b)).toEqual(upTo(11, 0))
    expect([...new Set(kinds)].sort((a, b) => a - b)).toEqual(upTo(17, 1))
  })
})
