import { expect, test } from 'vitest'
import { loopShares } from '../../src/recording/loop-holders.ts'
import { sumLoopOfSpans } from '../../src/recording/loop-of-spans.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { spanIndexOf } from '../../src/recording/span-index.ts'
import { pushSample, pushSpan } from '../helpers/push-rows.ts'
import { builderFromText, pushProfile } from '../helpers/recording-from-text.ts'

function sumsAsText(builder: RecordingBuilder, ...groups: number[][]): string[] {
  const recording = builder.snapshot()
  return sumLoopOfSpans(recording, spanIndexOf(recording), groups).map(
    ({ own, others, waiting, unknown }) =>
      `own ${own / 1e6}, others ${others / 1e6}, waiting ${waiting / 1e6}, unknown ${unknown / 1e6} ms`
  )
}

test('spans of a group are summed, with what ran below them, and with each other', () => {
  const builder = builderFromText(`
    0ms      1ms      2ms      3ms      4ms      5ms      6ms
    #a       #b       #c       #c                (idle)   #a
    serve    query    serve    serve    tick              serve
  `)
  pushSpan(builder, 'a', 0, 7)
  pushSpan(builder, 'b', 1, 2, 'a')
  pushSpan(builder, 'c', 2, 6)
  // To each of the two, the other one is another.
  expect(sumsAsText(builder, [0, 2], [1], [])).toEqual([
    'own 5, others 4, waiting 2, unknown 0 ms',
    'own 1, others 0, waiting 0, unknown 0 ms',
    'own 0, others 0, waiting 0, unknown 0 ms'
  ])
})

test('what a span within one of its group ran, both ran; time without samples is not known', () => {
  const builder = builderFromText(`
    0ms      1ms      2ms
    #b       #b       #a
    serve    serve    serve
  `)
  pushSpan(builder, 'a', 0, 10)
  pushSpan(builder, 'b', 0, 2, 'a')
  expect(sumsAsText(builder, [0, 1])).toEqual(['own 5, others 0, waiting 0, unknown 7 ms'])
})

test('tells of a single span what is told of it by itself', () => {
  const builder = new RecordingBuilder(0n)
  const profile = pushProfile(builder, 0)
  for (let i = 0; i < 400; i++) {
    const idle = i % 7 < 2
    pushSample(
      builder,
      profile,
      i * 1.3,
      idle ? ['(idle)'] : ['serve'],
      idle ? {} : { letter: 'abcd'[i % 4]! }
    )
  }
  for (const [i, letter] of [...'abcd'].entries()) pushSpan(builder, letter, 10 + i * 20.7, 300 + i * 31.1)
  const recording = builder.snapshot()
  const index = spanIndexOf(recording)
  const sums = sumLoopOfSpans(recording, index, [[0], [1], [2], [3]])
  for (const [span, { own, others, waiting }] of sums.entries()) {
    const alone = loopShares(recording, index, span)!
    expect([own, others, waiting].map(ns => Math.round(ns))).toEqual(
      [alone.own, alone.others, alone.waiting].map(ns => Math.round(ns))
    )
  }
})
