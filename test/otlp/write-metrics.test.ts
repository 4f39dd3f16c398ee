import { expect, test } from 'vitest'
import { encodeMetricsRequest } from '../../src/otlp/write-metrics.ts'
import { decodeMessage } from '../../src/otlp/decode-message.ts'
import { requestTypes } from '../../src/otlp/otlp-messages.ts'

test('a gauge that was not measured is not written', () => {
  const gauge = (name: string, ...values: number[]) => ({
    name,
    unit: '1',
    values: Float64Array.from(values)
  })
  const batch = (...metrics: ReturnType<typeof gauge>[]) => ({
    threadId: 0,
    timeUnixNano: BigInt64Array.of(1n, 2n),
    metrics
  })
  const sender = { resource: {}, scopeName: 'test', scopeVersion: '1' }
  const bytes = encodeMetricsRequest(sender, [
    batch(gauge('never', NaN, NaN), gauge('later', NaN, NaN)),
    batch(gauge('never', NaN, NaN), gauge('later', NaN, 3))
  ])
  const request = JSON.stringify(decodeMessage(requestTypes.metrics, bytes))
  expect(request).toContain('"later"')
  expect(request).not.toContain('"never"')
})
