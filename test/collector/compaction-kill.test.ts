// Collectors that compact and delete all the time, killed amid it.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startCollectorProcess } from './collector-process.ts'
import { sendSpans } from './span-sender.ts'
import { storedSpanIds } from './stored-spans.ts'
import { temporaryFolder } from './temporary-store.ts'

const start = (...args: string[]) => startCollectorProcess(args, { script: 'compacting-process.mjs' })
/** MICROLOG_TEST_KILLS=50 for a longer run. */
const kills = Number(process.env['MICROLOG_TEST_KILLS'] ?? 10)

test(
  `${kills} kills amid compaction: each acknowledged span is there exactly once`,
  async () => {
    const store = temporaryFolder()
    let collector = await start(store)
    const ports = [new URL(collector.uiUrl).port, new URL(collector.otlpUrl).port]
    const sender = sendSpans(`${collector.otlpUrl}/v1/traces`, 6, 'killed')
    const compactedBefore = new Set<string>()
    for (let kill = 0; kill < kills; kill++) {
      const enough = sender.acknowledged.size + 60 + ((kill * 37) % 60)
      await until(() => sender.acknowledged.size >= enough)
      await until(() => compacted(store).some(name => !compactedBefore.has(name)))
      for (const name of compacted(store)) compactedBefore.add(name)
      // A different moment of the compaction each time.
      await new Promise(resolve => setTimeout(resolve, (kill * 13) % 40))
      await collector.kill()
      expectOnce(await storedSpanIds(store))
      collector = await start(store, ...ports)
    }
    await sender.stop()
    expect(await collector.end()).toBe(0)

    const stored = await storedSpanIds(store)
    expectOnce(stored)
    const known = new Set(stored)
    expect([...sender.acknowledged].filter(id => !known.has(id))).toEqual([])
    expect(known.size).toBe(sender.acknowledged.size)
    expect(sender.retries()).toBeGreaterThan(0)
  },
  kills * 120_000
)

test('two collectors that compact one store, one of them killed: each acknowledged span is there exactly once', async () => {
  const store = temporaryFolder()
  const first = await start(store)
  const second = await start(store)
  const senders = [first, second].map(({ otlpUrl }) => sendSpans(`${otlpUrl}/v1/traces`, 3, 'shared'))
  const acknowledged = (): string[] => senders.flatMap(({ acknowledged }) => [...acknowledged])
  await until(() => senders.every(({ acknowledged }) => acknowledged.size > 150))
  await until(() => compacted(store).length > 0)
  await first.kill()
  const now = acknowledged().length
  await until(() => acknowledged().length > now + 100)
  await senders[1]!.stop()
  const third = await start(store, new URL(first.uiUrl).port, new URL(first.otlpUrl).port)
  await senders[0]!.stop()
  expect([await second.end(), await third.end()]).toEqual([0, 0])

  const stored = await storedSpanIds(store)
  expectOnce(stored)
  expect(new Set(stored)).toEqual(new Set(acknowledged()))
}, 300_000)

function compacted(store: string): string[] {
  const folder = join(store, 'recordings')
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    return names.filter(name => /\/(hour|day)-/.test(name))
  } catch (thrown) {
    // Not made yet, or a folder was taken away while it was read.
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
    return []
  }
}

function expectOnce(ids: readonly string[]): void {
  expect(ids.length - new Set(ids).size).toBe(0)
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 120_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('Expected this within two minutes')
    await new Promise(resolve => setTimeout(resolve, 2))
  }
}
