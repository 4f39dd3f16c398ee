import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOtlpReceiver, type OtlpReceiver } from '../helpers/otlp-receiver.ts'
import { programPath, runNode, type Ended } from '../helpers/run-node.ts'

let receiver: OtlpReceiver
let ended: Ended
beforeAll(async () => {
  receiver = await createOtlpReceiver()
  ended = await runNode([programPath('with-api.mjs')], {
    MICROLOG_OTLP_URL: receiver.url,
    OTEL_SDK_DISABLED: 'true'
  })
})
afterAll(() => receiver.close())

const bodies = (label: string) =>
  receiver.logs.filter(({ resource }) => resource['service.name'] === label).map(({ body }) => body)

test('results and errors of what is recorded are its own, and waiting for the end ends', () => {
  expect(ended).toEqual({
    code: 0,
    signal: null,
    stdout: 'before\nin sync true\nin async\nin inner\nafter 42 done its own false\n',
    stderr: ''
  })
})

test('without an SDK each range is a recording of its own', () => {
  expect(bodies('sync range')).toEqual(['in sync true'])
  expect(bodies('async range')).toEqual(['in async'])
  const instances = new Set(receiver.logs.map(({ resource }) => resource['service.instance.id']))
  expect(instances.size).toBe(3)
  expect(receiver.logs.filter(({ resource }) => 'microlog.parent.id' in resource)).toEqual([])
})

test('inside a recording a range is marked in it, and what is outside is not recorded', () => {
  expect(bodies('started')).toEqual(['a mark', 'inner range', 'in inner', 'inner range'])
  const edges = receiver.logs.map(({ attributes }) => attributes['microlog.range.edge']).filter(Boolean)
  expect(edges).toEqual(['start', 'end'])
  expect(receiver.logs.map(({ body }) => body)).not.toContain('before')
  const [mark] = receiver.logs.filter(({ body }) => body === 'a mark')
  expect(String(mark!.attributes['code.file.path'])).toContain('with-api.mjs')
})
