import { expect, test } from 'vitest'
import { buildHeapCalls, listHeapSnapshots } from '../../src/recording/heap-calls.ts'
import { frameName } from '../../src/recording/frame-names.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { functionsOfCalls } from '../../src/recording/functions-of-calls.ts'
import { pushSample } from '../helpers/push-rows.ts'
import { pushProfile } from '../helpers/recording-from-text.ts'

const builder = new RecordingBuilder(0n)
function pushSnapshot(timeMs: number, bytes: Record<string, number>): void {
  const profile = pushProfile(builder, 0, { sampleType: 'heap' })
  for (const [path, value] of Object.entries(bytes))
    pushSample(builder, profile, timeMs, path.split(' > '), { value })
}
pushSnapshot(60_000, { 'main > load': 10, 'main > load > parse': 100, 'main > serve': 30 })
pushSnapshot(1000, { main: 5 })
pushSample(builder, pushProfile(builder, 0), 0, ['main'])
const recording = builder.snapshot()
const [first, second] = listHeapSnapshots(recording).map(({ profile }) => profile)

test('snapshots are the heap profiles by time, with all their bytes', () => {
  expect(listHeapSnapshots(recording)).toMatchObject([
    { time: 1e9, bytes: 5 },
    { time: 60e9, bytes: 140 }
  ])
})

test('a call is as wide as the bytes under it, callees side by side, the largest first', () => {
  const calls = buildHeapCalls(recording, second!)
  const shown = Array.from({ length: calls.length }, (_, call) => [
    frameName(recording, calls.frame[call]!),
    calls.depth[call],
    calls.start[call],
    calls.end[call],
    calls.parent[call]
  ])
  expect(shown).toEqual([
    ['main', 0, 0, 140, -1],
    ['load', 1, 0, 110, 0],
    ['parse', 2, 0, 100, 1],
    ['serve', 1, 110, 140, 0]
  ])
  expect(calls.depths).toBe(3)
  expect(buildHeapCalls(recording, first!).length).toBe(1)
})

test('functions are listed by what they allocated themselves', () => {
  const list = functionsOfCalls(recording, buildHeapCalls(recording, second!))
  expect(list.map(({ frame, own, total }) => [frameName(recording, frame), own, total])).toEqual([
    ['parse', 100, 100],
    ['serve', 30, 30],
    ['load', 10, 110]
  ])
})
