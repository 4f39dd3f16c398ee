import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startCollectorProcess } from '../../collector/collector-process.ts'
import { temporaryFolder } from '../../collector/temporary-store.ts'
import type { Page, RecordingSummary } from '../../../src/collector/api.ts'
import { makeCertificate } from '../../helpers/make-certificate.ts'
import { programPath, registerUrl, runNode } from '../../helpers/run-node.ts'

test('a collector that only OTEL_EXPORTER_OTLP_ENDPOINT names gets stacks, whatever its port', async () => {
  const ports = ['--port', '0', '--otlp-port', '0']
  const collector = await startCollectorProcess(['--store', temporaryFolder(), ...ports])
  await runNode(['--import', registerUrl, programPath('ways-out.mjs'), 'natural'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.otlpUrl,
    MICROLOG_LABEL: 'by its OTLP port',
    OTEL_SDK_DISABLED: 'true'
  })
  const answer = await fetch(`${collector.uiUrl}/api/recordings`)
  const { items } = (await answer.json()) as Page<RecordingSummary>
  expect(items).toMatchObject([{ label: 'by its OTLP port', logs: 2 }])
  expect(items[0]!.samples).toBeGreaterThan(0)
  expect(await collector.end()).toBe(0)
})

test('a collector whose certificate is not trusted: what to do is said once, and done', async () => {
  const { cert, key } = makeCertificate()
  const options = ['--port', '0', '--otlp-port', '0', '--tls-cert', cert, '--tls-key', key]
  const collector = await startCollectorProcess(['--store', temporaryFolder(), ...options])
  const record = async (env: Record<string, string>): Promise<string> => {
    const { stderr } = await runNode(['--import', registerUrl, programPath('ways-out.mjs'), 'natural'], {
      MICROLOG_SERVER: collector.uiUrl,
      OTEL_SDK_DISABLED: 'true',
      ...env
    })
    return stderr
  }
  expect(await record({ NODE_EXTRA_CA_CERTS: '' })).toMatch(
    /^microlog: no collector takes what is recorded at https:\/\/127\.0\.0\.1:\d+ \(no collector answers: self-signed certificate: NODE_EXTRA_CA_CERTS names/m
  )
  expect(await record({ NODE_EXTRA_CA_CERTS: cert })).not.toContain('no collector takes')
  expect(await collector.end()).toBe(0)
})

test('a server that is something else is told from one that does not answer', async () => {
  let page = '<html>'
  const other = createServer((_request, response) => response.writeHead(page === '' ? 404 : 200).end(page))
  onTestFinished(() => void other.close())
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
  const server = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  const record = async (): Promise<string> => {
    const program = ['--import', registerUrl, programPath('ways-out.mjs'), 'natural']
    return (await runNode(program, { MICROLOG_SERVER: server, OTEL_SDK_DISABLED: 'true' })).stderr
  }
  expect(await record()).toContain(
    `at ${server} (no collector answers: an answer that is no JSON); start one`
  )
  page = ''
  expect(await record()).toContain(`at ${server} (no collector answers: status 404); start one`)
})
