import { describe, expect, test } from 'vitest'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { rowsWithin } from '../../src/recording/rows-within.ts'
import type { Part } from '../../src/recording/rows-within.ts'
import { spanNameAttribute } from '../../src/recording/start-stacks.ts'
import { internSet, internStack, pushLog, pushSample, pushSeries, pushSpan } from '../helpers/push-rows.ts'
import { builderFromText, pushProfile } from '../helpers/recording-from-text.ts'

/** All letters of the fixtures are of this trace. */
const traceId = 'cc'.repeat(16)

const part = (fromMs: number, toMs: number, traceId?: string): Part => ({
  range: { from: fromMs * 1e6, to: toMs * 1e6 },
  traceId
})

const rowsOf = (needed: Uint8Array) => Array.from(needed.keys()).filter(row => needed[row] === 1)

describe('samples', () => {
  const sampledMs = (text: string, fromMs: number, toMs: number) => {
    const recording = builderFromText(text).snapshot()
    const { samples } = rowsWithin(recording, part(fromMs, toMs))
    return rowsOf(samples).map(row => recording.samples.time[row]! / 1e6)
  }

  test('a call that lies across an edge is needed whole, up to the sample that saw it no more', () => {
    const text = `
      0ms    1ms    2ms    3ms    4ms    5ms    6ms    7ms    8ms
      #b     #a     #b     #b     #b     #b     #b     #b     #b
      main   main   main   main   main   main   (idle) main   main
    `
    expect(sampledMs(text, 3.5, 4.5)).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('what lies further apart than a call may reach is not of one call', () => {
    const text = `
      0ms    1ms    20ms   21ms   40ms   41ms
      main   main   main   main   main   main
    `
    expect(sampledMs(text, 20.5, 21)).toEqual([1, 20, 21, 40])
  })

  test('of a thread that was not sampled meanwhile the nearest ones are needed: it was sampled', () => {
    const text = `
      0ms    1ms    90ms   91ms
      main   main   main   main
    `
    expect(sampledMs(text, 40, 50)).toEqual([1, 90])
    expect(sampledMs(text, 200, 210)).toEqual([91])
  })

  test('of the starts that only name their spans the nearest on either side are needed', () => {
    const builder = new RecordingBuilder(0n)
    const profile = pushProfile(builder, 0, { sampleType: 'span' })
    const stack = internStack(builder, ['serve'])
    for (const [ms, name] of [
      [10, 'query'],
      [20, 'query'],
      [30, 'other'],
      [55, 'query'],
      [70, 'query'],
      [80, 'query']
    ] as const) {
      const attributes = internSet(builder, { [spanNameAttribute]: name })
      builder.push('samples', { time: ms * 1e6, stack, link: 0, profile, value: 1, attributes })
    }
    expect(rowsOf(rowsWithin(builder.snapshot(), part(50, 60)).samples)).toEqual([1, 2, 3, 4])
  })
})

test('spans are needed that were open meanwhile, also those that have no end', () => {
  const builder = new RecordingBuilder(0n)
  const other = { traceId: new Uint8Array(16).fill(9) }
  const times: [number, number][] = [
    [0, 49],
    [0, 50],
    [60, 70],
    [61, 70],
    [0, NaN],
    [0, 100]
  ]
  times.forEach(([from, to], i) => pushSpan(builder, 'abcdef'[i]!, from, to, '', other))
  expect(rowsOf(rowsWithin(builder.snapshot(), part(50, 60)).spans)).toEqual([1, 2, 4, 5])
})

test('what is of the trace is needed whenever it was, of the rest what lies in the time', () => {
  const builder = builderFromText('0ms\nmain')
  const profile = pushProfile(builder, 0, { sampleType: 'log' })
  pushSpan(builder, 'a', 0, 10)
  pushSpan(builder, 'b', 0, 10, '', { traceId: new Uint8Array(16).fill(9) })
  pushLog(builder, 900, 'late', { letter: 'a' })
  pushLog(builder, 900, 'late, of nobody')
  pushLog(builder, 55, 'meanwhile')
  pushSample(builder, profile, 900, ['main'], { letter: 'a' })
  pushSample(builder, profile, 900, ['main'])
  pushSeries(builder, 'cpu', { 40: 1, 50: 2, 60: 3, 70: 4 })
  const recording = builder.snapshot()
  const { samples, spans, logs, points } = rowsWithin(recording, part(50, 60, traceId))
  expect(rowsOf(spans)).toEqual([0])
  expect(rowsOf(logs)).toEqual([0, 2])
  expect(rowsOf(samples)).toEqual([0, 1])
  expect(rowsOf(points)).toEqual([1, 2])
  expect(rowsOf(rowsWithin(recording, part(50, 60)).logs)).toEqual([2])
})
