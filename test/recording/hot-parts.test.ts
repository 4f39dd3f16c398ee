import { expect, test } from 'vitest'
import { buildCodeParts } from '../../src/recording/code-parts.ts'
import { hotParts } from '../../src/recording/hot-parts.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { sumStacks, weighThreads } from '../../src/recording/stack-weights.ts'
import { recordingFromText } from '../helpers/recording-from-text.ts'

function asText(recording: Recording, kind: 'function' | 'package'): string[] {
  const code = buildCodeParts(recording)
  const weights = sumStacks(recording, weighThreads(recording))
  const name = (row: number) => code.parts[row]!.name
  return hotParts(recording, code, weights, kind).map(({ part, self, callers }) =>
    [
      `${name(part)} ${self / 1e6} ms`,
      ...callers.map(({ part, self }) => `${name(part)} ${self / 1e6} ms`)
    ].join(', ')
  )
}

const recording = recordingFromText(`
  0ms    1ms                            2ms                            3ms                            4ms                  5ms
  main   main                           main                           report                         (garbage collector)  (idle)
  parse  load                           load                           render@/node_modules/tpl/a.js
  parse  render@/node_modules/tpl/a.js  render@/node_modules/tpl/a.js  escape@/node_modules/tpl/b.js
         escape@/node_modules/tpl/b.js  copy@
`)

test('functions are told by their time in themselves, with the own functions that asked for it', () => {
  expect(asText(recording, 'function')).toEqual([
    'escape 2 ms, load 1 ms, report 1 ms',
    'parse 1 ms, main 1 ms',
    'render 1 ms, load 1 ms'
  ])
})

test('packages are told as one, by the functions outside of them', () => {
  expect(asText(recording, 'package')).toEqual(['tpl 3 ms, load 2 ms, report 1 ms', 'program 1 ms'])
})
