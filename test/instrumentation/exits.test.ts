import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOtlpReceiver, type OtlpReceiver } from '../helpers/otlp-receiver.ts'
import { programPath, runNode } from '../helpers/run-node.ts'
import { checkExitWay, exitWays } from './exit-ways.ts'

let receiver: OtlpReceiver
beforeAll(async () => {
  receiver = await createOtlpReceiver()
})
afterAll(() => receiver.close())

describe('a recorded program ends as it does unrecorded, and all of its lines and samples are kept', () => {
  for (const way of exitWays) {
    test.concurrent(way.name, { timeout: 180_000 }, () => checkExitWay(way, receiver, process.execPath))
  }
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
