// Whether the demo and npm pack have to build: by a small tree of files whose times are set.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isBuilt } from '../../scripts/is-built.mjs'

const sources = ['src/cli/main.ts', 'src/ui/main.ts', 'package-lock.json']
const built = ['dist/cli/main.js', 'dist/ui/index.html']
const hour = 3600
let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'microlog-built-'))
  for (const path of [...sources, ...built]) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), '')
  }
  const paths = ['src', 'src/cli', 'src/ui', ...sources]
  for (const path of paths) changedAt(path, 10 * hour)
  for (const path of built) changedAt(path, 11 * hour)
})

afterEach(() => rmSync(root, { recursive: true }))

function changedAt(path: string, seconds: number): void {
  utimesSync(join(root, path), seconds, seconds)
}

test('a build that is newer than all it is made of is taken', () => {
  expect(isBuilt(root)).toBe(true)
})

test.each([...sources, 'src/cli'])(
  'a change of %s asks for a build; of a folder, a file was removed there',
  path => {
    changedAt(path, 12 * hour)
    expect(isBuilt(root)).toBe(false)
  }
)

test.each(built)('without %s it is to be built', path => {
  rmSync(join(root, path))
  expect(isBuilt(root)).toBe(false)
})

test.each(built)('where %s alone is older than the sources it is to be built', path => {
  changedAt(path, 9 * hour)
  expect(isBuilt(root)).toBe(false)
})
