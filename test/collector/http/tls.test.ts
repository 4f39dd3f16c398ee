import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { LogLine, Page } from '../../../src/collector/api.ts'
import { createCollector } from '../../../src/collector/index.ts'
import type { Collector } from '../../../src/collector/index.ts'
import { registerUrl, runNode } from '../../helpers/run-node.ts'
import { spansRequest } from '../span-sender.ts'
import { temporaryFolder } from '../temporary-store.ts'

let folder: string
let cert: string
let key: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'microlog-test-tls-'))
  ;({ cert, key } = makeCertificate('server'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function makeCertificate(name: string): { cert: string; key: string } {
  const files = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) }
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const out = ['-keyout', files.key, '-out', files.cert]
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...names, ...out], {
    stdio: 'ignore'
  })
  return files
}

/** The answer of a server whose certificate was checked. */
function ask(url: string, body?: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = {
      ca: readFileSync(cert),
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
      agent: false as const
    }
    const asking = request(url, options, response => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode!, text }))
    })
    asking.on('error', reject)
    asking.end(body)
  })
}

async function startCollector(): Promise<Collector> {
  const collector = await createCollector({
    store: temporaryFolder(),
    port: 0,
    otlpPort: 0,
    tls: { cert, key }
  })
  onTestFinished(() => collector.close())
  return collector
}

test('with a certificate both ports speak HTTPS, and name each other so', async () => {
  const collector = await startCollector()
  expect(collector.uiUrl).toMatch(/^https:/)
  const sent = await ask(`${collector.otlpUrl}/v1/traces`, spansRequest(['1111111111111111'], 'sender'))
  expect(sent.status).toBe(200)
  const health = await ask(`${collector.uiUrl}/healthz`)
  expect(JSON.parse(health.text)).toMatchObject({ status: 'ok', otlp: collector.otlpUrl })
  // Not at all to those who speak HTTP.
  await expect(fetch(collector.uiUrl.replace('https', 'http'))).rejects.toThrow()
})

test('a recorded program sends by HTTPS to a certificate that Node is told to trust', async () => {
  const collector = await startCollector()
  const ended = await runNode(['--import', registerUrl, '-e', "console.log('said by HTTPS')"], {
    MICROLOG_SERVER: collector.uiUrl,
    NODE_EXTRA_CA_CERTS: cert,
    OTEL_SDK_DISABLED: 'true'
  })
  expect(ended).toEqual({ code: 0, signal: null, stdout: 'said by HTTPS\n', stderr: '' })
  const { items } = JSON.parse((await ask(`${collector.uiUrl}/api/logs?limit=10`)).text) as Page<LogLine>
  expect(items.map(({ body }) => body)).toContain('said by HTTPS')
}, 30_000)

describe('a set-up that can’t work ends before it listens', () => {
  test.each([
    [
      'a certificate that is not there',
      () => ({ cert: join(folder, 'nowhere'), key }),
      /Can't read a certificate/
    ],
    ['a file that is no certificate', () => ({ cert: key, key }), /Expected a certificate in PEM/],
    ['a file that is no key', () => ({ cert, key: cert }), /Expected a private key in PEM/],
    ['the key of another', () => ({ cert, key: makeCertificate('other').key }), /Expected the key of/]
  ])('%s', async (_, files, message) => {
    const starting = createCollector({ store: temporaryFolder(), port: 0, otlpPort: 0, tls: files() })
    await expect(starting).rejects.toThrow(message)
  })
})
