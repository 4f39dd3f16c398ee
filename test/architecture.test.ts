// The house's rules hold for the source as it is, and each rule is seen to catch what it is there for.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  checkCollector,
  checkCycles,
  checkNames,
  checkNodeFree,
  checkPackages,
  checkRawHtml,
  checkRooms,
  checkScreen,
  checkSizes
} from './helpers/architecture-rules.ts'
import { readSourceTree } from './helpers/source-tree.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = readSourceTree(root, ['src'])
const everything = readSourceTree(root, ['src', 'examples', 'scripts', 'benchmark'])
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const installed = ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap(kind =>
  Object.keys(manifest[kind] ?? {})
)

describe('the source', () => {
  test('is there to be checked', () => {
    expect(source.size).toBeGreaterThan(50)
  })

  test('keeps to the import table', () => {
    expect(checkRooms(everything)).toEqual([])
  })

  test('keeps the folders of the collector in their order', () => {
    expect(checkCollector(source)).toEqual([])
  })

  test('keeps the views of the screen apart', () => {
    expect(checkScreen(source)).toEqual([])
  })

  test('has no Node module in a room that the browser loads', () => {
    expect(checkNodeFree(source)).toEqual([])
  })

  test('imports no package that its users do not get', () => {
    expect(checkPackages(source, installed)).toEqual([])
  })

  test('has no import cycle', () => {
    expect(checkCycles(source)).toEqual([])
  })

  test('has no file above 400 lines, and at most 6 in base', () => {
    expect(checkSizes(everything)).toEqual([])
  })

  test('has file names that say what is in them', () => {
    expect(checkNames(everything)).toEqual([])
  })

  test('never turns text into markup', () => {
    expect(checkRawHtml(source)).toEqual([])
  })
})

