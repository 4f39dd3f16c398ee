import { expect, test } from 'vitest'
import type { LinkedProfile } from '../../../src/instrumentation/record-sink.ts'
import { loopUtilization } from '../../../src/instrumentation/statuses/loop-utilization.ts'
import { createOtlpReceiver } from '../../helpers/otlp-receiver.ts'
import { registerUrl, runNode } from '../../helpers/run-node.ts'

const none = new Int32Array(0)
const noSamples = { stack: none, timeUnixUs: new Float64Array(0), link: none, endpoint: none }

/** A sample each 10 ms: `i` idle, `b` busy, `-` none. */
function profileOf(drawn: string): LinkedProfile {
  const taken = [...drawn].map((kind, i) => ({ kind, timeUs: 1_000_000 + i * 10_000 }))
  const wall = taken.filter(({ kind }) => kind !== '-')
  return {
    id: '',
    threadId: 3,
    threadName: 'main',
    intervalUs: 10_000,
    startUnixUs: 1_000_000,
    endUnixUs: 1_000_000 + drawn.length * 10_000,
    frames: {
      functionName: ['work', '(idle)'],
      url: ['/app.js', ''],
      line: Int32Array.of(1, 0),
      column: Int32Array.of(1, 0),
      startLine: Int32Array.of(1, 0)
    },
    stacks: { frame: Int32Array.of(0, 1), parent: Int32Array.of(-1, -1) },
    links: [],
    endpoints: [],
    wall: {
      ...noSamples,
      stack: Int32Array.from(wall, ({ kind }) => (kind === 'i' ? 1 : 0)),
      timeUnixUs: Float64Array.from(wall, ({ timeUs }) => timeUs)
    },
    logs: noSamples,
    spanStarts: noSamples
  }
}

test('is the share of samples that are not idle, of each ten, at their end', () => {
  const { threadId, timeUnixNano, metrics } = loopUtilization(
    profileOf('iiiiiiiiii' + 'bbbbbiiiii' + '----------' + 'bbb'),
    20
  )
  expect(threadId).toBe(3)
  expect([...timeUnixNano]).toEqual([1_100_000_000n, 1_200_000_000n, 1_330_000_000n])
  expect(metrics.map(({ name, values }) => [name, [...values]])).toEqual([
    ['nodejs.eventloop.utilization', [0, 0.5, 1]]
  ])
})

test('of a program that waits is near nothing, though it is sampled all the time', async () => {
  const receiver = await createOtlpReceiver()
  const idle = `setInterval(() => {}, 500); setTimeout(() => process.exit(), 4000)`
  await runNode(['--import', registerUrl, '-e', idle], {
    MICROLOG_OTLP_URL: receiver.url,
    OTEL_SDK_DISABLED: 'true'
  })
  await receiver.close()
  const values = receiver.points
    .filter(({ name }) => name === 'nodejs.eventloop.utilization')
    .map(({ value }) => value)
  expect(values.length).toBeGreaterThan(10)
  // The median: to start takes its time.
  expect(values.sort((a, b) => a - b)[values.length >> 1]).toBeLessThan(0.15)
})
