import { expect, test } from 'vitest'
import { MergedCallTree } from '../../src/recording/merged-call-tree.ts'
import type { MergedCalls } from '../../src/recording/merged-call-tree.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { buildStackCounts } from '../../src/recording/stack-counts.ts'
import { recordingFromText } from '../helpers/recording-from-text.ts'

const first = recordingFromText(`
  0ms     1ms     2ms
  main    main    (idle)
  load    load
  parse
`)
// Other rows for the same functions, and one that the first doesn't have.
const second = recordingFromText(`
  0ms     1ms     2ms
  listen  main    main
          parse   load
`)

function merge(recordings: readonly Recording[], limit?: number): MergedCalls {
  const merged = new MergedCallTree(limit)
  recordings.forEach((recording, row) => merged.addCounts(buildStackCounts(recording), { row, time: -row }))
  return merged.finish()
}

function asText({ frames, frame, parent, self, total, samples }: MergedCalls): string[] {
  const path = (node: number): string =>
    (parent[node]! < 0 ? '' : `${path(parent[node]!)} › `) + frames.name[frame[node]!]!
  return frame
    .map((_, node) => `${path(node)} ${total[node]! / 1e6} (${self[node]! / 1e6}) ×${samples[node]!}`)
    .sort()
}

test('functions with one name and place are one, under the same callers, whatever their rows', () => {
  expect(asText(merge([first, second]))).toEqual([
    'listen 1 (1) ×1',
    'main 4 (0) ×4',
    'main › load 3 (2) ×3',
    'main › load › parse 1 (1) ×1',
    'main › parse 1 (1) ×1'
  ])
})

test('the order of the recordings makes no difference, and none gives nothing', () => {
  expect(asText(merge([second, first]))).toEqual(asText(merge([first, second])))
  expect(merge([])).toMatchObject({ frame: [], truncated: false })
})

test('a function is in the newest of the places that it was seen in', () => {
  const { frames, seenIn } = merge([first, second])
  const places = Object.fromEntries(frames.name.map((name, row) => [name, seenIn[row]]))
  expect(places).toEqual({ main: 0, load: 0, parse: 0, listen: 1 })
})

test('beyond its limit, time of calls is time of their callers, and it says so', () => {
  const small = merge([first, second], 2)
  expect(small.truncated).toBe(true)
  expect(asText(small)).toEqual(['listen 1 (1) ×1', 'main 4 (1) ×4', 'main › load 3 (3) ×3'])
})
