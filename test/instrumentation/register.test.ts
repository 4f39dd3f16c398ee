import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOtlpReceiver, type OtlpReceiver } from '../helpers/otlp-receiver.ts'
import { programPath, registerUrl, runNode } from '../helpers/run-node.ts'

let receiver: OtlpReceiver
beforeAll(async () => {
  receiver = await createOtlpReceiver()
})
afterAll(() => receiver.close())

const recorded = (label: string, program: string, ...args: string[]) =>
  runNode(['--import', registerUrl, programPath(program), ...args], {
    MICROLOG_OTLP_URL: receiver.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    MICROLOG_LABEL: label
  })

test("the application's installed SDK is started for it, and our own requests are no spans of it", async () => {
  const ended = await recorded('plain server', 'plain-server.mjs')
  expect(ended).toMatchObject({ code: 0, stdout: 'serving /hello\n', stderr: '' })
  const spans = receiver.spans.filter(({ resource }) => resource['service.name'] === 'plain server')
  expect(spans.map(({ kind }) => kind).sort()).toEqual([2, 3])
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
  const [log] = receiver.logs.filter(({ resource }) => resource['service.name'] === 'plain server')
  expect(log).toMatchObject({ body: 'serving /hello', spanId: spans.find(({ kind }) => kind === 2)!.spanId })
})

test('an application that sets up an SDK keeps its own, and its label names what it leaves unnamed', async () => {
  const ended = await recorded('keeps its own', 'with-sdk.mjs', 'shutdown')
  expect(ended).toMatchObject({ code: 0, stderr: 'inside\n' })
  const spans = receiver.spans.filter(({ resource }) => resource['service.name'] === 'keeps its own')
  expect(spans.map(({ name }) => name)).toEqual(['work'])
})

test('where no SDK is installed, one line says how to get traces', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'microlog-test-register-'))
  const program = join(folder, 'program.mjs')
  copyFileSync(programPath('ways-out.mjs'), program)
  const ended = await runNode(['--import', registerUrl, program, 'natural'], {
    MICROLOG_OTLP_URL: receiver.url
  })
  rmSync(folder, { recursive: true })
  expect(ended).toMatchObject({ code: 0, stdout: 'first line\nlast line\n' })
  expect(ended.stderr).toMatch(/^microlog: no OpenTelemetry SDK .*npm install @opentelemetry\/sdk-node.*\n$/)
})
