// Calls that a collector summed up are shown and compared as those of recordings are.
import { expect, test } from 'vitest'
import { diffCallTrees, diffWeighedStacks } from '../../src/recording/diff-call-trees.ts'
import type { CallTreeDiff } from '../../src/recording/diff-call-trees.ts'
import { diffFunctions, diffSummaries } from '../../src/recording/diff-functions.ts'
import { buildFlameCalls } from '../../src/recording/flame-calls.ts'
import { frameName, framePlace } from '../../src/recording/frame-names.ts'
import { MergedCallTree } from '../../src/recording/merged-call-tree.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { buildStackCounts } from '../../src/recording/stack-counts.ts'
import { sumStacks, weighedThreads } from '../../src/recording/stack-weights.ts'
import { stacksOfCalls } from '../../src/recording/stacks-of-calls.ts'
import { summarizeFunctions, summarizeStacks } from '../../src/recording/summary.ts'
import type { FlameFrom, WeighedStacks } from '../../src/recording/weighed-paths.ts'
import { recordingFromText } from '../helpers/recording-from-text.ts'

const before = recordingFromText(`
  0ms     1ms     2ms     3ms     4ms
  main    main    main    main    (idle)
  load    load    send    send
  parse
`)
const after = recordingFromText(`
  0ms     1ms     2ms     3ms     4ms
  main    main    main    main    (idle)
  load    load    load    main
  parse   parse           send
`)

function summedUp(recording: Recording): WeighedStacks {
  const merged = new MergedCallTree()
  merged.addCounts(buildStackCounts(recording), { row: 0, time: 0 })
  const { frames, frame, parent, self, samples } = merged.finish()
  return stacksOfCalls({ frames, frame, parent, self, samples: [...samples] })
}

const weighed = (recording: Recording): WeighedStacks => ({
  recording,
  weights: sumStacks(recording, weighedThreads(recording))
})

function drawn(stacks: WeighedStacks, from: FlameFrom): string[] {
  const { length, depth, frame, start, end, samples } = buildFlameCalls(stacks, from)
  const { recording } = stacks
  return Array.from({ length }, (_, call) => {
    const row = frame[call]!
    const where = `${frameName(recording, row)} ${framePlace(recording, row)}`
    return `${'  '.repeat(depth[call]!)}${where} ${start[call]}–${end[call]} ×${samples[call]}`
  })
}

function hiding(stacks: WeighedStacks, name: string): WeighedStacks {
  const { recording } = stacks
  const hidden = Uint8Array.from({ length: recording.frames.length }, (_, frame) =>
    frameName(recording, frame) === name ? 1 : 0
  )
  return { ...stacks, hidden }
}

test('a flame graph of them is that of the recording, in both orders', () => {
  for (const from of ['callers', 'callees'] as const) {
    const lines = drawn(summedUp(after), from)
    expect(lines).toEqual(drawn(weighed(after), from))
    expect(lines.length).toBeGreaterThan(4)
  }
})

function nodes({ frames, frame, parent, a, b }: CallTreeDiff): string[] {
  const path = (node: number): string =>
    (parent[node]! < 0 ? '' : `${path(parent[node]!)} › `) + frames.name[frame[node]!]!
  return frame.map((_, node) => `${path(node)} ${a.total[node]! / 1e6} → ${b.total[node]! / 1e6}`).sort()
}

test('their difference is that of the recordings', () => {
  const ofRecordings = diffCallTrees([before], [after])
  const diff = diffWeighedStacks(summedUp(before), summedUp(after), 'callers')
  expect(nodes(diff)).toEqual(nodes(ofRecordings))
  expect([diff.busy, diff.samples]).toEqual([ofRecordings.busy, ofRecordings.samples])
  expect(diff.samples).toEqual({ a: 4, b: 4 })
})

test('the difference by callers has at the top what the functions hold themselves', () => {
  const diff = diffWeighedStacks(summedUp(before), summedUp(after), 'callees')
  expect(nodes(diff)).toEqual([
    'load 1 → 1',
    'load › main 1 → 1',
    'parse 1 → 2',
    'parse › load 1 → 2',
    'parse › load › main 1 → 2',
    'send 2 → 1',
    'send › main 2 → 1',
    'send › main › main 0 → 1'
  ])
  expect(diff.busy).toEqual({ a: 4e6, b: 4e6 })
})

test('their functions are those of the recording, and what is left out is time of its callers', () => {
  const text = (functions: ReturnType<typeof summarizeStacks>) =>
    functions.map(({ name, selfMs, totalMs, samples }) => `${name} ${selfMs} of ${totalMs} ×${samples}`)
  const functions = text(summarizeStacks(summedUp(after)))
  expect(functions).toEqual(text(summarizeFunctions(after)))
  expect(functions).toEqual(['parse 2 of 2 ×2', 'load 1 of 3 ×3', 'send 1 of 1 ×1', 'main 0 of 4 ×4'])
  expect(text(summarizeStacks(hiding(summedUp(after), 'parse')))).toEqual([
    'load 3 of 3 ×3',
    'send 1 of 1 ×1',
    'main 0 of 4 ×4'
  ])
})

test('the difference of their functions is that of the recordings', () => {
  const functionsOf = (recording: Recording) => summarizeStacks(summedUp(recording), 'together')
  expect(diffSummaries(functionsOf(before), functionsOf(after))).toEqual(diffFunctions([before], [after]))
})
