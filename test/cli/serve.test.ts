import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { misspelt } from '../../src/instrumentation/nearest.ts'
import { knownVariables } from '../../src/instrumentation/options.ts'
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

test('a slip in the name of a variable is told, and no right name is taken for one', async () => {
  const configuration = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
  const documented = configuration.match(/\b(?:MICROLOG|TRACER)_[A-Z0-9_]*[A-Z0-9]\b/g)!
  const all = Object.fromEntries(documented.map(name => [name, '']))
  expect(misspelt(all, knownVariables)).toEqual([])

  const store = mkdtempSync(join(tmpdir(), 'microlog-serve-'))
  onTestFinished(() => rmSync(store, { recursive: true, force: true }))
  const collector = await startCollectorProcess(['--store', store, ...ports], {
    env: { ...all, MICROLOG_RETENTON: '30d' }
  })
  expect(await collector.end()).toBe(0)
  expect(collector.stderr()).toBe(
    'microlog serve: unknown variable MICROLOG_RETENTON, did you mean MICROLOG_RETENTION?\n'
  )
})
