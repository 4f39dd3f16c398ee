// A sampled worker thread that ends has crashed processes with other profilers: many of them, in every way, on each Node.
import { expect, test } from 'vitest'
import { nodeOfLine } from '../../scripts/cached-install.mjs'
import { runEndingWorkers, type EndingWorkers } from '../instrumentation/ending-workers.ts'

/** The most that was ever needed to see a crash; a few are enough to see that it works at all. */
const endings = Number(process.env.MICROLOG_TEST_WORKERS ?? 40)
const exits = Math.max(2, endings / 10)

const ended = { code: 7, signal: null, stderr: expect.stringMatching(/^(?!.*Error)/), incomplete: [] }
/** These limits only catch what hangs. */
const patience = { timeout: 1_800_000 }

test.each([20, 22, 24, 26] as const)(
  `on Node %i ${endings} worker threads end, and each is accounted for`,
  patience,
  async line => {
    const all = await runEndingWorkers(endings, 0, await nodeOfLine(line))
    expect(all).toMatchObject(ended)
    expect(all.accounted).toHaveLength(endings)
    expect(all.thrown).toBe(endings / 5)
  }
)

test.each([20, 22, 24, 26] as const)(
  `on Node %i ${exits} processes exit with live worker threads, and each is accounted for`,
  patience,
  async line => {
    const node = await nodeOfLine(line)
    const runs: EndingWorkers[] = []
    const lane = async (): Promise<void> => {
      for (let i = 0; i < exits / 2; i++) runs.push(await runEndingWorkers(0, 2, node))
    }
    await Promise.all([lane(), lane()])
    for (const run of runs) expect(run).toMatchObject(ended)
    expect(runs.map(({ accounted }) => accounted.length)).toEqual(new Array(exits).fill(2))
  }
)
