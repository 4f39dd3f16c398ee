import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Packages } from '../../../src/instrumentation/frames/packages.ts'

let folder: string
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'microlog-test-packages-')))
  const manifest = (path: string, json: object | string) => {
    const file = join(folder, path, 'package.json')
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, typeof json === 'string' ? json : JSON.stringify(json))
  }
  manifest('', { name: 'shop', version: '1.0.0' })
  manifest('dist/esm', { type: 'module' })
  manifest('private', { name: 'no-version' })
  manifest('node_modules/fastify', { name: 'fastify', version: '5.12.8' })
  manifest('node_modules/fastify/lib/cjs', { type: 'commonjs' })
  manifest('node_modules/@acme/work', { name: '@acme/work', version: '2.3.4' })
  manifest('node_modules/broken', '{')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  ['src/main.js', 'shop@1.0.0'],
  ['dist/esm/deep/main.js', 'shop@1.0.0'],
  ['private/a.js', 'no-version'],
  ['node_modules/fastify/fastify.js', 'fastify@5.12.8'],
  ['node_modules/fastify/lib/cjs/a.js', 'fastify@5.12.8'],
  ['node_modules/@acme/work/a.js', '@acme/work@2.3.4'],
  // Never the program's own: what can't be read keeps the name of its folder.
  ['node_modules/broken/lib/a.js', 'broken'],
  ['node_modules/@gone/away/lib/a.js', '@gone/away']
])('%s belongs to %s', (path, id) => {
  const packages = new Packages()
  expect(packages.of(join(folder, path))).toBe(id)
  expect(packages.of(pathToFileURL(join(folder, path)).href)).toBe(id)
})

test('Node’s own modules belong to this Node, and what isn’t in a file to nothing', () => {
  const packages = new Packages()
  expect(packages.of('node:internal/timers')).toBe(`node@${process.versions.node}`)
  for (const url of ['', 'evalmachine.<anonymous>', 'wasm://wasm/1', 'https://example.invalid/a.js'])
    expect(packages.of(url), url).toBe('')
})
