// The examples of Express and of Fastify with pino as their READMEs start them, with the releases of their packages that
// this Node runs.
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { createApplication } from '../helpers/application.ts'
import { createOtlpReceiver, type OtlpReceiver } from '../helpers/otlp-receiver.ts'
import { startNode } from '../helpers/run-node.ts'

const telemetry = {
  '@opentelemetry/api': '~1.9.1',
  '@opentelemetry/exporter-trace-otlp-http': '~0.223.0',
  '@opentelemetry/instrumentation-http': '~0.223.0',
  '@opentelemetry/sdk-node': '~0.223.0'
}
const expressPackages = {
  ...telemetry,
  '@opentelemetry/instrumentation-express': '~0.71.0',
  express: '^5.3.0'
}
const fastifyPackages = { ...telemetry, '@fastify/otel': '~0.21.2', fastify: '^5.12.8' }

// Its packages are installed when first asked for.
const install = (example: string, packages: Record<string, string>) =>
  createApplication(20, packages, fileURLToPath(new URL(`../../examples/${example}/`, import.meta.url)))
beforeAll(async () => {
  for (const [name, packages] of [
    ['express', expressPackages],
    ['fastify-pino', fastifyPackages]
  ] as const) {
    ;(await install(name, packages)).remove()
  }
}, 600_000)

/** Runs the example until `use` has asked it; gives what was sent, and what it printed. */
async function record(
  example: string,
  packages: Record<string, string>,
  args: string[],
  use: (url: string) => Promise<void>
): Promise<{ receiver: OtlpReceiver; stdout: string }> {
  const application = await install(example, packages)
  onTestFinished(() => application.remove())
  const receiver = await createOtlpReceiver()
  onTestFinished(() => receiver.close())
  const server = startNode(
    [...args, '--port', '0'],
    { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, MICROLOG_OTLP_URL: receiver.url },
    { node: application.node, cwd: application.folder }
  )
  onTestFinished(() => void server.child.kill('SIGKILL'))
  await server.printed('http://127.0.0.1:')
  await use(/http:\/\/127\.0\.0\.1:\d+/.exec(server.stdout())![0])
  server.child.kill('SIGTERM')
  const ended = await server.ended
  expect(ended).toMatchObject({ code: 0, signal: null })
  return { receiver, stdout: ended.stdout }
}

function spanOf({ spans }: OtlpReceiver, name: string) {
  const found = spans.filter(span => span.name === name && span.kind === 2)
  expect(found.map(({ name }) => name)).toEqual([name])
  return found[0]!
}

/** Names of the functions that were seen running in a trace. */
function functionsIn({ profiles }: OtlpReceiver, traceId: string): Set<string> {
  const stacks = profiles.filter(({ type }) => type === 'wall').flatMap(({ stacks }) => stacks)
  const frames = stacks.filter(stack => stack.traceId === traceId).flatMap(({ frames }) => frames)
  return new Set(frames.map(frame => frame.split(' ')[0]!))
}

test('of an Express service, the log-in that blocks it leads to the function, and an error to its request', async () => {
  const { receiver } = await record(
    'express',
    expressPackages,
    ['--require', './telemetry.cjs', 'app.cjs'],
    async url => {
      const logIn = await fetch(`${url}/log-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user: 'ada', password: 'analytical' })
      })
      expect(await logIn.json()).toEqual({ name: 'Ada' })
      expect((await fetch(`${url}/accounts/nobody`)).status).toBe(500)
    }
  )
  const logIn = spanOf(receiver, 'POST /log-in')
  expect(functionsIn(receiver, logIn.traceId)).toContain('hashPassword')
  const blocked = receiver.ownEntries.filter(
    ({ eventName, traceId }) => eventName === 'microlog.blocked' && traceId === logIn.traceId
  )
  expect(blocked).toHaveLength(1)
  const failed = spanOf(receiver, 'GET /accounts/:user')
  const error = receiver.logs.find(({ body }) => body.startsWith('unexpected:'))!
  expect(error).toMatchObject({ severity: 'ERROR', traceId: failed.traceId })
  expect(error.attributes).toMatchObject({
    'exception.type': 'Error',
    'exception.message': 'There is no account nobody'
  })
})

test('of a Fastify service, each line of its logger is in its request, with fields and stack, and printed as before', async () => {
  const { receiver, stdout } = await record(
    'fastify-pino',
    fastifyPackages,
    ['--import', './telemetry.js', 'app.js'],
    async url => {
      expect(await (await fetch(`${url}/invoices/7?lines=4000`)).text()).toContain('Invoice 7')
      expect((await fetch(`${url}/invoices/8?lines=9000`)).status).toBe(400)
    }
  )
  const printed = stdout.trimEnd().split('\n')
  expect(receiver.logs.map(({ body }) => body)).toEqual(
    printed.map(line => (JSON.parse(line) as { msg: string }).msg)
  )
  const log = receiver.logs.find(({ body }) => body === 'printed an invoice')!
  expect(log).toMatchObject({ severityNumber: 9, attributes: { invoice: '7', lines: 4000 } })
  expect(functionsIn(receiver, log.traceId)).toContain('formatAmount')
  const inTrace = receiver.spans.filter(({ traceId }) => traceId === log.traceId)
  expect(inTrace.find(({ spanId }) => spanId === log.spanId)?.name).toMatch(/^handler/)
  const warning = receiver.logs.find(({ severityNumber }) => severityNumber === 13)!
  expect(warning.traceId).not.toBe(log.traceId)
  const stacks = receiver.profiles.flatMap(({ stacks }) => stacks)
  for (const { attributes } of receiver.logs) {
    expect(stacks.some(({ uid }) => uid === attributes['log.record.uid'])).toBe(true)
  }
})
