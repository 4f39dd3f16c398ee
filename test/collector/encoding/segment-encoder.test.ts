import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { SegmentEncoder } from '../../../src/collector/encoding/segment-encoder.ts'
import { nodeCodec } from '../../../src/collector/store/node-codec.ts'
import { openRecording } from '../../../src/format/index.ts'
import type { Recording } from '../../../src/recording/schema.ts'
import { meaningOf, randomRecording } from '../../helpers/recordings.ts'
import { temporaryFolder } from '../temporary-store.ts'

const built = new URL('../../../dist/collector/encoding/sealing-worker.js', import.meta.url)
const recording = randomRecording(7, 600)
const meta = { recording: 'r'.repeat(26), label: 'sealed' }

function createEncoder(script: URL): SegmentEncoder {
  const encoder = new SegmentEncoder(script)
  onTestFinished(() => encoder.close())
  return encoder
}

async function reopen(bytes: Uint8Array): Promise<Recording> {
  const source = {
    byteLength: bytes.length,
    slice: async (from: number, to: number) => bytes.subarray(from, to)
  }
  return (await openRecording(source, nodeCodec)).read()
}

/** A worker that does as the text says. */
function scriptOf(text: string): URL {
  const path = join(temporaryFolder(), 'worker.mjs')
  writeFileSync(path, text)
  return pathToFileURL(path)
}

test('the worker’s segment says what was sent to it, and what was sent is still here', async () => {
  // The same worker, which also notes what it is asked to do.
  const noted = join(temporaryFolder(), 'jobs')
  const script = scriptOf(`import { appendFileSync } from 'node:fs'
    import { parentPort } from 'node:worker_threads'
    parentPort.on('message', ({ job }) => appendFileSync('${noted}', Object.keys(job).join() + ';'))
    import '${built}'`)
  const encoder = createEncoder(script)
  const meaning = meaningOf(recording)
  const both = await Promise.all([encoder.encode(recording, meta), encoder.encode(recording, meta)])
  expect(readFileSync(noted, 'utf8')).toBe('encode;encode;')
  for (const bytes of both) expect(meaningOf(await reopen(bytes))).toEqual(meaning)
  expect(meaningOf(recording)).toEqual(meaning)
})

test.each([
  ['isn’t there', new URL('none.mjs', import.meta.url)],
  ['throws', `throw new Error('no')`],
  [
    'dies amid a job',
    `import { parentPort } from 'node:worker_threads'; parentPort.postMessage({ ready: true }); parentPort.on('message', () => process.exit(1))`
  ],
  [
    'can’t encode',
    `import { parentPort } from 'node:worker_threads'
     parentPort.on('message', ({ id }) => parentPort.postMessage({ id, failure: 'no' }))`
  ]
])('where the worker %s, segments are encoded all the same, again and again', async (_what, script) => {
  const encoder = createEncoder(typeof script === 'string' ? scriptOf(script) : script)
  for (let turn = 0; turn < 2; turn++) {
    expect(meaningOf(await reopen(await encoder.encode(recording, meta)))).toEqual(meaningOf(recording))
  }
})

test('closed amid a job, it does the job here', async () => {
  const encoder = createEncoder(
    scriptOf(`import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => {})`)
  )
  const bytes = encoder.encode(recording, meta)
  await encoder.close()
  expect(meaningOf(await reopen(await bytes))).toEqual(meaningOf(recording))
})
