// What most files of these tests need: a collector of a folder of its own, and a browser.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import type { Collector } from '../../src/collector/api.ts'
import { createCollector } from '../../src/collector/index.ts'
import { launchBrowser } from '../../scripts/browser.mjs'

export interface CollectorAndBrowser {
  collector: Collector
  browser: Browser
}

/**
 * From before the first test of the file until after its last; there in hooks and tests.
 * @param fill puts into the store what is there before the collector starts
 */
export function collectorAndBrowser(fill?: (store: string) => Promise<void>): CollectorAndBrowser {
  const store = mkdtempSync(join(tmpdir(), 'microlog-screens-'))
  const running: Partial<CollectorAndBrowser> = {}
  beforeAll(async () => {
    await fill?.(store)
    running.collector = await createCollector({ store, port: 0, otlpPort: 0 })
    running.browser = await launchBrowser()
  }, 120_000)
  afterAll(async () => {
    await running.browser?.close()
    await running.collector?.close()
    rmSync(store, { recursive: true, force: true })
  })
  return running as CollectorAndBrowser
}
