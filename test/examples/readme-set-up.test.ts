// The README's set-up, word for word but for the port, in an application of ES modules that only imports node:http.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOtlpReceiver } from '../helpers/otlp-receiver.ts'
import { startNode, type StartedProgram } from '../helpers/run-node.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const service = `
import { createServer } from 'node:http'
const server = createServer((_request, response) => {
  console.log('handled')
  response.end()
})
server.listen(0, async () => {
  await (await fetch('http://127.0.0.1:' + server.address().port, { headers: { connection: 'close' } })).text()
})
process.once('SIGTERM', () => server.close())
`

let folder: string
let program: StartedProgram | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'microlog-test-readme-'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules/microlog'))
  symlinkSync(join(root, 'node_modules/@opentelemetry'), join(folder, 'node_modules/@opentelemetry'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'app.js'), service)
})
afterEach(() => {
  program?.child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

test('a request has its span, and a log within it names that', async () => {
  const receiver = await createOtlpReceiver()
  const setUp = /```js\n(\/\/ telemetry\.mjs .*?)```/s.exec(readFileSync(`${root}README.md`, 'utf8'))![1]!
  writeFileSync(join(folder, 'telemetry.mjs'), setUp.replace('http://127.0.0.1:4318', receiver.url))
  program = startNode(
    ['--import', './telemetry.mjs', 'app.js'],
    { MICROLOG_OTLP_URL: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '50' },
    { cwd: folder }
  )
  await expect.poll(() => receiver.spans.map(({ name }) => name), { timeout: 20_000 }).toEqual(['GET'])
  program.child.kill('SIGTERM')
  const ended = await program.ended
  await receiver.close()
  expect(ended).toMatchObject({ code: 0, stdout: 'handled\n' })
  const line = receiver.logs.find(({ body }) => body === 'handled')
  expect(line?.spanId).toBe(receiver.spans[0]!.spanId)
})
