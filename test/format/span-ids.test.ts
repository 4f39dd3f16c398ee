import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { nodeCodec } from '../../src/collector/store/node-codec.ts'
import { encodeRecording, openRecording } from '../../src/format/index.ts'
import { blockKind, codecId } from '../../src/format/layout.ts'
import { memorySource } from '../../src/format/memory-source.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { pushSpan } from '../helpers/push-rows.ts'

test.each([
  ['one process has all traces in their order', 1, codecId.stored],
  ['each of many has some of them', 20, codecId.deflateRaw]
])('ids of spans are deflated where more than ids is beside them: %s', async (_, processes, codec) => {
  const builder = new RecordingBuilder(0n)
  const traces = Array.from({ length: 400 }, () => randomBytes(16))
  for (let process = 0; process < processes; process++) {
    const resource = builder.intern('resources', { attributes: 0, droppedAttributes: process, schemaUrl: 0 })
    for (const [at, traceId] of traces.entries()) {
      if (processes > 1 && Math.imul(at * 31 + process, 0x9e3779b1) >>> 30 !== 0) continue
      pushSpan(builder, 'a', at, at + 1, '', { traceId, spanId: randomBytes(8), resource })
    }
  }
  const meta = { recording: 'r'.repeat(26), label: '' }
  const bytes = await encodeRecording(builder.finish(), meta, nodeCodec)
  const file = await openRecording(memorySource(bytes), nodeCodec)
  expect(file.footer.blocks.find(({ kind }) => kind === blockKind.spanIds)!.codec).toBe(codec)
  expect((await file.read(['spans'])).spans.length).toBe(file.footer.counts.spans)
})
