// What arrives of 1,000 traces of which 1 % are sampled by the SDK's own sampler.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOtlpReceiver, type OtlpReceiver, type ReceivedStack } from '../helpers/otlp-receiver.ts'
import { programPath, runNode } from '../helpers/run-node.ts'

const traces = 1000

const sum = (stacks: ReceivedStack[]): number => stacks.reduce((total, { samples }) => total + samples, 0)

let receiver: OtlpReceiver
let sampled: string[]
beforeAll(async () => {
  receiver = await createOtlpReceiver()
  const ended = await runNode([programPath('sampled-traces.mjs'), String(traces)], {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    MICROLOG_OTLP_URL: receiver.url,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.01'
  })
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  sampled = JSON.parse(/^sampled (.*)$/m.exec(ended.stdout)![1]!) as string[]
})
afterAll(() => receiver.close())

test('spans and their events arrive of sampled traces only', () => {
  // 1 in 100 of random ids: 1,000 draws without any, or with more than 40, are less likely than a broken machine.
  expect(sampled.length).toBeLessThan(40)
  expect(receiver.spans).toHaveLength(2 * sampled.length)
  expect(new Set(receiver.spans.map(({ traceId }) => traceId))).toEqual(new Set(sampled))
})

test('every sample of work in a span carries its endpoint, and those of other traces nothing else of them', () => {
  const samples = receiver.profiles.filter(({ type }) => type === 'wall').flatMap(({ stacks }) => stacks)
  const ofWork = samples.filter(({ frames }) => frames.some(frame => frame.startsWith('burn ')))
  const total = sum(ofWork)
  // 3 s of work at 2 ms.
  expect(total).toBeGreaterThan(traces / 4)
  const withEndpoint = ofWork.filter(({ endpoint }) => endpoint === 'GET /orders')
  expect(sum(withEndpoint)).toBe(total)
  const linked = new Set(samples.map(({ traceId }) => traceId).filter(Boolean))
  for (const traceId of linked) expect(sampled).toContain(traceId)
  expect(sum(ofWork.filter(({ traceId }) => traceId === ''))).toBeGreaterThan(total * 0.9)
  for (const { type, stacks } of receiver.profiles) {
    // Where spans of a name start is told without any of their ids.
    if (type !== 'span') continue
    for (const { traceId } of stacks) if (traceId !== '') expect(sampled).toContain(traceId)
  }
})

test('a log line is a log line: each arrives, with its trace', () => {
  const lines = receiver.logs.filter(({ body }) => body.startsWith('line '))
  expect(lines).toHaveLength(traces / 50)
  for (const { body, traceId } of lines) expect(body.split(' ')[2]).toBe(traceId)
})
