import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startCollectorProcess } from './collector-process.ts'
import { sendSpans } from './span-sender.ts'
import { storedSpanIds } from './stored-spans.ts'
import { temporaryFolder } from './temporary-store.ts'

/** MICROLOG_TEST_KILLS=50 for a longer run. */
const kills = Number(process.env['MICROLOG_TEST_KILLS'] ?? 10)

test(
  `${kills} kills amid ingest and sealing: each acknowledged span is there exactly once`,
  async () => {
    const store = temporaryFolder()
    const args = ['--store', store, '--seal-after', '0.08']
    let collector = await startCollectorProcess([...args, '--port', '0', '--otlp-port', '0'])
    const ports = ['--port', new URL(collector.uiUrl).port, '--otlp-port', new URL(collector.otlpUrl).port]
    const sender = sendSpans(`${collector.otlpUrl}/v1/traces`, 6, 'killed')
    for (let kill = 0; kill < kills; kill++) {
      const enough = sender.acknowledged.size + 40 + ((kill * 37) % 60)
      await until(() => sender.acknowledged.size >= enough)
      // A different moment of the sealing clock each time.
      await new Promise(resolve => setTimeout(resolve, (kill * 13) % 40))
      await collector.kill()
      collector = await startCollectorProcess([...args, ...ports])
    }
    await sender.stop()
    expect(await collector.end()).toBe(0)

    const stored = await storedSpanIds(store)
    const known = new Set(stored)
    const lost = [...sender.acknowledged].filter(id => !known.has(id))
    expect(sender.retries()).toBeGreaterThan(0)
    expect(lost).toEqual([])
    expect(stored.length - known.size).toBe(0)
    expect(known.size).toBe(sender.acknowledged.size)
    expect(readdirSync(join(store, 'recordings')).length).toBe(2)
  },
  kills * 30_000
)

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('Expected more acknowledged spans within a minute')
    await new Promise(resolve => setTimeout(resolve, 2))
  }
}
