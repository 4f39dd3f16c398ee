// The examples of a worker pool and of a cluster as their READMEs start them, recorded by a collector of ours.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page, RecordingDetail, RecordingSummary, TraceSummary } from '../../src/collector/api.ts'
import { createCollector, type Collector } from '../../src/collector/index.ts'
import { cleanEnvironment } from '../helpers/run-node.ts'

const patience = { timeout: 240_000 }
const wait = { timeout: 120_000, interval: 100 }

let store: string
let collector: Collector
beforeAll(async () => {
  store = mkdtempSync(join(tmpdir(), 'microlog-test-examples-'))
  collector = await createCollector({ store, host: '127.0.0.1', port: 0, otlpPort: 0, ui: false })
})
afterAll(async () => {
  await collector?.close()
  rmSync(store, { recursive: true, force: true })
})

function start(example: string, ...args: string[]): { child: ChildProcess; output(): string } {
  const child = spawn(process.execPath, ['--import', 'microlog/register', ...args], {
    cwd: fileURLToPath(new URL(`../../examples/${example}/`, import.meta.url)),
    env: cleanEnvironment({ OTEL_SERVICE_NAME: example, MICROLOG_SERVER: collector.uiUrl }),
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => (output += text))
  return { child, output: () => output }
}

async function ask<T>(path: string): Promise<T> {
  return (await (await fetch(collector.uiUrl + path)).json()) as T
}

test(
  'the threads of a pool are tracks of one recording, and their spans of one trace',
  patience,
  async () => {
    const pool = start('worker-pool', 'pool.js', '12')
    expect((await once(pool.child, 'close'))[0]).toBe(0)
    expect(pool.output()).toContain('12 texts, 1440000 words')
    const { items } = await ask<Page<RecordingSummary>>('/api/recordings?q=worker-pool')
    expect(items).toHaveLength(1)
    expect(items[0]!.threads).toBeGreaterThanOrEqual(3)
    const traces = await ask<Page<TraceSummary>>('/api/traces?service=worker-pool')
    expect(traces.items).toMatchObject([{ name: 'count all texts', spans: 13 }])
  }
)

test(
  'each process of a cluster has a recording, and parent and children name each other',
  patience,
  async () => {
    const primary = start('cluster', 'primary.js', '--port', '0', '--workers', '2')
    const listening = (): string[] =>
      [...primary.output().matchAll(/worker (\d+) listens/g)].map(([, pid]) => pid!)
    try {
      await expect.poll(() => listening().length, wait).toBe(2)
      const url = /http:\S+/.exec(primary.output())![0]
      expect(await (await fetch(url)).text()).toMatch(/^hello from \d+\n$/)
      await (await fetch(`${url}/crash`)).text()
      await expect.poll(() => listening().length, wait).toBe(3)
    } finally {
      primary.child.kill('SIGTERM')
    }
    expect((await once(primary.child, 'close'))[0]).toBe(0)
    const { items } = await ask<Page<RecordingSummary>>('/api/recordings?q=cluster')
    expect(items).toHaveLength(4)
    const root = items.find(({ parent }) => parent === undefined)!
    const children = items.filter(({ parent }) => parent === root.id).map(({ id }) => id)
    const { children: named } = await ask<RecordingDetail>(`/api/recordings/${root.id}`)
    expect([...named].sort()).toEqual(children.sort())
    const pids = await Promise.all(
      children.map(async id => (await ask<RecordingDetail>(`/api/recordings/${id}`)).resource['process.pid'])
    )
    expect(pids.sort()).toEqual(listening().sort())
  }
)
