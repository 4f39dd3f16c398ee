import { expect, test } from 'vitest'
import { openStore } from '../../../src/collector/open-store.ts'
import { buildOverview } from '../../../src/collector/query/recording-overview.ts'
import { nodeCodec } from '../../../src/collector/store/node-codec.ts'
import { encodeRecording } from '../../../src/format/index.ts'
import { RecordingBuilder } from '../../../src/recording/recording-builder.ts'
import { temporaryFolder } from '../temporary-store.ts'

test('of a recording in which nothing has a time is a moment', async () => {
  const { catalog, library } = await openStore(temporaryFolder())
  const beginMs = 1_700_000_000_000
  const recording = 'shop'.padEnd(26, '0')
  for (const [place, ms] of [beginMs + 1000, beginMs].entries()) {
    const tables = new RecordingBuilder(BigInt(ms) * 1_000_000n).snapshot()
    const bytes = await encodeRecording(tables, { recording, label: 'shop' }, nodeCodec)
    await catalog.addSegment(recording, `j-${place}-${place + 1}`, bytes)
  }
  const overview = await buildOverview(await library.open(), { stepMs: 1000 })
  expect(overview).toEqual({ stepMs: 1000, from: beginMs, to: beginMs, curves: {} })
})
