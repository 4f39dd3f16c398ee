import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { nodeCodec } from '../../src/collector/store/node-codec.ts'
import { encodeRecording, openRecording } from '../../src/format/index.ts'
import { blockKind, codecId } from '../../src/format/layout.ts'
import { memorySource } from '../../src/format/memory-source.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { pushSpan } from '../helpers/push-rows.ts'

function numbered(): () => Buffer {
  let number = 0n
  return () => {
    const id = Buffer.alloc(8)
    id.writeBigUInt64BE(++number)
    return id
  }
}

test.each([
  ['random ids alone are not', 1, () => randomBytes(8), codecId.stored],
  ['with traces that many processes share', 20, () => randomBytes(8), codecId.deflateRaw],
  ['numbers', 1, numbered(), codecId.deflateRaw]
])('ids of spans are deflated where that makes them smaller: %s', async (_, processes, spanIdOf, codec) => {
  const builder = new RecordingBuilder(0n)
  const traces = Array.from({ length: 400 }, () => randomBytes(16))
  for (let process = 0; process < processes; process++) {
    const resource = builder.intern('resources', { attributes: 0, droppedAttributes: process, schemaUrl: 0 })
    for (const [at, traceId] of traces.entries()) {
      if (processes > 1 && Math.imul(at * 31 + process, 0x9e3779b1) >>> 30 !== 0) continue
      pushSpan(builder, 'a', at, at + 1, '', { traceId, spanId: spanIdOf(), resource })
    }
  }
  const meta = { recording: 'r'.repeat(26), label: '' }
  const bytes = await encodeRecording(builder.finish(), meta, nodeCodec)
  const file = await openRecording(memorySource(bytes), nodeCodec)
  expect(file.footer.blocks.find(({ kind }) => kind === blockKind.spanIds)!.codec).toBe(codec)
  expect((await file.read(['spans'])).spans.length).toBe(file.footer.counts.spans)
})
