import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOtlpReceiver, type OtlpReceiver } from '../../helpers/otlp-receiver.ts'
import { registerUrl, runNode } from '../../helpers/run-node.ts'

/** Processor time, so that a busy machine makes it no shorter. */
const burn = (ms: number) => `const began = process.cpuUsage().user
while (process.cpuUsage().user - began < ${ms * 1000});
`
const files = {
  // CommonJS: the program waits in its own top-level code as well, which is no load.
  'app.cjs': `require('./left.cjs'); require('./quick.cjs'); ${burn(600)} setImmediate(() => require('./late.cjs'))`,
  'left.cjs': `require('slow'); ${burn(10)}`,
  'quick.cjs': burn(1),
  'late.cjs': burn(500),
  'node_modules/slow/package.json': '{"name":"slow","version":"1.2.3"}',
  'node_modules/slow/index.js': `require('./lib/deep.js')`,
  'node_modules/slow/lib/deep.js': burn(600),
  'app.mjs': `import './middle.mjs'\n${burn(600)}`,
  'middle.mjs': `import 'slow-esm'\nexport {}`,
  'node_modules/slow-esm/package.json':
    '{"name":"slow-esm","version":"4.0.0","type":"module","exports":"./main.js"}',
  'node_modules/slow-esm/main.js': burn(600)
}

let folder: string
let receiver: OtlpReceiver
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'microlog-test-modules-')))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  receiver = await createOtlpReceiver()
})
afterAll(async () => {
  await receiver.close()
  rmSync(folder, { recursive: true, force: true })
})

async function slowModulesOf(script: string): Promise<{ chain: unknown; hasStack: boolean; ms: number }[]> {
  const ended = await runNode(['--import', registerUrl, join(folder, script)], {
    MICROLOG_OTLP_URL: receiver.url,
    MICROLOG_LABEL: script,
    MICROLOG_SAMPLE_DELAY: '0.01'
  })
  expect(ended).toMatchObject({ code: 0, stdout: '' })
  const isOf = ({ resource }: { resource: Record<string, unknown> }) => resource['service.name'] === script
  const stacks = receiver.profiles.filter(isOf).flatMap(profile => profile.uids)
  return receiver.ownEntries
    .filter(entry => isOf(entry) && entry.eventName === 'microlog.slow_module')
    .sort((a, b) => Number(a.timeUnixNano - b.timeUnixNano))
    .map(({ attributes, severity }) => {
      expect(severity).toBe('INFO')
      return {
        chain: attributes['microlog.module.chain'],
        hasStack: stacks.includes(String(attributes['log.record.uid'])),
        ms: Number(attributes['microlog.module.load.ms'])
      }
    })
}

test('modules of CommonJS that take long to load are told once, with who required them', async () => {
  const found = await slowModulesOf('app.cjs')
  expect(found.map(({ chain }) => chain)).toEqual([
    'app.cjs › left.cjs',
    'app.cjs › left.cjs › slow@1.2.3 index.js',
    'app.cjs › left.cjs › slow@1.2.3 index.js › slow@1.2.3 lib/deep.js',
    'late.cjs'
  ])
  for (const { ms, hasStack } of found) {
    expect(ms).toBeGreaterThan(200)
    expect(hasStack).toBe(true)
  }
})

test('ES modules that take long to load are told, with the imports that lead to them', async () => {
  const found = await slowModulesOf('app.mjs')
  expect(found.map(({ chain }) => chain)).toEqual(['app.mjs › middle.mjs › slow-esm@4.0.0 main.js'])
  expect(found[0]!.ms).toBeGreaterThan(200)
})
