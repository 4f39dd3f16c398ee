import { expect, test } from 'vitest'
import { rangeOfRecording } from '../../src/recording/time-range.ts'
import { pushLog, pushSpan } from '../helpers/push-rows.ts'
import { builderFromText, recordingFromText } from '../helpers/recording-from-text.ts'

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

test('of a log without a time, when it was observed counts; of one with a time, that alone', () => {
  const builder = builderFromText('5ms\nmain')
  pushLog(builder, 1, 'sent without a time', { cells: { time: NaN } })
  pushLog(builder, 9, 'read from a file later', { cells: { observedTime: 90e6 } })
  expect(rangeOfRecording(builder.snapshot())).toEqual({ from: 1e6, to: 9e6 })
})
