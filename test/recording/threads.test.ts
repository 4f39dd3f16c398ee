import { expect, test } from 'vitest'
import { countSegment } from '../../src/format/segment-counts.ts'
import { buildCalls } from '../../src/recording/calls.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { listSampledThreads, listThreads } from '../../src/recording/threads.ts'
import { internStack } from '../helpers/push-rows.ts'
import { builderFromText, pushProfile } from '../helpers/recording-from-text.ts'

test('threads are listed once each with their timing samples, the main thread first', () => {
  const builder = builderFromText(`
    0ms   1ms
    main  (idle)
  `)
  const worker = pushProfile(builder, 0, { threadId: 4, threadName: '' })
  const again = pushProfile(builder, 0, { threadId: 0, threadName: 'main' })
  const logs = pushProfile(builder, 0, { sampleType: 'log', threadId: 9, threadName: '' })
  for (const profile of [worker, again, logs]) {
    builder.push('samples', { time: 2e6, stack: 0, link: 0, profile, value: 1, attributes: 0 })
  }
  expect(listThreads(builder.snapshot())).toEqual([
    { id: 0, name: 'main', samples: 3 },
    { id: 4, name: 'worker-4', samples: 1 },
    // Never sampled, but it was there.
    { id: 9, name: 'worker-9', samples: 0 }
  ])
  expect(listSampledThreads(builder.snapshot()).map(({ id }) => id)).toEqual([0, 4])
})

test('threads of one name are told apart by their ids', () => {
  const builder = builderFromText('0ms\nmain')
  for (const threadId of [3, 5]) pushProfile(builder, 0, { threadId, threadName: 'resize.js' })
  const names = listThreads(builder.snapshot()).map(({ name }) => name)
  expect(names).toEqual(['main', 'resize.js (3)', 'resize.js (5)'])
})

/** Ticks at 0, 10 and 20 ms, once in each of the types. */
function pushTicks(
  builder: RecordingBuilder,
  types: readonly string[],
  timeOf = (ms: number) => ms * 1e6
): void {
  const stack = internStack(builder, ['serve'])
  for (const sampleType of types) {
    const profile = pushProfile(builder, 0, { sampleType })
    for (const ms of [0, 10, 20]) {
      builder.push('samples', { time: timeOf(ms), stack, link: 0, profile, value: 1, attributes: 0 })
    }
  }
}

test("another profiler's ticks are shown and counted, each once though it comes in two types", () => {
  const builder = new RecordingBuilder(0n)
  pushTicks(builder, ['samples', 'cpu', 'inuse_space'])
  const recording = builder.snapshot()
  expect(buildCalls(recording, 0).samples).toEqual(Uint32Array.of(1, 1, 1))
  expect(listSampledThreads(recording)).toMatchObject([{ id: 0, samples: 3 }])
  expect(countSegment(recording)).toMatchObject({ samples: 3, otherSamples: 6 })
})

test('samples without a time, which no flame chart can show, are not counted among those it shows', () => {
  const builder = new RecordingBuilder(0n)
  pushTicks(builder, ['cpu'], () => NaN)
  const recording = builder.snapshot()
  expect(listSampledThreads(recording)).toEqual([])
  expect(countSegment(recording)).toMatchObject({ samples: 0, otherSamples: 3 })
})

test("beside the recorder's own ticks, those of another profiler are neither shown nor counted with them", () => {
  const builder = new RecordingBuilder(0n)
  pushTicks(builder, ['cpu', 'wall'])
  const recording = builder.snapshot()
  expect(listSampledThreads(recording)).toMatchObject([{ samples: 3 }])
  expect(countSegment(recording)).toMatchObject({ samples: 3, otherSamples: 3 })
})
