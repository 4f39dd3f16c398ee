import { expect, test } from 'vitest'
import { createLogCapture } from '../../../src/instrumentation/logs/log-capture.ts'

test('of a storm of log calls each one is either recorded or counted as lost', () => {
  let sent = 0
  let lost = 0
  const capture = createLogCapture({
    emit: 'both',
    eventsPerSecond: 20_000,
    eventsPerSpan: 100,
    redact: [],
    threadId: 0,
    sendLog: () => void sent++,
    onLost: count => (lost += count),
    markStack() {},
    unixUs: () => Date.now() * 1000
  })
  for (let i = 0; i < 60_000; i++) {
    capture.record({ severity: 'INFO', body: 'again', attributes: {}, below: undefined })
  }
  expect(lost).toBeGreaterThan(0)
  expect(sent).toBeGreaterThanOrEqual(20_000)
  expect(sent + lost).toBe(60_000)
})
