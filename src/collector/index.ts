// microlog/collector: takes OTLP on one port and answers the screens on another, over a store of recordings.
import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { MicrologError, messageOf } from '../base/errors.ts'
import type { Collector, CollectorOptions } from './api.ts'
import { createApiApp } from './http/api-app.ts'
import { usualHttpLimits } from './http/http-limits.ts'
import { createKeyCheck } from './http/key-check.ts'
import { closeApp, isLoopback, isWildcard, listen, urlHost } from './http/listen.ts'
import { createOriginGuard } from './http/origin-guard.ts'
import { createOtlpApp } from './http/otlp-app.ts'
import { readTlsIdentity } from './http/tls-identity.ts'
import { Compactor } from './compaction/compactor.ts'
import { Ingest } from './ingest/ingest.ts'
import { SegmentEncoder } from './encoding/segment-encoder.ts'
import { createLog, logProblems, logRefused } from './log.ts'
import { openStore } from './open-store.ts'
import type { OpenStore } from './open-store.ts'
import { Library } from './query/library.ts'
import { SegmentSearch } from './query/segment-search.ts'
import { listRecordings } from './query/list-recordings.ts'
import { withoutDetail } from './query/recording-summaries.ts'
import { retentionLimits } from './retention-limits.ts'
import { Retention } from './store/retention.ts'
import { Sweeper } from './store/sweeper.ts'

export type { Collector, CollectorOptions, RecordingSummary } from './api.ts'

const usualPort = 7777
const usualOtlpPort = 4318
const usualSealAfterMs = 30_000

/** Starts a collector; it answers once what was left by a crash is taken over. */
export async function createCollector(options: CollectorOptions = {}): Promise<Collector> {
  const host = options.host ?? '127.0.0.1'
  if (!isLoopback(host) && (options.ingestKey === undefined || options.viewKey === undefined)) {
    throw new MicrologError(
      'unsupported',
      `Expected a loopback address such as 127.0.0.1, found ${host}: others need MICROLOG_INGEST_KEY and MICROLOG_VIEW_KEY, since everybody who reaches it could read and write`
    )
  }
  const guard = createOriginGuard([urlHost(host), ...(options.allowedHosts ?? [])])
  const tls = options.tls && (await readTlsIdentity(options.tls))
  const gates = {
    otlp: { guard, key: createKeyCheck(options.ingestKey), limits: usualHttpLimits, tls },
    api: { guard, key: createKeyCheck(options.viewKey), limits: usualHttpLimits, tls }
  }
  const limits = retentionLimits(options, process.env)
  const log = createLog(options.logFormat ?? 'text')
  const onFailure = (thrown: unknown): void =>
    log.error(thrown instanceof Error ? String(thrown.stack) : messageOf(thrown))
  const store = await openStore(options.store, options)
  const { catalog } = store
  const ingest = await startIngest(store, options.sealAfterMs ?? usualSealAfterMs, onFailure)
  const library = new Library(catalog, ingest.heads)
  const retention = new Retention({
    catalog,
    limits,
    isOpen: recording => ingest.isOpen(recording),
    onDeleted: (recording, segment) => log.info('deleted by retention', { recording, segment })
  })
  const search = new SegmentSearch({ onDamage: (segment, why) => catalog.noteDamage(segment, why) })
  const mergers = new SegmentEncoder()
  const compactor = new Compactor({
    catalog,
    merge: job => mergers.merge(job),
    ...store.compaction,
    onCompacted: done => log.info('compacted', { ...done }),
    ...options.compaction
  })
  const { database } = store
  const sweeper = database && new Sweeper(() => database.sweep())
  let otlpUrl = ''
  const health = {
    version: packageVersion(),
    store: store.name,
    catalog: database &&
      sweeper && {
        name: database.name,
        statistics: database.statistics,
        others: () => database.others(),
        sweep: sweeper.statistics
      },
    // Nobody can send to all addresses: whoever asked knows one of them.
    otlpUrl: (asked: string) => (isWildcard(host) ? otlpUrl.replace(urlHost(host), urlHost(asked)) : otlpUrl),
    problems: () => [
      ...ingest.problems(),
      ...[retention.problem, compactor.problem, sweeper?.problem].filter(problem => problem !== undefined)
    ]
  }
  const otlp = createOtlpApp(ingest, health, gates.otlp, onFailure)
  let api: FastifyInstance | undefined
  let closing: Promise<void> | undefined
  let stopLogging = (): void => {}
  async function close(): Promise<void> {
    // Senders first, and what they sent is answered; then what is open is sealed, while the screens still answer.
    // Whatever fails, the rest ends, too: a timer or a thread that stays would keep the program alive.
    const ends = [
      ...(await Promise.allSettled([retention.stop(), compactor.stop(), mergers.close(), sweeper?.stop()])),
      ...(await Promise.allSettled([closeApp(otlp)])),
      ...(await Promise.allSettled([ingest.close(), api && closeApp(api)])),
      ...(await Promise.allSettled([search.close(), store.close()]))
    ]
    stopLogging()
    log.info('ended')
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }

  try {
    api = await createApiApp({
      catalog,
      library,
      search,
      ingest,
      compaction: compactor.statistics,
      gate: gates.api,
      health,
      ui: options.ui ?? true,
      onChange: (what, fields) => log.info(what, fields),
      onFailure
    })
    otlpUrl = await listen(otlp, {
      host,
      port: options.otlpPort ?? usualOtlpPort,
      choice: '--otlp-port',
      tls
    })
    const uiUrl = await listen(api, { host, port: options.port ?? usualPort, choice: '--port', tls })
    retention.start()
    compactor.start()
    sweeper?.start()
    log.info('started', { version: health.version, store: store.name, screens: uiUrl, otlp: otlpUrl })
    const ends = [logProblems(log, health.problems), logRefused(log, ingest.statistics.refused)]
    stopLogging = () => ends.forEach(end => end())
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
    // Why it didn't start is what the caller hears, whatever ends badly after that.
    await close().catch(onFailure)
    throw thrown
  }
}

/** Where it fails the store is closed, which could keep the program alive. */
async function startIngest(
  store: OpenStore,
  sealAfterMs: number,
  onFailure: (thrown: unknown) => void
): Promise<Ingest> {
  const { root, journals, catalog } = store
  try {
    await checkWriting(store)
    return await Ingest.start({ root, journals, catalog, sealAfterMs })
  } catch (thrown) {
    await store.close().catch(onFailure)
    throw thrown
  }
}

/** What only a person can put right ends the start; a store that doesn't answer now is written to later. */
async function checkWriting(store: OpenStore): Promise<void> {
  try {
    await store.checkWriting()
  } catch (thrown) {
    if (!(thrown instanceof MicrologError && thrown.code === 'unavailable')) throw thrown
  }
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
