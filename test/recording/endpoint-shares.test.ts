import { expect, test } from 'vitest'
import { spanIndexOf } from '../../src/recording/span-index.ts'
import { endpointShares } from '../../src/recording/endpoint-shares.ts'
import { loopShares } from '../../src/recording/loop-holders.ts'
import type { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { internSet, pushSample, pushSpan } from '../helpers/push-rows.ts'
import { builderFromText, pushProfile } from '../helpers/recording-from-text.ts'

const all = { from: 0, to: 1e9 }

function sharesOf(builder: RecordingBuilder, range = all) {
  const recording = builder.snapshot()
  return endpointShares(recording, spanIndexOf(recording), range)
}

function asText(builder: RecordingBuilder, range = all): string[] {
  const ms = (ns: number) => ns / 1e6
  return sharesOf(builder, range).map(
    ({ name, spans, duration, own, others, waiting, unknown }) =>
      `${name}: ${spans} in ${ms(duration)} ms, own ${ms(own)}, others ${ms(others)}, waiting ${ms(waiting)}, unknown ${ms(unknown)}`
  )
}

/** `a` with `b` below it, and `c` beside them. */
function threeSpans(): RecordingBuilder {
  const builder = builderFromText(`
    0ms      1ms      2ms      3ms      4ms      5ms      6ms      7ms
    #a       #b       #c       #c                (idle)   #c       #a
    serve    query    report   report   tick              report   serve
  `)
  pushSpan(builder, 'a', 0.5, 7.5)
  pushSpan(builder, 'b', 0.8, 6, 'a')
  pushSpan(builder, 'c', 2, 7)
  return builder
}

test('the time of the outermost spans of a name is shared out', () => {
  expect(asText(threeSpans())).toEqual([
    'a: 1 in 7 ms, own 2, others 4, waiting 1, unknown 0',
    'c: 1 in 5 ms, own 3, others 1, waiting 1, unknown 0'
  ])
})

test('each span is told as the page of its trace tells it', () => {
  const recording = threeSpans().snapshot()
  const shares = sharesOf(threeSpans())
  for (const { worst, own, others, waiting, unknown } of shares) {
    expect(loopShares(recording, spanIndexOf(recording), worst)).toMatchObject({
      own,
      others,
      waiting,
      unknown
    })
  }
})

test('spans of one name count together, those that began in the range; the one that was held up most stands for them', () => {
  const builder = builderFromText(`
    0ms      1ms      2ms      3ms      4ms
    #a       #x       #y       #y       #z
    main     main     main     main     main
  `)
  const name = builder.strings.intern('GET /a')
  pushSpan(builder, 'a', 0, 2, '', { name })
  pushSpan(builder, 'b', 2, 5, '', { name })
  pushSpan(builder, 'c', 3, NaN, '', { name })
  expect(asText(builder)).toEqual(['GET /a: 2 in 5 ms, own 1, others 4, waiting 0, unknown 0'])
  expect(sharesOf(builder)[0]!.worst).toBe(1)
  expect(asText(builder, { from: 0, to: 2e6 })).toEqual([
    'GET /a: 1 in 2 ms, own 1, others 1, waiting 0, unknown 0'
  ])
})

test('a span is asked of the thread that ran it, and what was not sampled is unknown', () => {
  const builder = builderFromText('0ms      1ms\nmain     main')
  const worker = pushProfile(builder, 2e6, { threadId: 1, threadName: 'worker' })
  pushSample(builder, worker, 0, ['job'], { letter: 'a' })
  pushSample(builder, worker, 1, ['job'], { letter: 'a' })
  pushSpan(builder, 'a', 0, 5)
  expect(asText(builder)).toEqual(['a: 1 in 5 ms, own 2, others 0, waiting 0, unknown 3'])
})

test('spans that are each other’s parents are one', () => {
  const builder = builderFromText('0ms\n#b\nmain')
  pushSpan(builder, 'a', 0, 1, 'b')
  pushSpan(builder, 'b', 0, 1, 'a')
  expect(asText(builder)).toEqual(['b: 1 in 1 ms, own 1, others 0, waiting 0, unknown 0'])
})

test('without samples nothing is told', () => {
  const builder = builderFromText('')
  pushSpan(builder, 'a', 0, 1)
  expect(asText(builder)).toEqual([])
})

test('requests that are all called GET are told apart by their paths', () => {
  const builder = builderFromText('0ms      1ms\n#a       #b\nserve    serve')
  for (const [letter, at] of [
    ['a', 0],
    ['b', 1]
  ] as const) {
    const attributes = internSet(builder, { 'url.path': `/${letter}` })
    pushSpan(builder, letter, at, at + 1, '', { name: builder.strings.intern('GET'), kind: 2, attributes })
  }
  expect(sharesOf(builder).map(({ name, spans }) => `${name}: ${spans}`)).toEqual(['GET /a: 1', 'GET /b: 1'])
})
