import { expect, test } from 'vitest'
import { nodeCodec } from '../../src/collector/store/node-codec.ts'
import { encodeRecording, openRecording } from '../../src/format/index.ts'
import { memorySource } from '../../src/format/memory-source.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { spanReference } from '../helpers/recording-from-text.ts'
import { pushSpan } from '../helpers/push-rows.ts'

async function namesInSegment(fill: (builder: RecordingBuilder) => void): Promise<string> {
  const builder = new RecordingBuilder(0n)
  fill(builder)
  const bytes = await encodeRecording(builder.finish(), { recording: 'r'.repeat(26), label: '' }, nodeCodec)
  const { spans, strings } = await (await openRecording(memorySource(bytes), nodeCodec)).read()
  return Array.from(spans.name, name => strings[name]).join('')
}

test('of spans that start in the same millisecond, parents come before their children, and siblings as they arrived', async () => {
  const names = await namesInSegment(builder => {
    pushSpan(builder, 'b', 5, 6)
    pushSpan(builder, 'f', 5, 6, 'c')
    pushSpan(builder, 'e', 5, 7, 'c')
    pushSpan(builder, 'd', 5, 8, 'c')
    pushSpan(builder, 'c', 5, 8, 'a')
    pushSpan(builder, 'a', 5, 9)
    pushSpan(builder, 'g', 4, 9, 'f')
  })
  expect(names).toBe('gbacfed')
})

test('spans that are above each other, or above themselves, keep their places', async () => {
  const names = await namesInSegment(builder => {
    pushSpan(builder, 'a', 5, 9, 'b')
    pushSpan(builder, 'b', 5, 9, 'c')
    pushSpan(builder, 'c', 5, 9, 'a')
    pushSpan(builder, 'd', 5, 9, 'd')
    pushSpan(builder, 'e', 5, 9, 'd', { parentSpanId: spanReference('z').spanId })
  })
  expect([...names].sort().join('')).toBe('abcde')
})
