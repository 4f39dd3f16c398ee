import { MessageChannel } from 'node:worker_threads'
import { beforeEach, describe, expect, test } from 'vitest'
import { encodeRecording } from '../../../src/format/index.ts'
import type { Recording } from '../../../src/recording/schema.ts'
import { decodeSegment } from '../../../src/ui/data/decode-segment.ts'
import { createRecordingLoader } from '../../../src/ui/data/load-recordings.ts'
import type { LoadRequest, SegmentSource } from '../../../src/ui/data/segment-worker-protocol.ts'
import { RequestError } from '../../../src/ui/data/send-request.ts'
import { freezeRecording, transferablesOf } from '../../../src/ui/data/transfer-recording.ts'
import { nodeCodec } from '../../helpers/node-codec.ts'
import { pushLog } from '../../helpers/push-rows.ts'
import { builderFromText } from '../../helpers/recording-from-text.ts'

const epoch = 1_700_000_000_000_000_000n
const stored = new Map<string, Uint8Array>()
let fetched: string[] = []

/** A segment of one log, encoded as the collector would. */
async function store(name: string, body: string, ms: number, segmentEpoch = epoch): Promise<void> {
  const builder = builderFromText('0ms\nmain', segmentEpoch)
  pushLog(builder, ms, body)
  stored.set(
    `http://x/${name}`,
    await encodeRecording(builder.snapshot(), { recording: 'r', label: '' }, nodeCodec)
  )
}

function loader() {
  return createRecordingLoader(async url => {
    fetched.push(url.slice('http://x/'.length))
    const bytes = stored.get(url)
    if (!bytes) throw new RequestError(`GET ${new URL(url).pathname}`, 404, 'Expected a segment that exists')
    return bytes
  }, decodeSegment)
}

const segment = (id: string, live = false): SegmentSource => ({ id, url: `http://x/${id}`, live })
const request = (...segments: SegmentSource[]): LoadRequest => ({
  epoch,
  sources: [{ recording: 'r', segments }]
})
const bodies = (recording: Recording | undefined) =>
  recording &&
  Array.from(recording.logs.body, set => recording.strings[recording.sets.value[recording.sets.start[set]!]!])

describe('loading a recording', () => {
  beforeEach(async () => {
    stored.clear()
    fetched = []
    await store('s1', 'one', 1)
    await store('s2', 'two', 2, epoch + 1_000_000_000n)
    await store('h1', 'head', 3)
    await store('h2', 'longer head', 3)
  })

  test('merges its segments on the time of the page', async () => {
    const { recordings, failures } = await loader().load(request(segment('s1'), segment('s2')), () => {})
    const recording = recordings.get('r')!
    expect(failures).toEqual([])
    expect(bodies(recording)).toEqual(['one', 'two'])
    expect(Array.from(recording.logs.time)).toEqual([1e6, 1e9 + 2e6])
  })

  test('fetches what is sealed once, and lays the newest snapshot of the open head over it', async () => {
    const { load } = loader()
    await load(request(segment('s1'), segment('h1', true)), () => {})
    const { recordings } = await load(request(segment('s1'), segment('s2'), segment('h2', true)), () => {})
    expect(bodies(recordings.get('r'))).toEqual(['one', 'two', 'longer head'])
    expect(fetched).toEqual(['s1', 'h1', 's2', 'h2'])
  })

  test('starts over when compaction has put another segment in the place of two', async () => {
    const { load } = loader()
    await load(request(segment('s1'), segment('s2')), () => {})
    await store('s12', 'both', 1)
    const { recordings } = await load(request(segment('s12')), () => {})
    expect(bodies(recordings.get('r'))).toEqual(['both'])
  })

  test('shows the rest where a segment is gone, and names the request', async () => {
    stored.delete('http://x/s2')
    const { recordings, failures } = await loader().load(request(segment('s1'), segment('s2')), () => {})
    expect(bodies(recordings.get('r'))).toEqual(['one'])
    expect(failures).toEqual([{ request: 'GET /s2', status: 404, message: 'Expected a segment that exists' }])
  })

  test('asks again for what failed before', async () => {
    const { load } = loader()
    const bytes = stored.get('http://x/s2')!
    stored.delete('http://x/s2')
    await load(request(segment('s1'), segment('s2')), () => {})
    stored.set('http://x/s2', bytes)
    const { recordings, failures } = await load(request(segment('s1'), segment('s2')), () => {})
    expect(bodies(recordings.get('r'))).toEqual(['one', 'two'])
    expect(failures).toEqual([])
  })

  test('says what is wrong with a damaged segment', async () => {
    stored.get('http://x/s1')!.fill(7, 20, 60)
    const { recordings, failures } = await loader().load(request(segment('s1')), () => {})
    expect(recordings.size).toBe(0)
    expect(failures).toMatchObject([{ request: 'GET /s1', message: expect.stringMatching(/Expected/) }])
  })

  test('tells how far it is', async () => {
    const told: string[] = []
    await loader().load(request(segment('s1'), segment('s2')), ({ done, total }) =>
      told.push(`${done}/${total}`)
    )
    expect(told).toEqual(['1/2', '2/2'])
  })

  test('reads of a large segment only the blocks of the window', async () => {
    const rows = 100_000
    const later = epoch + 500_000_000n
    const builder = builderFromText('0ms\nmain', later)
    for (let ms = 0; ms < rows; ms++) pushLog(builder, ms, `at ${ms}`)
    stored.set(
      'http://x/large',
      await encodeRecording(builder.snapshot(), { recording: 'r', label: '' }, nodeCodec)
    )
    const nanos = (ms: number): number => ms * 1e6
    const window = { from: nanos(50_500), to: nanos(50_600) }
    const { recordings } = await loader().load({ ...request(segment('large')), window }, () => {})
    const found = bodies(recordings.get('r'))!
    expect(found.length).toBeLessThan(rows / 2)
    expect(found.slice(found.indexOf('at 50000')).slice(0, 101)).toEqual(
      Array.from({ length: 101 }, (_, i) => `at ${50_000 + i}`)
    )
  })

  test('keeps the recordings of a trace apart', async () => {
    const { recordings } = await loader().load(
      {
        epoch,
        sources: [
          { recording: 'a', segments: [segment('s1')] },
          { recording: 'b', segments: [segment('s2')] }
        ]
      },
      () => {}
    )
    expect([bodies(recordings.get('a')), bodies(recordings.get('b'))]).toEqual([['one'], ['two']])
  })
})

test('a recording goes to another thread whole, and can’t be changed there', async () => {
  const builder = builderFromText('0ms 1ms\nmain main\n     load')
  pushLog(builder, 1, 'hello')
  const recording = builder.snapshot()
  const expected = structuredClone(recording)
  const { port1, port2 } = new MessageChannel()
  const arrived = new Promise<Recording>(resolve => port2.once('message', resolve))
  port1.postMessage(recording, transferablesOf(recording))
  const received = freezeRecording(await arrived)
  port1.close()
  expect(received).toEqual(expected)
  expect(recording.samples.time.length).toBe(0)
  expect(Object.isFrozen(received.samples) && Object.isFrozen(received.strings)).toBe(true)
})
