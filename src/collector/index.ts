// microlog/collector: takes OTLP on one port and answers the screens on another, over a store of recordings.
import { readFileSync } from 'node:fs'
import { MicrologError, messageOf } from '../base/errors.ts'
import type { Collector, CollectorOptions } from './api.ts'
import { createApiApp } from './http/api-app.ts'
import { closeApp, isLoopback, listen } from './http/listen.ts'
import { createOriginGuard } from './http/origin-guard.ts'
import { createOtlpApp } from './http/otlp-app.ts'
import { Ingest } from './ingest/ingest.ts'
import { openStore } from './open-store.ts'
import { Library } from './query/library.ts'
import { listRecordings } from './query/list-recordings.ts'
import { withoutDetail } from './query/recording-summaries.ts'

export type { Collector, CollectorOptions, RecordingSummary } from './api.ts'

const usualPort = 7777
const usualOtlpPort = 4318
const usualSealAfterMs = 30_000

/** Starts a collector; it answers once what was left by a crash is taken over. */
export async function createCollector(options: CollectorOptions = {}): Promise<Collector> {
  const host = options.host ?? '127.0.0.1'
  if (!isLoopback(host)) {
    throw new MicrologError(
      'unsupported',
      `Expected a loopback address such as 127.0.0.1, found ${host}: without keys, everybody who reaches it could read and write`
    )
  }
  const { root, catalog } = await openStore(options.store)
  const ingest = await Ingest.start({ root, catalog, sealAfterMs: options.sealAfterMs ?? usualSealAfterMs })
  const library = new Library(catalog, ingest.heads)
  const guard = createOriginGuard([host, ...(options.allowedHosts ?? [])])
  let otlpUrl = ''
  const health = { version: packageVersion(), store: root, otlpUrl: () => otlpUrl }
  const onFailure = (thrown: unknown): void => {
    process.stderr.write(`microlog: ${thrown instanceof Error ? thrown.stack : messageOf(thrown)}\n`)
  }
  const otlp = createOtlpApp(ingest, guard, onFailure)
  const api = await createApiApp({
    catalog,
    library,
    ingest,
    guard,
    health,
    ui: options.ui ?? true,
    onFailure
  })

  let closing: Promise<void> | undefined
  async function close(): Promise<void> {
    // Senders first, and what they sent is answered; then what is open is sealed, while the screens still answer.
    await closeApp(otlp)
    await Promise.all([ingest.close(), closeApp(api)])
  }

  try {
    otlpUrl = await listen(otlp, {
      host,
      port: options.otlpPort ?? usualOtlpPort,
      choice: '--otlp-port'
    })
    const uiUrl = await listen(api, { host, port: options.port ?? usualPort, choice: '--port' })
    return {
      uiUrl,
      otlpUrl,
      async recordingsOf(instance) {
        const all = await listRecordings(library, '', Date.now())
        return all.filter(recording => recording.instance === instance).map(withoutDetail)
      },
      close: () => (closing ??= close())
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
