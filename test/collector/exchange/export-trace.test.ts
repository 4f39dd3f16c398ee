import { expect, test } from 'vitest'
import { exportTrace } from '../../../src/collector/exchange/export-recording.ts'
import { nodeCodec } from '../../../src/collector/store/node-codec.ts'
import { encodeRecording, openRecording } from '../../../src/format/index.ts'
import { RecordingBuilder } from '../../../src/recording/recording-builder.ts'
import { memoryFile } from '../../format/memory-file.ts'
import { pushSpan } from '../../helpers/push-rows.ts'
import { Random } from '../../helpers/random.ts'

interface Exported {
  resourceSpans: { scopeSpans: { spans: { name: string; traceId: string }[] }[] }[]
}

const ofOthers = 100_000
const own = new Uint8Array(16).fill(7)
const ownId = '07'.repeat(16)

/** Many spans, one each ms, sixteen to a trace, and the given ones of one trace. */
async function manyTraces(add: (builder: RecordingBuilder) => void) {
  const builder = new RecordingBuilder(1_700_000_000_000_000_000n)
  const random = new Random(1)
  for (let i = 0; i < ofOthers; i++) {
    const traceId = new Uint8Array(16).fill(1)
    new DataView(traceId.buffer).setUint32(0, i >> 4)
    pushSpan(builder, 'other', i, 0, '', { traceId, end: i * 1e6 + random.below(5e8) })
  }
  add(builder)
  const meta = { recording: '0'.repeat(26), label: 'l', resource: {} }
  const bytes = memoryFile(await encodeRecording(builder.finish(), meta, nodeCodec))
  return { bytes, file: await openRecording(bytes, nodeCodec) }
}

function spansOf(bytes: Uint8Array) {
  const { resourceSpans } = JSON.parse(Buffer.from(bytes).toString()) as Exported
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
}

test('a trace is exported from the blocks that it lies in, not from the whole recording', async () => {
  const { bytes, file } = await manyTraces(builder => pushSpan(builder, 'own', 10, 11, '', { traceId: own }))
  let before = bytes.bytesRead
  await file.read(['spans'])
  const all = bytes.bytesRead - before
  before = bytes.bytesRead
  const spans = spansOf(await exportTrace([file], ownId))
  expect(spans).toMatchObject([{ name: 'own', traceId: ownId }])
  expect(bytes.bytesRead - before).toBeLessThan(0.6 * all)
})

test('spans without a time are exported with their trace', async () => {
  const { file } = await manyTraces(builder => {
    pushSpan(builder, 'own', 10, 11, '', { traceId: own })
    pushSpan(builder, 'timeless', NaN, NaN, '', { traceId: own })
  })
  const names = spansOf(await exportTrace([file], ownId)).map(({ name }) => name)
  expect(names.sort()).toEqual(['own', 'timeless'])
})
