import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startCollectorProcess } from '../collector/collector-process.ts'

const ports = ['--port', '0', '--otlp-port', '0']

async function printedBy(host: string, allowedHosts: string): Promise<string[]> {
  const store = mkdtempSync(join(tmpdir(), 'microlog-serve-'))
  onTestFinished(() => rmSync(store, { recursive: true, force: true }))
  const collector = await startCollectorProcess(['--store', store, '--host', host, ...ports], {
    env: {
      MICROLOG_INGEST_KEY: 'ingest',
      MICROLOG_VIEW_KEY: 'view',
      MICROLOG_ALLOWED_HOSTS: allowedHosts
    }
  })
  const printed = [collector.uiUrl, collector.otlpUrl].map(url => new URL(url).hostname)
  await collector.end()
  return printed
}

test('at all addresses, the name that it may be called by is the one to open', async () => {
  expect(await printedBy('0.0.0.0', 'microlog.example.org,other.example.org')).toEqual([
    'microlog.example.org',
    'microlog.example.org'
  ])
  expect(await printedBy('127.0.0.1', 'microlog.example.org')).toEqual(['127.0.0.1', '127.0.0.1'])
})
