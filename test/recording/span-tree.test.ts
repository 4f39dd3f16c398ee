import { describe, expect, test } from 'vitest'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { buildSpanTree } from '../../src/recording/span-tree.ts'
import { pushSpan } from '../helpers/push-rows.ts'

const traceId = 'cc'.repeat(16)
const epoch = 1_700_000_000_000_000_000n

function record(fill: (builder: RecordingBuilder) => void, at = epoch): Recording {
  const builder = new RecordingBuilder(at)
  fill(builder)
  return builder.snapshot()
}

function asText(recordings: readonly Recording[]): string {
  return buildSpanTree(recordings, traceId)
    .rows.map(row => {
      const { strings, spans } = recordings[row.recording]!
      const marks = `${row.orphan ? ' orphan' : ''}${row.error ? ' error' : ''}`
      return `${'  '.repeat(row.depth)}${strings[spans.name[row.span]!]!} ${row.start / 1e6}–${row.end / 1e6}${marks}`
    })
    .join('\n')
}

describe('the waterfall of a trace', () => {
  test('shows parents before children, children by their start, whatever order they came in', () => {
    const recording = record(builder => {
      pushSpan(builder, 'c', 5, 6, 'a')
      pushSpan(builder, 'b', 2, 4, 'a')
      pushSpan(builder, 'd', 3, 4, 'b', { statusCode: 2 })
      pushSpan(builder, 'a', 0, 10)
    })
    expect(asText([recording])).toBe('a 0–10\n  b 2–4\n    d 3–4 error\n  c 5–6')
  })

  test('joins the spans of several processes on the earliest clock', () => {
    const client = record(builder => pushSpan(builder, 'a', 0, 10), epoch + 2_000_000n)
    const server = record(builder => pushSpan(builder, 'b', 4, 6, 'a'))
    expect(asText([client, server])).toBe('a 2–12\n  b 4–6')
    expect(buildSpanTree([client, server], traceId).epoch).toBe(epoch)
  })

  test('a span whose parent is missing is a root that says so', () => {
    const recording = record(builder => {
      pushSpan(builder, 'b', 3, 4, 'x')
      pushSpan(builder, 'a', 0, 10)
    })
    expect(asText([recording])).toBe('a 0–10\nb 3–4 orphan')
  })

  test('spans that are their own ancestors are shown once each', () => {
    const recording = record(builder => {
      pushSpan(builder, 'a', 0, 10, 'b')
      pushSpan(builder, 'b', 1, 9, 'a')
      pushSpan(builder, 'c', 2, 3, 'c')
    })
    expect(asText([recording]).split('\n').length).toBe(3)
  })

  test('a span that two recordings hold is one row', () => {
    const one = record(builder => pushSpan(builder, 'a', 0, 10))
    expect(asText([one, one])).toBe('a 0–10')
  })

  test('a span that ends before its start has no length', () => {
    expect(asText([record(builder => pushSpan(builder, 'a', 5, 1))])).toBe('a 5–5')
  })

  test('ten thousand levels are walked without running out of stack', () => {
    const recording = record(builder => {
      for (let i = 0; i < 10_000; i++) {
        const id = (n: number): Uint8Array => Uint8Array.of(1, 0, 0, 0, 0, 0, n >> 8, n & 255)
        pushSpan(builder, 's', i, 20_000, '', {
          spanId: id(i),
          parentSpanId: i ? id(i - 1) : new Uint8Array(8)
        })
      }
    })
    expect(buildSpanTree([recording], traceId).rows.at(-1)?.depth).toBe(9_999)
  })
})
