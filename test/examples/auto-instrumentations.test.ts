// The example as its README says, with the release of the auto-instrumentations that this Node runs.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createApplication, type Application } from '../helpers/application.ts'
import { createOtlpReceiver } from '../helpers/otlp-receiver.ts'
import { startNode } from '../helpers/run-node.ts'

const example = fileURLToPath(new URL('../../examples/auto-instrumentations/', import.meta.url))
const preloads = ['@opentelemetry/auto-instrumentations-node/register', 'microlog/register']

let application: Application
// Its packages are installed when first asked for.
beforeAll(async () => {
  const packages = {
    '@opentelemetry/api': '~1.9.1',
    '@opentelemetry/auto-instrumentations-node': '~0.76.0',
    express: '^5.3.0'
  }
  application = await createApplication(20, packages, example)
}, 600_000)
afterAll(() => application?.remove())

test('the traces of the auto-instrumentations hold the logs and the stacks of the service', async () => {
  const receiver = await createOtlpReceiver()
  onTestFinished(() => receiver.close())
  const server = startNode(
    [...preloads.flatMap(name => ['--import', name]), 'server.js', '--port', '0'],
    {
      OTEL_SERVICE_NAME: 'primes',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_NODE_RESOURCE_DETECTORS: 'env,host',
      MICROLOG_OTLP_URL: receiver.url
    },
    { node: application.node, cwd: application.folder }
  )
  onTestFinished(() => void server.child.kill('SIGKILL'))
  await server.printed('listens on')
  const url = /http:\S+/.exec(server.stdout())![0]
  const answer = await fetch(`${url}/compare/300000/900000`)
  expect(await answer.json()).toEqual({ difference: 45_277 })
  server.child.kill('SIGTERM')
  expect(await server.ended).toMatchObject({ code: 0, stderr: '' })

  const requests = receiver.spans.filter(({ kind }) => kind === 2)
  const paths = requests.map(({ attributes }) => attributes['url.path'] ?? attributes['http.target'])
  expect(paths.sort()).toEqual(['/compare/300000/900000', '/primes/300000', '/primes/900000'])
  expect(new Set(requests.map(({ traceId }) => traceId)).size).toBe(1)
  const [log] = receiver.logs.filter(({ body }) => body === '25997 primes below 300000')
  expect(log!.traceId).toBe(requests[0]!.traceId)
  expect(receiver.spans.map(({ spanId }) => spanId)).toContain(log!.spanId)
  expect(
    receiver.profiles.some(({ type, strings }) => type === 'wall' && strings.includes('countPrimes'))
  ).toBe(true)
  const everyone = [...receiver.spans, ...receiver.logs, ...receiver.profiles, ...receiver.points]
  expect(new Set(everyone.map(({ resource }) => resource['service.instance.id'])).size).toBe(1)
})
