import { expect, test } from 'vitest'
import { changedSpans, diffSpans } from '../../src/recording/diff-spans.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { pushSpan } from '../helpers/push-rows.ts'

/** Spans by name, with their durations in ms; a negative one failed. */
function run(durations: Record<string, number[]>): Recording {
  const builder = new RecordingBuilder(0n)
  for (const [name, all] of Object.entries(durations)) {
    for (const ms of all) pushSpan(builder, name, 5, 5 + Math.abs(ms), '', { statusCode: ms < 0 ? 2 : 0 })
  }
  return builder.snapshot()
}

test('spans are compared by name: how many, their median, the slow ones, those that failed', () => {
  const twenty = Array.from({ length: 20 }, (_, i) => i + 1)
  const [load, send] = diffSpans([run({ load: twenty, send: [3, 1] })], [run({ load: [30, -40], send: [3] })])
  expect(load).toEqual({
    name: 'load',
    a: { count: 20, medianMs: 10, p95Ms: 19, errors: 0 },
    b: { count: 2, medianMs: 30, p95Ms: 40, errors: 1 },
    difference: { count: -18, medianMs: 20, p95Ms: 21, errors: 1 }
  })
  expect(send).toMatchObject({ a: { medianMs: 1 }, b: { medianMs: 3 }, difference: { count: -1 } })
})

test('a name of one side has nothing on the other', () => {
  const [load] = diffSpans([], [run({ load: [4] })])
  expect(load).toMatchObject({ a: { count: 0, medianMs: 0, p95Ms: 0, errors: 0 }, b: { count: 1, p95Ms: 4 } })
})

test('names without any difference are no change', () => {
  const diff = diffSpans([run({ load: [4], send: [2] })], [run({ load: [4], send: [2, 2] })])
  expect(changedSpans(diff).map(({ name }) => name)).toEqual(['send'])
})
