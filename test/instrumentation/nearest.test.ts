import { expect, test } from 'vitest'
import { nearest } from '../../src/instrumentation/nearest.ts'

test.each([
  ['exprot', 'export'],
  ['improt', 'import'],
  ['sl', 'ls'],
  ['srve', 'serve'],
  ['nope', undefined],
  ['x', undefined]
])('%s was meant as %s', (word, meant) => {
  expect(nearest(word, ['run', 'serve', 'ls', 'show', 'export', 'import', 'compact', 'rm'])).toBe(meant)
})
