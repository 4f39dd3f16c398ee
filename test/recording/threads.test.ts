import { expect, test } from 'vitest'
import { listSampledThreads, listThreads } from '../../src/recording/threads.ts'
import { rangeOfRecording } from '../../src/recording/time-range.ts'
import { pushLog, pushSpan } from '../helpers/push-rows.ts'
import { builderFromText, pushProfile, recordingFromText } from '../helpers/recording-from-text.ts'

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

test('a recording reaches from the first to the last thing in it, of whatever kind', () => {
  const builder = builderFromText('5ms\nmain')
  pushSpan(builder, 'a', 7, 20)
  pushLog(builder, 2, 'hello')
  expect(rangeOfRecording(builder.snapshot())).toEqual({ from: 2e6, to: 20e6 })
})

test('an empty recording, or one of a single moment, still has a width', () => {
  expect(rangeOfRecording(recordingFromText('0ms\nmain')).to).toBeGreaterThan(0)
  const { from, to } = rangeOfRecording(recordingFromText(''))
  expect(to).toBeGreaterThan(from)
})
