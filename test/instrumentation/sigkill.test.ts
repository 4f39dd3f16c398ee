import { expect, test } from 'vitest'
import { createOtlpReceiver } from '../helpers/otlp-receiver.ts'
import { programPath, registerUrl, startNode } from '../helpers/run-node.ts'

const linesPerSecond = 100

test('killed with SIGKILL, a program loses the logs of a second and the samples of ten at most', async () => {
  const receiver = await createOtlpReceiver()
  const started = startNode(['--import', registerUrl, programPath('talker.mjs')], {
    MICROLOG_OTLP_URL: receiver.url,
    OTEL_SDK_DISABLED: 'true'
  })
  const wall = () => receiver.profiles.filter(({ type }) => type === 'wall')
  // Three handed over: the time between two of them is what it will be.
  await expect.poll(() => wall().length, { timeout: 50_000 }).toBeGreaterThan(2)
  started.child.kill('SIGKILL')
  const { stdout, signal } = await started.ended
  await receiver.close()
  expect(signal).toBe('SIGKILL')

  const printed = stdout.trimEnd().split('\n')
  const kept = receiver.logs.map(({ body }) => body)
  expect(kept).toEqual(printed.slice(0, kept.length))
  expect(printed.length - kept.length).toBeLessThanOrEqual(linesPerSecond)
  const lastSampleMs = Math.max(...wall().map(({ endUnixMs }) => endUnixMs))
  expect(lastSampleMs).toBeGreaterThan(Number(printed[0]!.split(' ').at(-1)))
  const after = printed.filter(line => Number(line.split(' ').at(-1)) > lastSampleMs)
  expect(after.length).toBeLessThanOrEqual(10 * linesPerSecond)
})
