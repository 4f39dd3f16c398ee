import { describe, expect, test } from 'vitest'
import { buildCallTree } from '../../src/recording/call-tree.ts'
import type { CallTree } from '../../src/recording/call-tree.ts'
import { recordingFromText } from '../helpers/recording-from-text.ts'

const recording = recordingFromText(`
  0ms     1ms     2ms     3ms     4ms
  #a      #a      #b
  (root)  (root)  (root)  (root)  (root)
  main    main    main    (idle)  main
  load    load                    load
  parse
`)

function asText({ length, frame, depth, self, total, samples }: CallTree): string {
  return Array.from({ length }, (_, node) => {
    const name = recording.strings[recording.frames.name[frame[node]!]!]!
    return `${'  '.repeat(depth[node]!)}${name} ${total[node]! / 1e6} (${self[node]! / 1e6}) ×${samples[node]!}`
  }).join('\n')
}

describe('the call tree', () => {
  test('sums the time and the samples of calls with the same callers, idle time left out', () => {
    expect(asText(buildCallTree(recording, 0))).toBe(
      ['main 4 (1) ×4', '  load 3 (2) ×3', '    parse 1 (1) ×1'].join('\n')
    )
  })

  test('of a span holds its samples alone', () => {
    const link = recording.samples.link[2]!
    expect(asText(buildCallTree(recording, 0, { link }))).toBe('main 1 (1) ×1')
  })

  test('of a stretch of time holds the samples in it', () => {
    expect(asText(buildCallTree(recording, 0, { range: { from: 1e6, to: 3e6 } }))).toBe(
      'main 2 (1) ×2\n  load 1 (1) ×1'
    )
  })

  test('of another thread is empty', () => {
    expect(buildCallTree(recording, 5).length).toBe(0)
  })
})
