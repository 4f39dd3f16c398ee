import { describe, expect, test } from 'vitest'
import { buildCalls } from '../../src/recording/calls.ts'
import { firstEndingAfter, lanesOfCalls, rowAt } from '../../src/recording/flame-layout.ts'
import { recordingFromText } from '../helpers/recording-from-text.ts'

const recording = recordingFromText(`
  0ms   1ms   2ms     3ms   4ms
  main  main  (idle)  main  main
  a     b             b     b
`)
const calls = buildCalls(recording, 0)
const lanes = lanesOfCalls(calls)
const nameAt = (lane: number, ms: number, slack = 0): string => {
  const row = rowAt(lanes, lane, ms * 1e6, slack * 1e6)
  return row < 0 ? '' : recording.strings[recording.frames.name[calls.frame[row]!]!]!
}

describe('calls in lanes', () => {
  test('a lane holds the calls of one depth by time', () => {
    expect([...lanes.first]).toEqual([0, 2, 5])
    expect([...lanes.start]).toEqual([0, 3e6, 0, 1e6, 3e6])
    expect([...lanes.end]).toEqual([2e6, 5e6, 1e6, 2e6, 5e6])
  })

  test('calls are laid out once, however many ask', () => {
    expect(lanesOfCalls(calls)).toBe(lanes)
  })

  test('the call at a time is the one that is open then', () => {
    expect([nameAt(0, 0), nameAt(1, 0.5), nameAt(1, 1), nameAt(1, 4.9)]).toEqual(['main', 'a', 'b', 'b'])
  })

  test('there is none in a gap, before the first, after the last and below the deepest', () => {
    expect([nameAt(0, 2.5), nameAt(0, -1), nameAt(0, 5), nameAt(2, 0), nameAt(-1, 0)]).toEqual([
      '',
      '',
      '',
      '',
      ''
    ])
  })

  test('with some slack the nearest one is found', () => {
    expect(rowAt(lanes, 0, 2.2e6, 0.5e6)).toBe(lanes.row[0])
    expect(rowAt(lanes, 0, 2.8e6, 0.5e6)).toBe(lanes.row[1])
    expect(rowAt(lanes, 0, 2.8e6, 0.1e6)).toBe(-1)
  })

  test('the search for what ends after a time stays in its lane', () => {
    expect(firstEndingAfter(lanes, 0, 99e6)).toBe(2)
    expect(firstEndingAfter(lanes, 1, -1)).toBe(2)
  })
})
