import { describe, expect, test } from 'vitest'
import type { ApiClient, SegmentPart } from '../../../src/ui/data/api-client.ts'
import { processFacts } from '../../../src/ui/pages/process-facts.ts'
import { rangeAround } from '../../../src/ui/pages/range-around.ts'
import { epochOf } from '../../../src/ui/pages/want-recording.ts'
import { wantTrace } from '../../../src/ui/pages/want-trace.ts'
import { recordingFromText } from '../../helpers/recording-from-text.ts'

test('the heading says what is known of the process, in few words', () => {
  expect(
    processFacts({
      'process.runtime.name': 'nodejs',
      'process.runtime.version': '20.20.2',
      'process.pid': '7',
      'host.name': 'web'
    })
  ).toEqual(['Node v20.20.2', 'pid 7', 'on web'])
  expect(processFacts({})).toEqual([])
})

describe('the stretch around a moment', () => {
  const recording = recordingFromText('0ms       100000ms\nmain      main')
  test('is wide enough to see what led to it, and stays in the recording', () => {
    expect(rangeAround(50e9, recording)).toEqual({ from: 48.75e9, to: 51.25e9 })
    expect(rangeAround(0, recording)).toEqual({ from: 0, to: 1.25e9 })
  })
})

test('times of a recording count from its start to the microsecond', () => {
  expect(Number(epochOf(1_700_000_000_000.25) - 1_700_000_000_000_000_000n)).toBeCloseTo(250_000, -3)
})

test('a trace wants each of its recordings once, and looks again while it may grow', async () => {
  const detail = {
    ...{ traceId: 't', service: 's', name: 'n', spans: 1, errors: 0, logs: 0, samples: 0 },
    ...{ start: Date.now() - 1_000, durationMs: 10 },
    segments: [
      { recording: 'a', segment: '1' },
      { recording: 'b', segment: '2' },
      { recording: 'a', segment: '3' }
    ]
  }
  const api = {
    trace: async () => detail,
    segmentUrl: (recording: string, segment: string) => `${recording}/${segment}`
  } as unknown as ApiClient
  const wanted = await wantTrace(api, 't', new AbortController().signal)
  expect(wanted.live).toBe(true)
  expect(
    wanted.request.sources.map(({ recording, segments }) => [recording, segments.map(({ url }) => url)])
  ).toEqual([
    ['a', ['a/1', 'a/3']],
    ['b', ['b/2']]
  ])
  detail.start -= 60_000
  expect((await wantTrace(api, 't', new AbortController().signal)).live).toBe(false)
})

test('of its segments a trace wants its own seconds, and other ones once it has grown', async () => {
  const detail = {
    ...{ traceId: 'cc', service: 's', name: 'n', spans: 1, errors: 0, logs: 0, samples: 0 },
    ...{ start: 1_700_000_000_500, durationMs: 400, segments: [{ recording: 'a', segment: '1' }] }
  }
  const api = {
    trace: async () => detail,
    segmentUrl: (recording: string, segment: string, { from, to, trace }: SegmentPart) =>
      [recording, segment, from - 1_700_000_000_000, to - 1_700_000_000_000, trace].join(' ')
  } as unknown as ApiClient
  const wantedSegment = async () =>
    (await wantTrace(api, 'cc', new AbortController().signal)).request.sources[0]!.segments[0]!
  const first = await wantedSegment()
  expect(first.url).toBe('a 1 -1000 2000 cc')
  detail.durationMs = 450
  expect(await wantedSegment()).toEqual(first)
  detail.durationMs = 1_400
  const grown = await wantedSegment()
  expect(grown.url).toBe('a 1 -1000 3000 cc')
  expect(grown.id).not.toBe(first.id)
})
