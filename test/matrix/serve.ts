import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { onTestFinished } from 'vitest'
import { startCollectorProcess, type CollectorProcess } from '../collector/collector-process.ts'
import type { Application } from '../helpers/application.ts'

/** The package's own `microlog serve`, on the application's Node. */
export function serve({ folder, node }: Application): Promise<CollectorProcess> {
  const store = mkdtempSync(join(tmpdir(), 'microlog-test-store-'))
  onTestFinished(() => rmSync(store, { recursive: true, force: true }))
  const script = pathToFileURL(join(folder, 'node_modules/microlog/dist/cli/main.js')).href
  return startCollectorProcess(['serve', '--store', store, '--port', '0', '--otlp-port', '0'], {
    node,
    script
  })
}
