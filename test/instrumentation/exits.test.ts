import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOtlpReceiver, type OtlpReceiver } from '../helpers/otlp-receiver.ts'
import { programPath, registerUrl, runNode, startNode, type Ended } from '../helpers/run-node.ts'

let receiver: OtlpReceiver
beforeAll(async () => {
  receiver = await createOtlpReceiver()
})
afterAll(() => receiver.close())

const program = programPath('ways-out.mjs')

async function endOf(args: string[], way: string, env: Record<string, string> = {}): Promise<Ended> {
  const started = startNode([...args, program, way], env)
  if (way === 'signal' || way === 'own-handler') {
    await started.printed('ready')
    started.child.kill('SIGTERM')
  }
  if (way === 'sigint') {
    await started.printed('ready')
    started.child.kill('SIGINT')
  }
  return started.ended
}

describe('a recorded program ends as it does unrecorded, and its last line is kept', () => {
  test.each([
    'natural',
    'before-exit',
    'exit',
    'exit-code',
    'exit-listener',
    'throw',
    'reject',
    'signal',
    'sigint',
    'own-handler'
  ])('%s', async way => {
    const label = `exits ${way}`
    const env = { MICROLOG_OTLP_URL: receiver.url, MICROLOG_LABEL: label, OTEL_SDK_DISABLED: 'true' }
    const [plain, recorded] = await Promise.all([endOf([], way), endOf(['--import', registerUrl], way, env)])
    expect(recorded).toEqual(plain)
    const logs = receiver.logs.filter(log => log.resource['service.name'] === label)
    const bodies = logs.map(log => log.body)
    expect(bodies).toContain('first line')
    expect(bodies.filter(body => body === 'last line')).toHaveLength(1)
    const fatal = logs.filter(log => log.severity === 'FATAL')
    expect(fatal.map(log => log.attributes['exception.message'])).toEqual(
      way === 'throw' || way === 'reject' ? ['nobody catches this'] : []
    )
    expect(new Set(logs.map(log => log.attributes['log.record.uid'])).size).toBe(logs.length)
    const stacks = receiver.profiles.filter(({ resource }) => resource['service.name'] === label)
    expect(stacks.map(({ type }) => type)).toContain('log')
  })
})

describe('spans that the exporter has not sent yet are not lost', () => {
  test.each([
    ['natural', 0],
    ['exit', 3],
    ['throw', 1]
  ])('%s', async (way, code) => {
    const service = `spans ${way}`
    const ended = await runNode([programPath('with-sdk.mjs'), way], {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      MICROLOG_OTLP_URL: receiver.url,
      TEST_SERVICE: service
    })
    expect(ended.code).toBe(code)
    const spans = receiver.spans.filter(({ resource }) => resource['service.name'] === service)
    expect(spans.map(span => span.name)).toEqual(['work'])
    const [log] = receiver.logs.filter(({ resource }) => resource['service.name'] === service)
    expect(spans[0]!.events).toMatchObject([
      { name: 'log', attributes: { 'log.body': 'inside', 'log.severity': 'WARN' } }
    ])
    expect(log).toMatchObject({ body: 'inside', traceId: spans[0]!.traceId, spanId: spans[0]!.spanId })
    expect(spans[0]!.events[0]!.attributes['log.record.uid']).toBe(log!.attributes['log.record.uid'])
    expect(log!.resource['service.instance.id']).toBe(spans[0]!.resource['service.instance.id'])
  })
})

test('an SDK that shuts down by itself sends each span once', async () => {
  await runNode([programPath('with-sdk.mjs'), 'shutdown'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    MICROLOG_OTLP_URL: receiver.url,
    TEST_SERVICE: 'shuts down'
  })
  expect(receiver.spans.filter(({ resource }) => resource['service.name'] === 'shuts down')).toHaveLength(1)
})
