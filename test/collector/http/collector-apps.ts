// Both apps over a store of their own, without a port.
import type { FastifyInstance } from 'fastify'
import { onTestFinished } from 'vitest'
import { createApiApp } from '../../../src/collector/http/api-app.ts'
import { closeApp } from '../../../src/collector/http/listen.ts'
import { createOriginGuard } from '../../../src/collector/http/origin-guard.ts'
import { createOtlpApp } from '../../../src/collector/http/otlp-app.ts'
import { Ingest } from '../../../src/collector/ingest/ingest.ts'
import type { IngestOptions } from '../../../src/collector/ingest/ingest.ts'
import { openStore } from '../../../src/collector/open-store.ts'
import { Library } from '../../../src/collector/query/library.ts'
import { temporaryFolder } from '../temporary-store.ts'

export interface CollectorApps {
  root: string
  ingest: Ingest
  otlp: FastifyInstance
  api: FastifyInstance
  failures: unknown[]
}

export async function createApps(
  options: Partial<IngestOptions> & { ui?: boolean } = {}
): Promise<CollectorApps> {
  const { root, catalog } = await openStore(temporaryFolder())
  const ingest = await Ingest.start({ root, catalog, sealAfterMs: 60_000, ...options })
  const guard = createOriginGuard(['collector.example'])
  const failures: unknown[] = []
  const onFailure = (thrown: unknown): void => void failures.push(thrown)
  const otlp = createOtlpApp(ingest, guard, onFailure)
  const library = new Library(catalog, ingest.heads)
  const health = { version: '1.2.3', store: root, otlpUrl: () => 'http://127.0.0.1:4318' }
  const ui = options.ui ?? false
  const api = await createApiApp({ catalog, library, ingest, guard, health, ui, onFailure })
  onTestFinished(async () => {
    await closeApp(otlp)
    await closeApp(api)
    await ingest.close()
  })
  return { root, ingest, otlp, api, failures }
}
