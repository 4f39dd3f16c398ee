import { expect, test } from 'vitest'
import type { LogLine } from '../../../src/collector/api.ts'
import { RecordingBuilder } from '../../../src/recording/recording-builder.ts'
import { findEntry, readLines, requestOfLines } from '../../../src/ui/logs/read-line.ts'
import { pushLog } from '../../helpers/push-rows.ts'

const startMs = 1_700_000_000_000

function lineAt(ms: number, body: string, uid?: string): LogLine {
  const line = { recording: 'r', label: 'shop', service: 'shop', time: startMs + ms, level: 'info', body }
  return uid === undefined ? line : { ...line, uid }
}

function recordingOf(...logs: [ms: number, body: string, uid: string, severity?: number][]) {
  const builder = new RecordingBuilder(BigInt(startMs) * 1_000_000n)
  for (const [ms, body, uid, severity = 9] of logs) pushLog(builder, ms, body, { uid, severity })
  return builder.snapshot()
}

test('a line is found by its uid', () => {
  const recording = recordingOf([1, 'same', 'a'], [2, 'same', 'b'], [3, 'same', 'c'])
  expect(findEntry(recording, lineAt(1, 'same', 'b'))).toMatchObject({ key: 'b', time: 2e6 })
  expect(findEntry(recording, lineAt(1, 'same', 'gone'))).toBeUndefined()
})

test('a line without a uid is found by its text and level, of several the nearest in time', () => {
  const recording = recordingOf(
    [1, 'same', ''],
    [5, 'same', '', 17],
    [5, 'same', ''],
    [6, 'other', ''],
    [9, 'same', '']
  )
  expect(findEntry(recording, lineAt(5.0004, 'same'))).toMatchObject({ time: 5e6, level: 'info' })
  expect(findEntry(recording, { ...lineAt(5, 'same'), spanId: 'ab'.repeat(8) })).toBeUndefined()
  expect(findEntry(recording, lineAt(5, 'another'))).toBeUndefined()
})

const segment = (id: string, from: number, to: number) => {
  return { id, from: startMs + from, to: startMs + to, bytes: 1, live: false }
}

test('of a long recording only the segments around a line are asked for, and of those what lies around it', () => {
  const segments = [
    segment('early', 0, 5_000),
    segment('here', 5_000, 60_000),
    segment('late', 63_000, 90_000)
  ]
  const request = requestOfLines(
    [lineAt(60_000, 'x')],
    segments,
    (id, { from, to }) => `/${id} ${from - startMs}-${to - startMs}`
  )
  expect(request.epoch).toBe(BigInt(startMs + 60_000) * 1_000_000n)
  expect(request.window).toEqual({ from: -2e9, to: 2e9 })
  expect(request.sources).toEqual([
    { recording: 'r', segments: [{ id: 'here', live: false, url: '/here 58000-62000' }] }
  ])
})

test('what could not be loaded is a failure, what is gone is not', async () => {
  const api = { segments: () => Promise.resolve([segment('here', 0, 10)]), segmentUrl: () => '/here' }
  const failure = { request: 'GET /here', status: 500, message: 'The disk failed' }
  const read = (failures: (typeof failure)[]) =>
    readLines(
      api as never,
      { load: () => Promise.resolve({ recordings: new Map(), failures }) },
      [lineAt(1, 'x')],
      new AbortController().signal
    )
  await expect(read([failure])).rejects.toThrow('The disk failed')
  expect(await read([])).toEqual([undefined])
})
