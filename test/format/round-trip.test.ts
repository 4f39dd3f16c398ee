import { expect, test } from 'vitest'
import { encodeRecording, openRecording, webCodec } from '../../src/format/index.ts'
import type { Codec } from '../../src/format/index.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { recordingFromText } from '../helpers/recording-from-text.ts'
import { meaningOf, randomRecording } from '../helpers/recordings.ts'
import { memoryFile } from './memory-file.ts'

const meta = { recording: 'r', label: 'test' }

test('an empty recording comes back empty, at its epoch', async () => {
  const empty = new RecordingBuilder(-5n).snapshot()
  expect(meaningOf(await roundTrip(empty))).toEqual(meaningOf(empty))
})

test('samples come back with their stacks and times', async () => {
  const recording = recordingFromText(`
    0ms      1ms      2ms
    main     main     main
    handler  handler  idle
  `)
  expect(meaningOf(await roundTrip(recording))).toEqual(meaningOf(recording))
})

test.each(Array.from({ length: 60 }, (_, seed) => seed))(
  'random recording %i means the same afterwards',
  async seed => {
    const recording = randomRecording(seed, 5 + seed * 3)
    expect(meaningOf(await roundTrip(recording))).toEqual(meaningOf(recording))
  }
)

test('what was decoded can be encoded again, and means the same', async () => {
  const recording = randomRecording(7, 100)
  const twice = await roundTrip(await roundTrip(recording))
  expect(meaningOf(twice)).toEqual(meaningOf(recording))
})

test('the platform streams read what zlib wrote, and the other way round', async () => {
  const recording = randomRecording(8, 100)
  expect(meaningOf(await roundTrip(recording, nodeCodec, webCodec))).toEqual(meaningOf(recording))
  expect(meaningOf(await roundTrip(recording, webCodec, nodeCodec))).toEqual(meaningOf(recording))
})

async function roundTrip(
  recording: Recording,
  write: Codec = nodeCodec,
  read: Codec = write
): Promise<Recording> {
  const file = await openRecording(memoryFile(await encodeRecording(recording, meta, write)), read)
  return file.read()
}
