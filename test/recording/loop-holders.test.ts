import { expect, test } from 'vitest'
import { spanIndexOf } from '../../src/recording/span-index.ts'
import { frameName } from '../../src/recording/frame-names.ts'
import { loopShares } from '../../src/recording/loop-holders.ts'
import type { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { pushSample, pushSpan } from '../helpers/push-rows.ts'
import { builderFromText, pushProfile } from '../helpers/recording-from-text.ts'

function sharesAsText(builder: RecordingBuilder, span = 0): string[] {
  const recording = builder.snapshot()
  const shares = loopShares(recording, spanIndexOf(recording), span)
  if (shares === undefined) return []
  const ms = (ns: number) => `${ns / 1e6} ms`
  return [
    `own ${ms(shares.own)}, others ${ms(shares.others)}, waiting ${ms(shares.waiting)}, of ${shares.samples}`,
    ...shares.holders.map(
      ({ endpoint, duration, frame }) => `${endpoint || '-'}: ${ms(duration)}, ${frameName(recording, frame)}`
    )
  ]
}

test('a span’s time is its own and its children’s, that of others, or a wait', () => {
  const builder = builderFromText(`
    0ms      1ms      2ms      3ms      4ms      5ms      6ms      7ms
    #a       #b       #c       #c                (idle)   #c       #a
    serve    query    report   report   tick              report   serve
                      render   sum
  `)
  pushSpan(builder, 'a', 0.5, 7.5)
  pushSpan(builder, 'b', 0.8, 6, 'a')
  pushSpan(builder, 'c', 2, 7)
  expect(sharesAsText(builder)).toEqual([
    'own 2 ms, others 4 ms, waiting 1 ms, of 8',
    'c: 3 ms, render',
    '-: 1 ms, tick'
  ])
})

test('only what lies within the span counts, and a stretch without samples for nobody', () => {
  const builder = builderFromText(`
    0ms      1ms      20ms     21ms
    #a       #a       #a       #a
    main     main     main     main
  `)
  pushSpan(builder, 'b', 1.5, 20.5)
  expect(sharesAsText(builder)).toEqual(['own 0 ms, others 3 ms, waiting 0 ms, of 2', '-: 3 ms, main'])
})

test('of a span at whose time its thread was not sampled, nothing is told', () => {
  const builder = builderFromText('0ms\nmain')
  pushSpan(builder, 'a', 500, 600)
  expect(sharesAsText(builder)).toEqual([])
})

test('of a span without an end nothing is told', () => {
  const builder = builderFromText('0ms      1ms\nmain     main')
  pushSpan(builder, 'a', 0, NaN)
  expect(sharesAsText(builder)).toEqual([])
})

test('what ran in a span that is not here is not taken for what ran in none', () => {
  const builder = builderFromText(`
    0ms      1ms      2ms      3ms
    #x       #x                #a
    load     load     tick     serve
  `)
  pushSpan(builder, 'a', 0, 4)
  const recording = builder.snapshot()
  const holders = loopShares(recording, spanIndexOf(recording), 0)!.holders
  expect(holders.map(({ endpoint, duration, link }) => [endpoint, duration / 1e6, link > 0])).toEqual([
    ['', 2, true],
    ['', 1, false]
  ])
})

test('a span is of the thread that ran it, however busy a worker thread was for it', () => {
  const builder = builderFromText(`
    0ms      1ms      2ms      3ms
    #a       (idle)   (idle)   (idle)
    serve
  `)
  pushSpan(builder, 'a', 0, 4)
  pushSpan(builder, 'b', 0, 4, 'a')
  const worker = pushProfile(builder, 0, { threadId: 1, threadName: 'worker' })
  for (let ms = 0; ms < 4; ms++) pushSample(builder, worker, ms, ['job'], { letter: 'b' })
  expect(sharesAsText(builder)).toEqual(['own 1 ms, others 0 ms, waiting 3 ms, of 4'])
  expect(sharesAsText(builder, 1)).toEqual(['own 4 ms, others 0 ms, waiting 0 ms, of 4'])
})
