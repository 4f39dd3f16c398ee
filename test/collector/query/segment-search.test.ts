import { readdirSync, writeFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { OpenSegment } from '../../../src/collector/store/segment.ts'
import { linesOfSegment } from '../../../src/collector/query/segment-lines.ts'
import { SegmentSearch } from '../../../src/collector/query/segment-search.ts'
import { nodeCodec } from '../../../src/collector/store/node-codec.ts'
import { encodeRecording, openRecording } from '../../../src/format/index.ts'
import { RecordingBuilder } from '../../../src/recording/recording-builder.ts'
import { pushLog } from '../../helpers/push-rows.ts'
import { randomRecording } from '../../helpers/recordings.ts'
import { temporaryFolder } from '../temporary-store.ts'

const built = new URL('../../../dist/collector/query/search-worker.js', import.meta.url)
const nowhere = new URL('none.mjs', import.meta.url)

function createSearch(script: URL): SegmentSearch {
  const search = new SegmentSearch({ script })
  onTestFinished(() => search.close())
  return search
}

/** `readings`: the bytes that the segment was asked for, apart from its file, which was opened here. */
async function createSegment(): Promise<{ opened: OpenSegment; readings: [number, number][] }> {
  const recording = randomRecording(7, 1500)
  const bytes = await encodeRecording(recording, { recording: 'r'.repeat(26), label: 'shop' }, nodeCodec)
  const slice = async (from: number, to: number) => bytes.subarray(from, to)
  const readings: [number, number][] = []
  const segment = {
    recording: 'r'.repeat(26),
    id: 's',
    bytes: bytes.length,
    read(from: number, to: number) {
      readings.push([from, to])
      return slice(from, to)
    }
  } as unknown as OpenSegment['segment']
  const file = await openRecording({ byteLength: bytes.length, slice }, nodeCodec)
  return { opened: { segment, file }, readings }
}

const askAll = (search: SegmentSearch, opened: OpenSegment): Promise<unknown[]> =>
  Promise.all([
    search.ask('logLines', opened, {
      recording: 'r'.repeat(26),
      filter: { oldestFirst: false, levels: new Set(['warn', 'error']) },
      page: { limit: 20, after: undefined }
    }),
    search.ask('tracesWithAttribute', opened, { key: 'http.route', value: '' }),
    search.ask('sampledCalls', opened, { from: -Infinity, to: Infinity }),
    search.ask('cutSegment', opened, { from: 1_700_000_000_000, to: 1_700_000_000_001, traceId: undefined })
  ])

test('a thread aside answers as this one does, with bytes that this one reads', async () => {
  const { opened, readings } = await createSegment()
  const aside = createSearch(built)
  const answers = await askAll(aside, opened)
  const asked = readings.length
  expect(asked).toBeGreaterThanOrEqual(3)

  const here = createSearch(nowhere)
  expect(await askAll(here, opened)).toEqual(answers)
  expect(readings).toHaveLength(asked)
  const [lines] = answers as [unknown[]]
  expect(lines).toHaveLength(21)
})

test.runIf(process.platform === 'linux')('threads aside let those go first that take data in', async () => {
  const { opened } = await createSegment()
  const before = niceThreads()
  await askAll(createSearch(built), opened)
  expect(niceThreads()).toBeGreaterThan(before)
})

/** Of this process, those that give way to others of usual importance. */
function niceThreads(): number {
  const priorities = readdirSync('/proc/self/task').map(id => getPriority(Number(id)))
  return priorities.filter(priority => priority > getPriority()).length
}

test.each([
  ['throws', `throw new Error('no')`],
  [
    'dies before it takes jobs',
    `import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => process.exit(1))`
  ]
])('where the thread %s, questions are answered all the same, again and again', async (_what, text) => {
  const { opened } = await createSegment()
  const path = join(temporaryFolder(), 'worker.mjs')
  writeFileSync(path, text)
  const search = createSearch(pathToFileURL(path))
  const expected = await askAll(createSearch(nowhere), opened)
  for (let turn = 0; turn < 2; turn++) expect(await askAll(search, opened)).toEqual(expected)
})

test('a question that a thread ends over fails, and is not asked again on the thread that takes data', async () => {
  const { opened } = await createSegment()
  const path = join(temporaryFolder(), 'worker.mjs')
  const ending = `import { parentPort } from 'node:worker_threads'
    parentPort.on('message', () => process.exit(1))
    parentPort.postMessage({ ready: true })`
  writeFileSync(path, ending)
  const search = createSearch(pathToFileURL(path))
  const read = (): never => {
    throw new Error('It is asked here')
  }
  const file = { ...opened.file, read }
  await expect(
    search.ask('tracesWithAttribute', { segment: opened.segment, file }, { key: 'http.route', value: '' })
  ).rejects.toThrow('The thread microlog-search ended amid this: exit code 1')
})

test('a damaged segment is refused by the thread aside, and is not read again on the one that takes data', async () => {
  const { opened } = await createSegment()
  const [block] = opened.file.footer.blocks
  const damaged = async (from: number, to: number): Promise<Uint8Array> => {
    const bytes = (await opened.segment.read(from, to)).slice()
    if (from <= block!.offset && block!.offset < to) bytes[block!.offset - from]! ^= 1
    return bytes
  }
  const segment = { ...opened.segment, read: damaged }
  const read = (): never => {
    throw new Error('It is read here')
  }
  const question = { key: 'http.route', value: '' }
  const asked = createSearch(built).ask(
    'tracesWithAttribute',
    { segment, file: { ...opened.file, read } },
    question
  )
  await expect(asked).rejects.toMatchObject({
    code: 'corrupt',
    message: expect.stringContaining('checksum differs') as string
  })
})

test('a segment that is gone is an error as it is without a thread, and the next is answered aside', async () => {
  const { opened, readings } = await createSegment()
  const gone = async (): Promise<never> => {
    throw new Error('The segment is gone')
  }
  const search = createSearch(built)
  const segment = { ...opened.segment, read: gone }
  const file = { ...opened.file, read: gone }
  await expect(askAll(search, { segment, file })).rejects.toThrow('The segment is gone')
  await askAll(search, opened)
  expect(readings.length).toBeGreaterThanOrEqual(3)
})

test('segments are asked some at once, answered in order, and no further than they are taken', async () => {
  const segments = await Promise.all(Array.from({ length: 6 }, () => createSegment()))
  const search = new SegmentSearch({ script: built, threads: 2 })
  onTestFinished(() => search.close())
  const filter = { key: 'http.route', value: '' }
  const expected = await askAll(createSearch(nowhere), segments[0]!.opened)
  const opened = segments.map(segment => segment.opened)

  const seen: OpenSegment[] = []
  for await (const { opened: from, answer } of search.askEach('tracesWithAttribute', opened, () => filter)) {
    expect(answer).toEqual(expected[1])
    seen.push(from)
    if (seen.length === 3) break
  }
  expect(seen).toEqual(opened.slice(0, 3))
  // The fourth is on its way.
  await expect
    .poll(() => segments.map(({ readings }) => readings.length > 0))
    .toEqual([true, true, true, true, false, false])
})

test('a line without a uid is the same one in a head, in what it is sealed to, and in what that is put into', async () => {
  const keysOf = async (first: number, epoch: bigint) => {
    const builder = new RecordingBuilder(epoch)
    const since = Number(1_700_000_000_000_000_000n - epoch)
    for (let i = first; i < 4; i++) pushLog(builder, since / 1e6 + (i >> 1), 'tick')
    const bytes = await encodeRecording(builder.snapshot(), { recording: '', label: '' }, nodeCodec)
    const slice = async (from: number, to: number) => bytes.subarray(from, to)
    const file = await openRecording({ byteLength: bytes.length, slice }, nodeCodec)
    const page = { limit: 10, after: undefined }
    const found = await linesOfSegment(file, { recording: 'r', filter: { oldestFirst: false }, page })
    return found.map(({ key }) => key).sort()
  }
  const keys = await keysOf(0, 1_700_000_000_000_000_000n)
  expect(new Set(keys).size).toBe(4)
  expect(await keysOf(0, 1_699_999_000_000_000_000n)).toEqual(keys)
  expect(keys).toEqual(expect.arrayContaining(await keysOf(2, 1_700_000_000_000_000_000n)))
})

test.each([
  ['A.B (C) [d] $1', 'b (c) [D] $'],
  ['A.B (C) [d] $1', 'a.b'],
  ['Größe ÄNDERN', 'ändern'],
  ['back\\slash', 'K\\S'],
  ['two words', 'O W']
])('%s holds %s as people write it, and other lines do not', async (body, q) => {
  const builder = new RecordingBuilder(0n)
  pushLog(builder, 1, body)
  pushLog(builder, 2, 'axb')
  const bytes = await encodeRecording(builder.finish(), { recording: 'r', label: 'r' }, nodeCodec)
  const slice = (from: number, to: number) => bytes.subarray(from, to)
  const file = await openRecording({ byteLength: bytes.length, slice }, nodeCodec)
  const question = { recording: 'r', filter: { q, oldestFirst: false }, page: { limit: 9, after: undefined } }
  expect((await linesOfSegment(file, question)).map(({ line }) => line.body)).toEqual([body])
})
