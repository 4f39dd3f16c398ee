// A reader that was written from docs/format.md alone reads what ours writes: so the document is enough.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readCpuprofile } from '../../src/convert/read-cpuprofile.ts'
import { encodeRecording } from '../../src/format/index.ts'
import type { EncodeOptions, Recording } from '../../src/format/index.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { randomRecording } from '../helpers/recordings.ts'
import { readContent } from './read-content.ts'
import { contentOf } from './segment-content.ts'

const meta = { recording: 'r', label: 'test' }

async function compare(recording: Recording, options?: EncodeOptions): Promise<void> {
  const bytes = await encodeRecording(recording, meta, nodeCodec, options)
  expect(readContent(bytes)).toEqual(await contentOf(bytes))
}

test.each(Array.from({ length: 40 }, (_, seed) => seed))('random recording %i reads the same', async seed => {
  await compare(randomRecording(seed, 5 + seed * 5), { rollups: seed % 2 === 0 })
})

test('an empty recording and a large profile read the same', async () => {
  await compare(new RecordingBuilder(-5n).snapshot())
  const profile = readFileSync(new URL('../fixtures/cpuprofiles/http-10ms.cpuprofile', import.meta.url))
  await compare(readCpuprofile(profile, { name: 'http-10ms', startUnixNano: 1_700_000_000_000_000_000n }), {
    rollups: true
  })
})
