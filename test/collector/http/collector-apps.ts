// Both apps over a store of their own, without a port.
import type { FastifyInstance } from 'fastify'
import { onTestFinished } from 'vitest'
import { createApiApp } from '../../../src/collector/http/api-app.ts'
import { closeApp } from '../../../src/collector/http/listen.ts'
import { usualHttpLimits } from '../../../src/collector/http/http-limits.ts'
import type { HttpLimits } from '../../../src/collector/http/http-limits.ts'
import { createKeyCheck } from '../../../src/collector/http/key-check.ts'
import { createOriginGuard } from '../../../src/collector/http/origin-guard.ts'
import { createOtlpApp } from '../../../src/collector/http/otlp-app.ts'
import { Ingest } from '../../../src/collector/ingest/ingest.ts'
import type { IngestOptions } from '../../../src/collector/ingest/ingest.ts'
import { openStore } from '../../../src/collector/open-store.ts'
import { Library } from '../../../src/collector/query/library.ts'
import { SegmentSearch } from '../../../src/collector/query/segment-search.ts'
import { temporaryFolder } from '../temporary-store.ts'

export interface CollectorApps {
  root: string
  ingest: Ingest
  otlp: FastifyInstance
  api: FastifyInstance
  failures: unknown[]
}

export interface AppOptions {
  ui?: boolean
  limits?: Partial<HttpLimits>
  ingestKey?: string
  viewKey?: string
}

export async function createApps(options: Partial<IngestOptions> & AppOptions = {}): Promise<CollectorApps> {
  const { root, catalog } = await openStore(options.root ?? temporaryFolder())
  const ingest = await Ingest.start({ root, catalog, sealAfterMs: 60_000, ...options })
  const guard = createOriginGuard(['collector.example'])
  const failures: unknown[] = []
  const onFailure = (thrown: unknown): void => void failures.push(thrown)
  const limits = { ...usualHttpLimits, ...options.limits }
  const library = new Library(catalog, ingest.heads)
  const health = {
    version: '1.2.3',
    store: root,
    otlpUrl: () => 'http://127.0.0.1:4318',
    problems: () => ingest.problems()
  }
  const otlp = createOtlpApp(
    ingest,
    health,
    { guard, limits, key: createKeyCheck(options.ingestKey) },
    onFailure
  )
  const gate = { guard, limits, key: createKeyCheck(options.viewKey) }
  const ui = options.ui ?? false
  const compaction = { written: 2, inputs: 9, bytesBefore: 9000, bytesAfter: 4000, deleted: 5 }
  const search = new SegmentSearch({ onDamage: (segment, why) => catalog.noteDamage(segment, why) })
  const api = await createApiApp({
    catalog,
    library,
    search,
    ingest,
    compaction,
    gate,
    health,
    ui,
    onFailure
  })
  onTestFinished(async () => {
    await closeApp(otlp)
    await closeApp(api)
    await ingest.close()
    await search.close()
  })
  return { root, ingest, otlp, api, failures }
}
