import { expect, test } from 'vitest'
import { diffCallTrees } from '../../src/recording/diff-call-trees.ts'
import type { CallTreeDiff } from '../../src/recording/diff-call-trees.ts'
import { recordingFromText } from '../helpers/recording-from-text.ts'
import { recordingOfLines } from '../helpers/recording-of-lines.ts'

const before = recordingFromText(`
  0ms     1ms     2ms     3ms
  main    main    main    (idle)
  load    load    send
  parse
`)
const after = recordingFromText(`
  0ms     1ms     2ms     3ms     4ms
  main    main    main    main    (idle)
  load    load    load    check
  parse   parse   parse
`)

function asText({ frames, frame, parent, a, b }: CallTreeDiff): string[] {
  const path = (node: number): string =>
    (parent[node]! < 0 ? '' : `${path(parent[node]!)} › `) + frames.name[frame[node]!]!
  const ms = (times: Float64Array, node: number): number => times[node]! / 1e6
  return frame
    .map(
      (_, node) =>
        `${path(node)} ${ms(a.total, node)} (${ms(a.self, node)}) → ${ms(b.total, node)} (${ms(b.self, node)})`
    )
    .sort()
}

test('calls of the same functions under the same callers are one node with the times of both', () => {
  expect(asText(diffCallTrees([before], [after]))).toEqual([
    'main 3 (0) → 4 (0)',
    'main › check 0 (0) → 1 (1)',
    'main › load 2 (1) → 3 (0)',
    'main › load › parse 1 (1) → 3 (3)',
    'main › send 1 (1) → 0 (0)'
  ])
})

test('busy time leaves out what was idle', () => {
  expect(diffCallTrees([before], [after]).busy).toEqual({ a: 3e6, b: 4e6 })
})

test('a function whose line moved is the same one, and has the line of B', () => {
  const diff = diffCallTrees([recordingOfLines([10])], [recordingOfLines([14])])
  expect(asText(diff)).toEqual(['load 1 (1) → 1 (1)'])
  expect(diff.frames.line).toEqual([14])
})

test('functions of one name in two files are two', () => {
  expect(
    asText(diffCallTrees([recordingOfLines([1])], [recordingOfLines([1], { url: 'file:///other.js' })]))
  ).toEqual(['load 0 (0) → 1 (1)', 'load 1 (1) → 0 (0)'])
})

test('threads of a run, and its parts, are summed', () => {
  const parts = [recordingOfLines([1]), recordingOfLines([1], { threadId: 3 })]
  expect(asText(diffCallTrees(parts, [recordingOfLines([1])]))).toEqual(['load 2 (2) → 1 (1)'])
})

test('a run without samples has no time, and two of them give nothing', () => {
  const empty = recordingFromText('0ms')
  expect(asText(diffCallTrees([empty], [recordingOfLines([1])]))).toEqual(['load 0 (0) → 1 (1)'])
  expect(diffCallTrees([], [])).toMatchObject({ frame: [], busy: { a: 0, b: 0 }, truncated: false })
})

test('beyond its limit, time of calls is time of their callers, and it says so', () => {
  const diff = diffCallTrees([before], [after], 2)
  expect(diff.truncated).toBe(true)
  expect(asText(diff)).toEqual(['main 3 (1) → 4 (1)', 'main › load 2 (2) → 3 (3)'])
})
