// Recordings of real programs: they come back whole, and small.
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { readOtlpRequest } from '../../src/convert/otlp/read-request.ts'
import { readCpuprofile } from '../../src/convert/read-cpuprofile.ts'
import { encodeRecording, openRecording } from '../../src/format/index.ts'
import type { Recording } from '../../src/format/index.ts'
import type { OtlpSignal } from '../../src/otlp/sink.ts'
import { appendRecording } from '../../src/recording/append-recording.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { meaningOf } from '../helpers/recordings.ts'
import { memoryFile } from './memory-file.ts'

const fixtures = new URL('../fixtures/', import.meta.url)

test('spans of a shop come back whole, in at most 22 bytes each', async () => {
  const recording = await shopRecording('traces', 'spans-5k')
  const bytes = await expectRoundTrip(recording)
  expect(bytes / recording.spans.length).toBeLessThan(22)
})

test('logs of a shop come back whole', async () => {
  const recording = await shopRecording('logs', 'logs-5k')
  const bytes = await expectRoundTrip(recording)
  // Nearly half of that are ids of traces and spans that aren't there.
  expect(bytes / recording.logs.length).toBeLessThan(19)
})

test('samples of a busy server come back whole, in at most 2.3 bytes each', async () => {
  const bytes = await readFile(new URL('cpuprofiles/http-1ms.cpuprofile', fixtures))
  const recording = readCpuprofile(bytes, { name: 'http-1ms', startUnixNano: 1_700_000_000_000_000_000n })
  expect(recording.samples.length).toBeGreaterThan(27_000)
  expect((await expectRoundTrip(recording)) / recording.samples.length).toBeLessThan(2.3)
})

async function expectRoundTrip(recording: Recording): Promise<number> {
  const bytes = await encodeRecording(recording, { recording: 'r', label: 'fixture' }, nodeCodec)
  const file = await openRecording(memoryFile(bytes), nodeCodec)
  const found = meaningOf(await file.read())
  const expected = meaningOf(recording)
  for (const table of Object.keys(expected)) {
    // Compared as one text: a difference of two arrays of thousands takes minutes to print.
    expect(found[table]!.join('\n') === expected[table]!.join('\n'), table).toBe(true)
  }
  return bytes.length
}

async function shopRecording(signal: OtlpSignal, name: string): Promise<Recording> {
  const file = await readFile(new URL(`otlp/shop/${name}.lp.bin`, fixtures))
  let builder: RecordingBuilder | undefined
  for (let at = 0; at < file.length;) {
    const length = file.readUInt32LE(at)
    const body = file.subarray(at + 4, at + 4 + length)
    for (const { recording } of readOtlpRequest({
      signal,
      encoding: 'protobuf',
      bytes: body,
      identify: () => 'shop'
    }).slices) {
      builder ??= new RecordingBuilder(recording.epoch)
      appendRecording(builder, recording)
    }
    at += 4 + length
  }
  return builder!.snapshot()
}
