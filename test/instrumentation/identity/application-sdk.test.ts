import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startApplicationSdk } from '../../../src/instrumentation/identity/application-sdk.ts'

const taker = { spans() {} }
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'microlog-test-sdk-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(files: Record<string, string>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return join(folder, 'app.js')
}

test.each<[string, Record<string, string>]>([
  ['in the script itself', { 'app.js': `import { NodeSDK } from '@opentelemetry/sdk-node'` }],
  [
    'in a file it imports',
    {
      'app.js': `import './lib/telemetry.js'`,
      'lib/telemetry.js': `import x from "@opentelemetry/sdk-trace-node"`
    }
  ],
  [
    'in a file it requires',
    { 'app.js': `const t = require('./tracing')`, 'tracing.js': `require('@opentelemetry/sdk-node')` }
  ],
  [
    'in a package of the house',
    {
      'app.js': `import '@house/telemetry/start'`,
      'node_modules/@house/telemetry/package.json': `{ "dependencies": { "@opentelemetry/sdk-node": "1" } }`
    }
  ]
])('an application that sets up an SDK %s is left alone', (_, files) => {
  expect(startApplicationSdk(taker, write(files))).toBe('left to the application')
})

test('where there is none and none is installed, nothing is started', () => {
  const script = write({
    'app.js': `import './other.js'\nimport { trace } from '@opentelemetry/api'`,
    'other.js': `import './app.js'`
  })
  expect(startApplicationSdk(taker, script)).toBe('not installed')
})
