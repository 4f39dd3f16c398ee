// The shop under load, recorded by a real collector: made once for a file of tests.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCollector } from '../../src/collector/index.ts'
import type { LogLine, FlameGraph, Page, RecordingSummary, TraceSummary } from '../../src/collector/api.ts'
import { startService } from '../examples/shop-processes.ts'

export interface RecordedShop {
  origin: string
  /** Id of the shop's recording. */
  shop: string
  /** A checkout whose coupon took long to refuse: its stacks and its log were recorded. */
  slowTrace: string
  close(): Promise<void>
}

const deadlineMs = 100_000
/** Of a bad coupon's regular expression, at the usual interval between samples. */
const fewestSamples = 4

export async function recordShop(): Promise<RecordedShop> {
  const store = mkdtempSync(join(tmpdir(), 'microlog-screens-'))
  const collector = await createCollector({ store, port: 0, otlpPort: 0 })
  const ask = async <T>(path: string): Promise<T> => (await (await fetch(collector.uiUrl + path)).json()) as T
  const stock = await startService('stock', collector.otlpUrl, [], collector.uiUrl)
  const shop = await startService('shop', collector.otlpUrl, ['--stock', stock.url], collector.uiUrl)
  const enough = new AbortController()
  const load = driveShop(shop.url, enough.signal)
  try {
    const slowTrace = await untilThere(async () => {
      const found = await findSlowTrace(ask)
      return found !== undefined && (await isSampled(ask)) ? found : undefined
    })
    enough.abort()
    await load
    await shop.end()
    await stock.end()
    const { items } = await ask<Page<RecordingSummary>>('/api/recordings')
    const recording = items.find(({ label }) => label === 'shop')
    if (!recording) throw new Error('Expected a recording of the shop')
    return {
      origin: collector.uiUrl,
      shop: recording.id,
      slowTrace,
      async close() {
        await collector.close()
        rmSync(store, { recursive: true, force: true })
      }
    }
  } catch (error) {
    enough.abort()
    await Promise.all([shop.end('SIGKILL'), stock.end('SIGKILL')])
    await collector.close()
    throw error
  }
}

async function driveShop(shopUrl: string, signal: AbortSignal): Promise<void> {
  const module: string = new URL('../../examples/shop/load/drive-load.js', import.meta.url).href
  const { driveLoad } = (await import(module)) as {
    driveLoad(options: {
      shopUrl: string
      seed: number
      signal: AbortSignal
      onAnswer(): void
    }): Promise<void>
  }
  await driveLoad({ shopUrl, seed: 1, signal, onAnswer: () => undefined })
}

async function findSlowTrace(ask: <T>(path: string) => Promise<T>): Promise<string | undefined> {
  const query = new URLSearchParams({ service: 'shop', name: 'POST /checkout/:cart', minDurationMs: '100' })
  const { items } = await ask<Page<TraceSummary>>(`/api/traces?${query}`)
  for (const { traceId, samples, spans } of items) {
    if (samples < fewestSamples || spans < 3) continue
    const logs = await ask<Page<LogLine>>(`/api/logs?trace=${traceId}`)
    if (logs.items.some(({ body }) => body.includes('coupon refused'))) return traceId
  }
  return undefined
}

/** Whether the samples tell what they tell of a long run: a front page is quick, and may have none at first. */
async function isSampled(ask: <T>(path: string) => Promise<T>): Promise<boolean> {
  const { endpoints } = (await ask<FlameGraph>('/api/flame?service=shop')).choices
  return endpoints.name[0] === 'POST /checkout/:cart' && endpoints.name.includes('GET /')
}

async function untilThere<T>(find: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + deadlineMs
  while (Date.now() < end) {
    const found = await find()
    if (found !== undefined) return found
    await new Promise(resolve => setTimeout(resolve, 250))
  }
  throw new Error(`Expected a slow checkout with stacks and logs within ${deadlineMs / 1000} s`)
}
