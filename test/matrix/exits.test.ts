// The ways out of a process on each release line of Node.
import { afterAll, beforeAll, describe, test } from 'vitest'
import { nodeOfLine } from '../../scripts/cached-install.mjs'
import { createOtlpReceiver, type OtlpReceiver } from '../helpers/otlp-receiver.ts'
import { checkExitWay, exitWays } from '../instrumentation/exit-ways.ts'

let receiver: OtlpReceiver
beforeAll(async () => {
  receiver = await createOtlpReceiver()
})
afterAll(() => receiver.close())

describe.each([20, 22, 24, 26] as const)('on Node %i a recorded program ends as it does unrecorded', line => {
  for (const way of exitWays) {
    test.concurrent(way.name, async () => checkExitWay(way, receiver, await nodeOfLine(line)))
  }
})
