import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { spansRequest } from './span-sender.ts'
import { startCollectorProcess } from './collector-process.ts'
import type { CollectorProcess } from './collector-process.ts'
import { temporaryFolder } from './temporary-store.ts'

/** A collector that finds a segment that is none. */
function startBesideDamage(...args: string[]): Promise<CollectorProcess> {
  const store = temporaryFolder()
  const recording = join(store, 'recordings', '0123456789abcdefghijklmnop')
  mkdirSync(recording, { recursive: true })
  writeFileSync(join(recording, 'journal1-1-2.microlog'), 'no segment')
  return startCollectorProcess(['--store', store, '--port', '0', '--otlp-port', '0', ...args])
}

test('what is wrong is told once, as a line of text', async () => {
  const collector = await startBesideDamage()
  expect(await collector.end()).toBe(0)
  expect(collector.stderr()).toMatch(/^microlog: recordings\/\S+journal1-1-2\.microlog is damaged: .+\n$/)
})

test('as JSON it tells of what is done to recordings, and how much it refused', async () => {
  const collector = await startCollectorProcess([
    ...['--store', temporaryFolder(), '--port', '0', '--otlp-port', '0', '--log-format', 'json']
  ])
  const body = readFileSync(new URL('../fixtures/cpuprofiles/http-10ms.cpuprofile', import.meta.url))
  const imported = await fetch(`${collector.uiUrl}/api/import?name=a.cpuprofile`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body
  })
  const { ids } = (await imported.json()) as { ids: string[] }
  await fetch(`${collector.uiUrl}/api/recordings/${ids[0]}`, { method: 'DELETE' })
  for (let i = 0; i < 3; i++) await fetch(`${collector.otlpUrl}/v1/traces`, { method: 'POST', body: 'x' })
  expect(await collector.end()).toBe(0)
  const lines = collector.stderr().trimEnd().split('\n')
  expect(lines.map(line => JSON.parse(line) as Record<string, unknown>)).toMatchObject([
    { msg: 'started' },
    { msg: 'imported', file: 'a.cpuprofile', recordings: ids, rejected: 0 },
    { msg: 'deleted', recording: ids[0] },
    { msg: 'refused requests', status: 415, count: 3 },
    { msg: 'ended' }
  ])
})

test('as JSON it tells of its start, of what is wrong and of its end', async () => {
  const collector = await startBesideDamage('--log-format', 'json')
  expect(await collector.end()).toBe(0)
  const lines = collector.stderr().trimEnd().split('\n')
  const entries = lines.map(line => JSON.parse(line) as Record<string, unknown>)
  expect(entries).toMatchObject([
    { level: 'info', msg: 'started', screens: collector.uiUrl, otlp: collector.otlpUrl },
    { level: 'warn', msg: expect.stringContaining('is damaged') as string },
    { level: 'info', msg: 'ended' }
  ])
})

test('where what is open cannot be sealed at the end, everything else ends all the same, and the exit code tells', async () => {
  const store = temporaryFolder()
  const options = ['--store', store, '--port', '0', '--otlp-port', '0', '--log-format', 'json']
  const collector = await startCollectorProcess(options)
  const headers = { 'content-type': 'application/json' }
  const body = spansRequest(['0123456789abcdef'], 'sender')
  expect((await fetch(`${collector.otlpUrl}/v1/traces`, { method: 'POST', headers, body })).status).toBe(200)
  writeFileSync(join(store, 'recordings'), 'where a folder should be')
  expect(await collector.end()).toBe(1)
  const last = collector
    .stderr()
    .split('\n')
    .filter(line => line.startsWith('{'))
    .at(-1)
  expect(JSON.parse(last!)).toMatchObject({ level: 'info', msg: 'ended' })
})
