import { expect, test } from 'vitest'
import { spanIdAt } from '../../src/recording/ids.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { spanIndexOf } from '../../src/recording/span-index.ts'
import { pushSpan } from '../helpers/push-rows.ts'

test('a span is found by its id, of two with one id the first, and its parent is known by its row', () => {
  const builder = new RecordingBuilder(0n)
  pushSpan(builder, 'child', 1, 2, 'parent')
  pushSpan(builder, 'parent', 0, 3)
  pushSpan(builder, 'parent', 4, 5, 'elsewhere')
  const recording = builder.snapshot()
  const { spanId } = recording.spans
  const index = spanIndexOf(recording)
  expect([0, 1, 2].map(row => index.rowOf(spanIdAt(spanId, row)))).toEqual([0, 1, 1])
  expect([...index.parentOf]).toEqual([1, -1, -1])
  expect(spanIndexOf(recording)).toBe(index)
})

test('what names no span leads to none', () => {
  const builder = new RecordingBuilder(0n)
  pushSpan(builder, 'a', 0, 1)
  const recording = builder.snapshot()
  const id = spanIdAt(recording.spans.spanId, 0)
  const { rowOf, spanOfLink } = spanIndexOf(recording)
  expect(['', '0'.repeat(16), 'f'.repeat(16), id.slice(1), `${id}00`, 'x'.repeat(16)].map(rowOf)).toEqual(
    Array<number>(6).fill(-1)
  )
  // The first link is the one to nothing.
  expect(spanOfLink[0]).toBe(-1)
})

test('of spans that are each other’s ancestors one has no parent', () => {
  const builder = new RecordingBuilder(0n)
  pushSpan(builder, 'itself', 0, 1, 'itself')
  pushSpan(builder, 'below', 0, 1, 'one')
  pushSpan(builder, 'one', 0, 1, 'other')
  pushSpan(builder, 'other', 0, 1, 'one')
  expect([...spanIndexOf(builder.snapshot()).parentOf]).toEqual([-1, 2, 3, -1])
})
