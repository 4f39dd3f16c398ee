import { expect, test } from 'vitest'
import { changedFunctions, diffFunctions } from '../../src/recording/diff-functions.ts'
import { diffCallTrees } from '../../src/recording/diff-call-trees.ts'
import { summarizeFunctions } from '../../src/recording/summary.ts'
import { recordingFromText } from '../helpers/recording-from-text.ts'
import { recordingOfLines } from '../helpers/recording-of-lines.ts'

const before = recordingFromText(`
  0ms     1ms     2ms     3ms     4ms
  main    main    main    main    (idle)
  load    load    send    send
`)
const after = recordingFromText(`
  0ms     1ms     2ms     3ms     4ms     5ms     6ms     7ms     8ms
  main    main    main    main    main    main    main    main    (idle)
  load    load    load    load    load    load    send    check
`)

test('runs of different length are compared by shares of what was busy, the largest change first', () => {
  const { busyMs, functions } = diffFunctions([before], [after])
  expect(busyMs).toEqual({ a: 4, b: 8 })
  expect(
    functions.map(({ name, a, b, difference }) => [name, a.selfShare, b.selfShare, difference.selfShare])
  ).toEqual([
    ['send', 0.5, 0.125, -0.375],
    ['load', 0.5, 0.75, 0.25],
    ['check', 0, 0.125, 0.125],
    ['main', 0, 0, 0]
  ])
  expect(functions[1]).toMatchObject({
    file: 'file:///app.js',
    line: 1,
    a: { selfMs: 2, totalMs: 2, samples: 2 },
    b: { selfMs: 6, totalMs: 6, samples: 6 },
    difference: { selfMs: 4, totalMs: 4 }
  })
})

test('times are those that a summary of each run tells', () => {
  const { functions } = diffFunctions([before], [after])
  for (const [side, recording] of [
    ['a', before],
    ['b', after]
  ] as const) {
    for (const { name, selfMs, totalMs, samples } of summarizeFunctions(recording)) {
      const found = functions.find(entry => entry.name === name)
      expect(found?.[side], name).toMatchObject({ selfMs, totalMs, samples })
    }
  }
})

test('the busy time is that of the call trees', () => {
  const { busyMs } = diffFunctions([before], [after])
  const { busy } = diffCallTrees([before], [after])
  expect({ a: busyMs.a * 1e6, b: busyMs.b * 1e6 }).toEqual(busy)
})

test('a function whose line moved is the same one, and has the line of B', () => {
  const { functions } = diffFunctions([recordingOfLines([10])], [recordingOfLines([14])])
  expect(functions).toHaveLength(1)
  expect(functions[0]).toMatchObject({ line: 14, a: { selfMs: 1 }, b: { selfMs: 1 } })
})

test('the parts of a run are summed', () => {
  const { functions } = diffFunctions(
    [recordingOfLines([10]), recordingOfLines([10])],
    [recordingOfLines([14])]
  )
  expect(functions[0]).toMatchObject({ a: { selfMs: 2, totalMs: 2, samples: 2, selfShare: 1 } })
})

test('recursion counts once in total', () => {
  const recursive = recordingFromText(`
    0ms     1ms
    walk    walk
    walk
  `)
  const [walk] = diffFunctions([recursive], [recursive]).functions
  expect(walk).toMatchObject({ a: { selfMs: 2, totalMs: 2, totalShare: 1 }, b: { totalShare: 1 } })
})

test('functions of one name and file are one, also where they call each other', () => {
  const { functions } = diffFunctions([recordingOfLines([3, 7])], [recordingOfLines([4, 8])])
  expect(functions).toHaveLength(1)
  expect(functions[0]).toMatchObject({ a: { totalMs: 1, samples: 1 }, b: { totalMs: 1, samples: 1 } })
})

test('a run compared with itself has no change', () => {
  expect(changedFunctions(diffFunctions([after], [after]).functions)).toEqual([])
  expect(changedFunctions(diffFunctions([before], [after]).functions).map(({ name }) => name)).toEqual([
    'send',
    'load',
    'check'
  ])
})

test('a run without samples has no shares', () => {
  const { busyMs, functions } = diffFunctions([recordingFromText('0ms')], [before])
  expect(busyMs.a).toBe(0)
  expect(functions.map(({ a }) => a.selfShare)).toEqual([0, 0, 0])
})
