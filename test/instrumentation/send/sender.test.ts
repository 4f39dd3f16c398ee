import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createOtlpReceiver } from '../../helpers/otlp-receiver.ts'
import { programPath, registerUrl, runNode, startNode } from '../../helpers/run-node.ts'

const program = programPath('ways-out.mjs')

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

test('without a collector the program runs as ever, and one line says so', async () => {
  const url = `http://127.0.0.1:${await freePort()}`
  const plain = await runNode([program, 'exit'])
  const recorded = await runNode(['--import', registerUrl, program, 'exit'], { MICROLOG_OTLP_URL: url })
  expect(recorded).toMatchObject({ code: plain.code, signal: null, stdout: plain.stdout })
  expect(recorded.stderr.match(/^microlog: no collector .*$/gm)).toEqual([expect.stringContaining(url)])
})

test('a collector that hangs holds up the end for a second at most', async () => {
  const receiver = await createOtlpReceiver({ fault: () => 'hang' })
  const recorded = await runNode(['--import', registerUrl, program, 'exit'], {
    MICROLOG_OTLP_URL: receiver.url
  })
  await receiver.close()
  expect(recorded).toMatchObject({ code: 5, stdout: 'first line\nlast line\n' })
})

test('what was refused for the moment is sent when the collector says so', async () => {
  let refusals = 0
  const receiver = await createOtlpReceiver({
    fault: () => (refusals++ < 2 ? { status: 429, headers: { 'retry-after': '0' } } : undefined)
  })
  const started = startNode(['--import', registerUrl, program, 'own-handler'], {
    MICROLOG_OTLP_URL: receiver.url
  })
  await expect.poll(() => receiver.logs.map(log => log.body), { timeout: 20_000 }).toContain('first line')
  started.child.kill('SIGTERM')
  await started.ended
  await receiver.close()
  expect(refusals).toBeGreaterThan(2)
  expect(receiver.logs.map(log => log.body)).toEqual(['first line', 'ready', 'last line'])
})

test('a collector that comes late gets what was recorded before it came', async () => {
  const port = await freePort()
  const started = startNode(['--import', registerUrl, program, 'own-handler'], {
    MICROLOG_OTLP_URL: `http://127.0.0.1:${port}`
  })
  await expect.poll(() => started.stderr(), { timeout: 20_000 }).toContain('no collector')
  const receiver = await createOtlpReceiver({ port })
  await expect.poll(() => receiver.logs.map(log => log.body), { timeout: 30_000 }).toContain('first line')
  started.child.kill('SIGTERM')
  await started.ended
  await receiver.close()
})

test('our requests say what they are', async () => {
  const receiver = await createOtlpReceiver()
  await runNode(['--import', registerUrl, program, 'natural'], { MICROLOG_OTLP_URL: receiver.url })
  await receiver.close()
  expect(new Set(receiver.requests.map(({ path }) => path))).toEqual(
    new Set(['/v1/logs', '/v1/metrics', '/v1development/profiles'])
  )
  for (const { headers } of receiver.requests) {
    expect(headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
      'x-microlog-wire': '1',
      'user-agent': expect.stringMatching(/^microlog\/\d/)
    })
  }
})

test('switched off, nothing is recorded and nothing is said', async () => {
  const receiver = await createOtlpReceiver()
  const env = { MICROLOG_OTLP_URL: receiver.url, MICROLOG_DISABLE: 'TRUE' }
  const [plain, off] = await Promise.all([
    runNode([program, 'natural']),
    runNode(['--import', registerUrl, program, 'natural'], env)
  ])
  await receiver.close()
  expect(off).toEqual(plain)
  expect(receiver.requests).toEqual([])
})
