import { expect, test } from 'vitest'
import { buildFlameCalls } from '../../src/recording/flame-calls.ts'
import { frameName, placeOrCaller } from '../../src/recording/frame-names.ts'
import { functionsOfCallees, functionsOfCalls } from '../../src/recording/functions-of-calls.ts'
import type { FunctionOfCalls } from '../../src/recording/functions-of-calls.ts'
import { sumStacks, weighedThreads } from '../../src/recording/stack-weights.ts'
import { recordingFromText } from '../helpers/recording-from-text.ts'

const recording = recordingFromText(`
  0ms    1ms     2ms    3ms
  main   main    main   main
  load   save    load   (gc)
  exec@  exec@   exec@
`)
const stacks = { recording, weights: sumStacks(recording, weighedThreads(recording)) }
const tell = (functions: FunctionOfCalls[]) =>
  functions.map(({ frame, own, caller }) => [
    frameName(recording, frame),
    placeOrCaller(recording, frame, caller),
    own / 1e6
  ])

test('what is part of V8 has the place of the caller for which it held most, whichever way the graph is laid out', () => {
  const expected = [
    ['exec', 'in load app.js:1', 3],
    ['(gc)', 'in main app.js:1', 1]
  ]
  expect(tell(functionsOfCalls(recording, buildFlameCalls(stacks, 'callers')))).toEqual(expected)
  expect(tell(functionsOfCallees(buildFlameCalls(stacks, 'callees')))).toEqual(expected)
})
