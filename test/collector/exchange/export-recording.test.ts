import { gunzipSync } from 'node:zlib'
import { Profile } from 'pprof-format'
import { expect, test } from 'vitest'
import { exportRecording } from '../../../src/collector/exchange/export-recording.ts'
import { nodeCodec } from '../../../src/collector/store/node-codec.ts'
import { encodeRecording, openRecording } from '../../../src/format/index.ts'
import type { RecordingFile } from '../../../src/format/index.ts'
import { memorySource } from '../../../src/format/memory-source.ts'
import { pushSpan } from '../../helpers/push-rows.ts'
import { builderFromText } from '../../helpers/recording-from-text.ts'

const dayNs = 86_400_000_000_000n

async function segmentAt(day: bigint, spans = 1): Promise<RecordingFile> {
  const builder = builderFromText('0ms\nmain', 1_700_000_000_000_000_000n + day * dayNs)
  for (let i = 0; i < spans; i++) pushSpan(builder, 'GET /', i, 1)
  const meta = { recording: 'shop', label: 'shop' }
  return openRecording(memorySource(await encodeRecording(builder.snapshot(), meta, nodeCodec)), nodeCodec)
}

test('OTLP is written a request at a time, as whoever takes it asks for more', async () => {
  const chunks = await exportRecording([await segmentAt(0n, 10_000)], 'otlp')
  expect(Array.isArray(chunks)).toBe(false)
  const lines = [...chunks].map(chunk => Buffer.from(chunk).toString())
  expect(lines.length).toBeGreaterThan(1)
  for (const line of lines) expect(line).toMatch(/^\{.*\}\n$/)
})

test.each(['microlog', 'cpuprofile', 'pprof', 'speedscope', 'html', 'microlog-python'])(
  'what is too long for one %s file is refused, not cut',
  async format => {
    const files = [await segmentAt(0n), await segmentAt(60n)]
    await expect(exportRecording(files, format)).rejects.toMatchObject({
      code: 'too-large',
      message: `Expected a recording of at most 52 days for one ${format} file: export it as otlp, which has no such limit`
    })
    expect([...(await exportRecording(files, 'otlp'))].length).toBeGreaterThan(1)
  }
)

test('pprof is gzipped, as its tools keep it, and both it and speedscope name the recording', async () => {
  const files = [await segmentAt(0n)]
  const [pprof] = await exportRecording(files, 'pprof')
  expect(Profile.decode(gunzipSync(pprof!)).stringTable.strings).toContain('shop')
  const speedscope = Buffer.concat([...(await exportRecording(files, 'speedscope'))]).toString()
  expect(JSON.parse(speedscope)).toMatchObject({ name: 'shop', profiles: [{ samples: [[0]] }] })
})
