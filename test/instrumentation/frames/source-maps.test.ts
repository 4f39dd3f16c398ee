import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeLog } from '../../../src/instrumentation/frames/describe-records.ts'
import { SourceMaps } from '../../../src/instrumentation/frames/source-maps.ts'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'microlog-test-maps-')))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, text: string): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return pathToFileURL(path).href
}

/** `function a(b){return b}` was `function work(value) { … }` in line 3 of work.ts. */
const minified = 'function a(b){return b}\n'
const map = { version: 3, sources: ['../src/work.ts'], names: ['work'], mappings: 'AAEA,SAASA' }
const inline = (json: string) =>
  `//# sourceMappingURL=data:application/json;base64,${Buffer.from(json).toString('base64')}\n`
const place = { functionName: 'a', line: 1, column: 11 }
const original = () => ({
  functionName: 'work',
  url: pathToFileURL(join(folder, 'src/work.ts')).href,
  line: 3,
  column: 10
})

test('a place leads back to the source, by a map inside of the file or beside it', () => {
  const maps = new SourceMaps()
  write('dist/beside.js.map', JSON.stringify(map))
  const files = [
    write('dist/beside.js', `${minified}//# sourceMappingURL=beside.js.map`),
    write('dist/inside.js', minified + inline(JSON.stringify(map))),
    // Far larger than what is read of a file's end.
    write(
      'dist/large.js',
      minified + inline(JSON.stringify({ ...map, sourcesContent: ['x'.repeat(100_000)] }))
    ),
    write(
      'dist/percent.js',
      `${minified}//# sourceMappingURL=data:application/json,${encodeURIComponent(JSON.stringify(map))}\r\n`
    )
  ]
  for (const url of files) expect(maps.original({ ...place, url }), url).toEqual(original())
  expect(maps.original({ ...place, url: join(folder, 'dist/beside.js') })).toEqual({
    ...original(),
    url: join(folder, 'src/work.ts')
  })
})

test('a name of V8 stays unless a minifier made it', () => {
  const maps = new SourceMaps()
  const url = write('dist/a.js', minified + inline(JSON.stringify(map)))
  expect(maps.original({ ...place, functionName: 'Store.load', url })?.functionName).toBe('Store.load')
  expect(maps.original({ ...place, functionName: '', url })?.functionName).toBe('')
})

test('code outside of functions begins where its only source does, and in a bundle stays where it is', () => {
  const maps = new SourceMaps()
  const one = write('dist/one.js', minified + inline(JSON.stringify(map)))
  const bundle = { ...map, sources: ['../src/work.ts', '../src/other.ts'] }
  const many = write('dist/many.js', minified + inline(JSON.stringify(bundle)))
  const module = { functionName: '', line: 0, column: 0 }
  expect(maps.original({ ...module, url: one })).toMatchObject({ url: original().url, line: 1, column: 1 })
  expect(maps.original({ ...module, url: many })).toBeUndefined()
})

test('maps that are broken, far too large or not in a file are left alone; the former two are counted', () => {
  const maps = new SourceMaps()
  const broken = ['{"version":3', '{"version":3}', 'null', '[]', '{"version":3,"mappings":7}']
  broken.forEach((json, i) => {
    const url = write(`dist/broken-${i}.js`, minified + inline(json))
    expect(maps.original({ ...place, url }), json).toBeUndefined()
  })
  expect(maps.takeUnusable()).toBe(broken.length)
  const huge = { ...map, mappings: `AAEA,SAASA${',AAAA'.repeat(2_000_000)}` }
  write('dist/huge.js.map', JSON.stringify(huge))
  const url = write('dist/huge.js', `${minified}//# sourceMappingURL=huge.js.map`)
  expect(maps.original({ ...place, url })).toBeUndefined()
  expect(maps.takeUnusable()).toBe(1)
  for (const comment of ['http://127.0.0.1:1/a.map', 'https://example.invalid/a.map', 'absent.map', '.']) {
    const url = write(`dist/elsewhere-${comment.length}.js`, `${minified}//# sourceMappingURL=${comment}`)
    expect(maps.original({ ...place, url }), comment).toBeUndefined()
  }
  for (const url of [
    'node:fs',
    '',
    'evalmachine.<anonymous>',
    'file:///nowhere/a.js',
    'https://a/b.js',
    folder
  ])
    expect(maps.original({ ...place, url }), url).toBeUndefined()
  expect(maps.takeUnusable()).toBe(0)
})

test('a map that is a pipe holds nothing up', () => {
  execFileSync('mkfifo', [join(folder, 'pipe.map')])
  const url = write('a.js', `${minified}//# sourceMappingURL=pipe.map`)
  expect(new SourceMaps().original({ ...place, url })).toBeUndefined()
})

test('a package is shown as it is installed unless its sources are there', () => {
  const maps = new SourceMaps()
  const url = write('node_modules/pg/dist/a.js', minified + inline(JSON.stringify(map)))
  expect(maps.original({ ...place, url })).toBeUndefined()
  write('node_modules/mysql/src/work.ts', '')
  const shipped = write('node_modules/mysql/dist/a.js', minified + inline(JSON.stringify(map)))
  expect(maps.original({ ...place, url: shipped })?.url).toMatch(/node_modules\/mysql\/src\/work\.ts$/)
})

test('in a hurry only what there is time for is read, and the rest another time', () => {
  const maps = new SourceMaps()
  const url = write('dist/a.js', `${minified}//# sourceMappingURL=a.js.map`)
  write('dist/a.js.map', JSON.stringify({ ...map, sourcesContent: ['x'.repeat(1_000_000)] }))
  maps.hurry(0)
  expect(maps.original({ ...place, url })).toBeUndefined()
  maps.hurry(60_000)
  expect(maps.original({ ...place, url })).toEqual(original())
})

test('the stack of an error and the place of a log call are led back as well', () => {
  const maps = new SourceMaps()
  const url = write('dist/a.js', minified + inline(JSON.stringify(map)))
  const stack = (file: string, line: string) =>
    `Error: at work\n    at a (${file}:${line})\n    at async Promise.all (index 0)\n    at ${file}:${line}\n    at node:fs:1:11`
  const described = describeLog(
    {
      timeUnixNano: 1n,
      severityNumber: 9,
      severityText: 'INFO',
      body: '',
      uid: '1',
      threadId: 0,
      span: undefined,
      attributes: {
        'code.function.name': 'a',
        'code.file.path': url,
        'code.line.number': 1,
        'code.column.number': 11,
        'exception.stacktrace': stack(url, '1:11'),
        other: 1
      }
    },
    maps
  )
  expect(described.attributes).toEqual({
    'code.function.name': 'work',
    'code.file.path': original().url,
    'code.line.number': 3,
    'code.column.number': 10,
    'exception.stacktrace': stack(original().url, '3:10'),
    other: 1
  })
})
