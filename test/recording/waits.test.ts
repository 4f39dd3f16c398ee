import { expect, test } from 'vitest'
import { spanIndexOf } from '../../src/recording/span-index.ts'
import { frameName } from '../../src/recording/frame-names.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { waitsOfSpan } from '../../src/recording/waits.ts'
import { pushSpan, pushSample } from '../helpers/push-rows.ts'
import { builderFromText, pushProfile } from '../helpers/recording-from-text.ts'

/** The stack at which a span was started, outermost first. */
function pushStart(builder: RecordingBuilder, letter: string, timeMs: number, names: string[]): void {
  const profile = pushProfile(builder, 0, { sampleType: 'span' })
  pushSample(builder, profile, timeMs, names, { letter })
}

/** So many ticks of the sampler in `serve`, from 0 ms on. */
function pushSamples(builder: RecordingBuilder, letter: string, count: number, everyMs: number): void {
  const profile = pushProfile(builder, 0)
  for (let i = 0; i < count; i++) pushSample(builder, profile, i * everyMs, ['serve'], { letter })
}

function waitsAsText(builder: RecordingBuilder, span = 0): string[] {
  const recording = builder.snapshot()
  return waitsOfSpan(recording, spanIndexOf(recording), span).map(
    ({ duration, count, held, evidence, child, frame }) => {
      const place = frame < 0 ? '?' : frameName(recording, frame)
      const name = child < 0 ? '' : ` ${recording.strings[recording.spans.name[child]!]}`
      const ofOthers = held > 0 ? `, held ${held / 1e6} ms` : ''
      return `${duration / 1e6} ms, ${count}: ${evidence}${name}, ${place}${ofOthers}`
    }
  )
}

test('a wait belongs to the child span that ran meanwhile, at the line that started it', () => {
  const builder = builderFromText(`
    0ms      1ms      11ms     12ms
    #a       #a       #a       #a
    serve    serve    serve    serve
    parse    fetch    render   render
  `)
  pushSpan(builder, 'a', 0, 12)
  pushSpan(builder, 'b', 1, 11, 'a')
  pushStart(builder, 'b', 1, ['serve', 'fetchStock'])
  expect(waitsAsText(builder)).toEqual(['9 ms, 1: child span b, fetchStock'])
})

test('without a child, it belongs to the function that went on afterwards, else to the one seen last', () => {
  const builder = builderFromText(`
    0ms      20ms       21ms
    #a       #a         #a
    serve    readAll    readAll
    read     parse      parse
  `)
  pushSpan(builder, 'a', 0, 60)
  expect(waitsAsText(builder)).toEqual(['38.5 ms, 1: last seen in, parse', '19 ms, 1: resumed in, readAll'])
})

test('children side by side are waited for once, and what they leave is a wait of its own', () => {
  const builder = builderFromText(`
    0ms      50ms
    #a       #a
    serve    answer
  `)
  pushSpan(builder, 'a', 0, 50)
  pushSpan(builder, 'b', 1, 31, 'a')
  pushSpan(builder, 'c', 1, 41, 'a')
  expect(waitsAsText(builder)).toEqual([
    '30 ms, 1: child span b, ?',
    '10 ms, 1: child span c, ?',
    '8.5 ms, 1: resumed in, answer'
  ])
})

test('waits at one place are one, and a span that only ran has none', () => {
  const builder = builderFromText(`
    0ms      20ms     40ms     41ms     42ms
    #a       #a       #a       #b       #b
    poll     poll     poll     burn     burn
  `)
  pushSpan(builder, 'a', 0, 40)
  pushSpan(builder, 'b', 41, 42)
  expect(waitsAsText(builder)).toEqual(['38 ms, 2: resumed in, poll'])
  expect(waitsAsText(builder, 1)).toEqual([])
})

test('a wait says for how long others held the loop meanwhile', () => {
  const builder = builderFromText(`
    0ms      1ms      2ms      3ms      4ms      5ms      6ms      7ms      8ms      9ms
    #a       #c       #c       #c                         #c       #a                #a
    serve    report   report   report   (idle)   (idle)   report   serve    (idle)   serve
  `)
  pushSpan(builder, 'a', 0, 9)
  pushSpan(builder, 'b', 0.5, 4, 'a')
  expect(waitsAsText(builder)).toEqual([
    '3.5 ms, 1: child span b, ?, held 3 ms',
    '2.5 ms, 1: resumed in, serve, held 0.5 ms'
  ])
})

test('where the sampler tells of idle time, what it tells nothing of is no wait', () => {
  const builder = builderFromText(`
    0ms      1ms      2ms      3ms      40ms
    #a                                  #a
    serve    (idle)   (idle)   (idle)   serve
  `)
  pushSpan(builder, 'a', 0, 40)
  expect(waitsAsText(builder)).toEqual(['5.5 ms, 1: resumed in, serve'])
})

test('of a span that nothing was seen of, only its duration is known', () => {
  const builder = builderFromText('0ms\nmain')
  pushSpan(builder, 'a', 0, 30)
  expect(waitsAsText(builder)).toEqual(['30 ms, 1: unknown, ?, held 1 ms'])
})

test('a span may have more samples than a call takes arguments', () => {
  const builder = new RecordingBuilder(0n)
  pushSpan(builder, 'a', 0, 300_100)
  pushSamples(builder, 'a', 300_001, 1)
  expect(waitsAsText(builder)).toEqual(['99.5 ms, 1: last seen in, serve'])
})

test('of very many children and gaps, each child still stands for what was waited for it alone', () => {
  const gaps = 20_000
  const builder = new RecordingBuilder(0n)
  pushSpan(builder, 'a', 0, gaps * 10)
  pushSamples(builder, 'a', gaps, 10)
  for (let i = 0; i < gaps; i++) {
    pushSpan(builder, `b${i}`, i * 10 + 1, i * 10 + 4, 'a')
    pushSpan(builder, `c${i}`, i * 10 + 2, i * 10 + 6, 'a')
    pushStart(builder, `c${i}`, i * 10 + 2, ['serve', 'ask'])
  }
  const recording = builder.snapshot()
  const waits = waitsOfSpan(recording, spanIndexOf(recording), 0)
  expect(waits).toHaveLength(2 * gaps + 2)
  const ask = waits.filter(({ frame }) => frame >= 0 && frameName(recording, frame) === 'ask')
  expect(ask).toHaveLength(gaps)
  const told = waits.map(({ evidence, duration, count }) => `${count}: ${evidence}, ${duration / 1e6} ms`)
  expect([...new Set(told)].sort()).toEqual([
    `${gaps - 1}: resumed in, ${3.5 * (gaps - 1)} ms`,
    '1: child span, 2 ms',
    '1: child span, 3 ms',
    '1: last seen in, 4 ms'
  ])
})
