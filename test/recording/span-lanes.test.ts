import { describe, expect, test } from 'vitest'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { layOutSpans } from '../../src/recording/span-lanes.ts'
import { pushSpan } from '../helpers/push-rows.ts'
import { seededRandom } from '../helpers/recordings.ts'

type Drawn = readonly [name: string, from: number, to: number, parent?: string, trace?: number]

/** The names in each lane. */
function lanesOf(spans: readonly Drawn[], most?: number): string[] {
  const builder = new RecordingBuilder(0n)
  for (const [name, from, to, parent = '', trace = 1] of spans) {
    pushSpan(builder, name, from, to, parent, { traceId: new Uint8Array(16).fill(trace) })
  }
  const recording = builder.snapshot()
  const lanes = layOutSpans(recording, most)
  return Array.from({ length: lanes.count }, (_, lane) =>
    [...lanes.row.slice(lanes.first[lane], lanes.first[lane + 1])]
      .map(span => recording.strings[recording.spans.name[span]!])
      .join(' ')
  )
}

describe('spans in lanes', () => {
  test('children lie below their parents, and below each other where they overlap', () => {
    expect(
      lanesOf([
        ['a', 0, 10],
        ['b', 1, 5, 'a'],
        ['c', 3, 8, 'a'],
        ['d', 6, 7, 'a']
      ])
    ).toEqual(['a', 'b d', 'c'])
  })

  test('traces that follow each other share lanes', () => {
    expect(
      lanesOf([
        ['a', 0, 10, '', 1],
        ['b', 10, 20, '', 2]
      ])
    ).toEqual(['a b'])
  })

  test('a trace that runs meanwhile has lanes of its own, children and all', () => {
    expect(
      lanesOf([
        ['a', 0, 10, '', 1],
        ['b', 1, 9, 'a', 1],
        ['x', 5, 12, '', 2],
        ['y', 6, 7, 'x', 2]
      ])
    ).toEqual(['a', 'b', 'x', 'y'])
  })

  test('beyond the most lanes, spans take the last one where there is room', () => {
    expect(
      lanesOf(
        [
          ['a', 0, 10, '', 1],
          ['b', 0, 10, '', 2],
          ['c', 0, 10, '', 3],
          ['d', 11, 12, 'c', 3]
        ],
        2
      )
    ).toEqual(['a', 'b d'])
  })

  test('spans of one lane never overlap, whatever they are', () => {
    const random = seededRandom(5)
    const spans: Drawn[] = Array.from({ length: 300 }, (_, i) => {
      const from = Math.floor(random() * 1000)
      return [`s${i}`, from, from + Math.floor(random() * 50), `s${Math.floor(random() * 300)}`, 1 + (i % 7)]
    })
    const builder = new RecordingBuilder(0n)
    for (const [name, from, to, parent, trace] of spans) {
      pushSpan(builder, name, from, to, parent, { traceId: new Uint8Array(16).fill(trace!) })
    }
    const lanes = layOutSpans(builder.snapshot(), 6)
    for (let lane = 0; lane < lanes.count; lane++) {
      for (let at = lanes.first[lane]! + 1; at < lanes.first[lane + 1]!; at++) {
        expect(lanes.start[at]!).toBeGreaterThanOrEqual(lanes.end[at - 1]!)
      }
    }
  })

  test('no lane beyond the most is looked for, however many spans run at once', () => {
    const builder = new RecordingBuilder(0n)
    const count = 200_000
    const traceId = new Uint8Array(16)
    for (let i = 0; i < count; i++) {
      new DataView(traceId.buffer).setUint32(0, i)
      pushSpan(builder, 'alone', i / count, 10, '', { traceId })
      pushSpan(builder, 'beside', i / count, 10, '', { traceId: new Uint8Array(16).fill(9) })
    }
    const lanes = layOutSpans(builder.snapshot(), 4)
    expect([...lanes.first]).toEqual([0, 1, 2, 3, 4])
    expect([...lanes.row]).toEqual([0, 1, 3, 2])
  })
})