describe('the rules catch', () => {
  const tree = (files: Record<string, string>) => new Map(Object.entries(files))

  test.each([
    ['base importing anything', 'src/base/a.ts', `import { x } from '../otlp/x.ts'`],
    ['otlp importing recording', 'src/otlp/a.ts', `import type { X } from '../recording/x.ts'`],
    ['recording importing format', 'src/recording/a.ts', `export { x } from '../format/x.ts'`],
    ['format importing convert', 'src/format/a.ts', `export * from '../convert/x.ts'`],
    ['convert importing collector', 'src/convert/a.ts', `const x = await import('../collector/x.ts')`],
    [
      'instrumentation importing recording',
      'src/instrumentation/a.ts',
      `let x: import('../recording/x.ts').X`
    ],
    [
      'instrumentation starting a foreign worker',
      'src/instrumentation/a.ts',
      `new URL('../cli/x.ts', import.meta.url)`
    ],
    ['collector importing instrumentation', 'src/collector/a.ts', `import '../instrumentation/x.ts'`],
    [
      'ui importing otlp',
      'src/ui/pages/A.vue',
      `<script setup lang="ts">\nimport { x } from '../../otlp/x.ts'\n</script>`
    ],
    [
      'ui importing values from the API shapes',
      'src/ui/data/a.ts',
      `import { x } from '../../collector/api.ts'`
    ],
    [
      'ui importing types from elsewhere in collector',
      'src/ui/data/a.ts',
      `import type { X } from '../../collector/x.ts'`
    ],
    ['cli importing ui', 'src/cli/a.ts', `import { x } from '../ui/data/x.ts'`],
    ['a room nobody planned', 'src/extras/a.ts', `import { x } from '../base/x.ts'`],
    ['an example reaching into the source', 'examples/shop/a.js', `import { x } from '../../src/base/x.ts'`]
  ])('%s', (_, path, text) => {
    expect(checkRooms(tree({ [path]: text }))).toEqual([expect.stringContaining(`${path} imports`)])
  })

  test.each([
    ['the store importing ingest', 'src/collector/store/a.ts', `import { x } from '../ingest/x.ts'`],
    [
      'ingest importing compaction',
      'src/collector/ingest/a.ts',
      `import type { X } from '../compaction/x.ts'`
    ],
    ['a query importing an export', 'src/collector/query/a.ts', `import { x } from '../exchange/x.ts'`],
    ['a folder importing what starts it', 'src/collector/query/a.ts', `import { x } from '../log.ts'`],
    ['a thread importing the store', 'src/collector/jobs/a.ts', `new URL('../store/x.ts', import.meta.url)`],
    ['the shapes importing anything', 'src/collector/api.ts', `import type { X } from './query/x.ts'`],
    [
      'a folder of the collector nobody planned',
      'src/collector/more/a.ts',
      `import { x } from '../store/x.ts'`
    ]
  ])('%s', (_, path, text) => {
    expect(checkCollector(tree({ [path]: text }))).toEqual([expect.stringContaining(`${path} imports`)])
  })

  test.each([
    ['a view importing another', 'src/ui/logs/a.ts', `import { x } from '../trace/x.ts'`],
    ['a view importing a page', 'src/ui/logs/a.ts', `import { x } from '../pages/x.ts'`],
    [
      'a widget importing a view',
      'src/ui/widgets/A.vue',
      `<script setup>import X from '../trace/X.vue'</script>`
    ],
    ['state importing a view', 'src/ui/state/a.ts', `import { x } from '../timeline/x.ts'`],
    ['a view importing the top', 'src/ui/logs/a.ts', `import { router } from '../router.ts'`]
  ])('%s', (_, path, text) => {
    expect(checkScreen(tree({ [path]: text }))).toHaveLength(1)
  })

  test('Node modules in shared rooms, with and without their prefix', () => {
    const files = tree({
      'src/base/a.ts': `import { readFileSync } from 'node:fs'`,
      'src/convert/b.ts': `import zlib from 'zlib'`,
      'src/collector/c.ts': `import { readFileSync } from 'node:fs'`
    })
    expect(checkNodeFree(files)).toHaveLength(2)
  })

  test('packages that only developers have', () => {
    const files = tree({
      'src/cli/a.ts': `import fastify from 'fastify'\nimport { build } from 'vite'\nimport type { X } from 'vue'`,
      'src/ui/a.ts': `import { ref } from 'vue'`,
      'src/collector/b.ts': `await import('@aws-sdk/client-s3/x')`
    })
    expect(checkPackages(files, ['fastify', '@aws-sdk/client-s3'])).toEqual([
      'src/cli/a.ts imports vite: vite is no dependency that a user gets'
    ])
  })

  test('cycles, also through types and three files', () => {
    const files = tree({
      'src/base/a.ts': `import { b } from './b.ts'`,
      'src/base/b.ts': `import type { C } from './c.ts'`,
      'src/base/c.ts': `export * from './a.ts'`,
      'src/base/d.ts': `import { a } from './a.ts'\nnew URL('./e.ts', import.meta.url)`,
      'src/base/e.ts': `import { d } from './d.ts'`
    })
    expect(checkCycles(files)).toEqual([
      'a cycle of imports: src/base/a.ts → src/base/b.ts → src/base/c.ts → src/base/a.ts'
    ])
  })

  test('a file that grew too long, and a base that did', () => {
    expect(checkSizes(tree({ 'src/cli/a.ts': 'x\n'.repeat(400) }))).toEqual([])
    expect(checkSizes(tree({ 'src/cli/a.ts': 'x\n'.repeat(401) }))).toHaveLength(1)
    const base = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map(n => [`src/base/file-${n}.ts`, '']))
    expect(checkSizes(tree(base))).toHaveLength(1)
  })

  test.each([
    'src/cli/utils.ts',
    'src/cli/string-utils.ts',
    'src/common/a.ts',
    'src/cli/Run.ts',
    'src/ui/flame-view.vue'
  ])('the name %s', path => {
    expect(checkNames(tree({ [path]: '' }))).toHaveLength(1)
  })

  test.each(['<p v-html="text" />', 'node.innerHTML = text', `node.insertAdjacentHTML('beforeend', text)`])(
    'markup made of text: %s',
    text => {
      expect(checkRawHtml(tree({ 'src/ui/widgets/A.vue': text }))).toHaveLength(1)
    }
  )

  test('nothing where everything is in order', () => {
    const files = tree({
      'src/ui/main.ts': `import App from './App.vue'`,
      'src/ui/pages/HomePage.vue': `<script>import { x } from '../logs/x.ts'</script>`,
      'src/ui/logs/x.ts': `import { y } from '../state/y.ts'\nimport type { Z } from '../../collector/api.ts'`,
      'src/ui/state/y.ts': `import { z } from '../data/z.ts'\nimport { open } from '../../format/open.ts'`,
      'src/collector/index.ts': `import { x } from './query/y.ts'`,
      'src/collector/query/y.ts': `import { z } from '../store/z.ts'\nimport type { Z } from '../api.ts'`,
      'src/cli/run.ts': `import { x } from '../collector/x.ts'\nimport fs from 'node:fs'`,
      'examples/shop/shop.js': `import { start } from 'microlog'\nimport { x } from './storefront/x.js'`
    })
    for (const rule of [
      checkRooms,
      checkCollector,
      checkScreen,
      checkNodeFree,
      checkCycles,
      checkSizes,
      checkNames,
      checkRawHtml
    ]) {
      expect(rule(files)).toEqual([])
    }
  })
})
