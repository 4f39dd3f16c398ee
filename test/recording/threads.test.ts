import { expect, test } from 'vitest'
import { listSampledThreads, listThreads } from '../../src/recording/threads.ts'
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
