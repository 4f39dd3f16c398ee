import { expect, test } from 'vitest'
import { mergeSegments } from '../../../src/collector/encoding/merge-segments.ts'
import { nodeCodec } from '../../../src/collector/store/node-codec.ts'
import { encodeRecording, openRecording } from '../../../src/format/index.ts'
import { memorySource } from '../../../src/format/memory-source.ts'
import { pushSeries } from '../../helpers/push-rows.ts'
import { Random } from '../../helpers/random.ts'
import { builderFromText } from '../../helpers/recording-from-text.ts'

const recording = 'r'.repeat(26)

/** Of a value that is never the same, each second of some: a rollup of it is as large as it. */
async function segment(number: number, seconds: number): Promise<Uint8Array> {
  const random = new Random(number)
  const builder = builderFromText('0ms\nmain', BigInt(number * seconds) * 1_000_000_000n)
  const points: Record<string, number> = {}
  for (let second = 0; second < seconds; second++) points[second * 1000] = random.next()
  pushSeries(builder, 'process.cpu.utilization', points)
  return encodeRecording(builder.snapshot(), { recording, label: '' }, nodeCodec)
}

async function merge(seconds: number) {
  const inputs = await Promise.all(
    [1, 2].map(async number => ({
      id: `j-${number}-${number + 1}`,
      writtenMs: 1,
      bytes: await segment(number, seconds)
    }))
  )
  const merged = await mergeSegments({ recording, inputs, replaces: [] })
  const file = await openRecording(memorySource(merged), nodeCodec)
  const bytesBefore = inputs.reduce((sum, { bytes }) => sum + bytes.length, 0)
  return { grows: merged.length > bytesBefore, rollup: await file.readStatusRollup(1000) }
}

test('a few rows don’t become larger by rollups, many have them even so', async () => {
  expect(await merge(300)).toEqual({ grows: false, rollup: undefined })
  expect(await merge(3000)).toMatchObject({ grows: true, rollup: expect.anything() })
})
