import { describe, expect, test } from 'vitest'
import { readLogError } from '../../../src/ui/widgets/log-error.ts'
import { stackTextLines } from '../../../src/ui/widgets/stack-text.ts'
import { internSet } from '../../helpers/push-rows.ts'
import { builderFromText } from '../../helpers/recording-from-text.ts'

describe('the stack of an error', () => {
  const linked = (line: string) => stackTextLines(line).map(({ place, link }) => [place, link])[0]

  test.each([
    [
      '    at load (file:///app/my%20orders.js:12:5)',
      'file:///app/my%20orders.js:12:5',
      '/app/my%20orders.js:12:5'
    ],
    ['    at async file:///app/main.js:3:1', 'file:///app/main.js:3:1', '/app/main.js:3:1'],
    ['    at Object.<anonymous> (/app/a (old)/b.js:1:2)', '/app/a (old)/b.js:1:2', '/app/a%20(old)/b.js:1:2'],
    ['    at new Cart [as make] (C:\\shop\\cart.js:7:9)', 'C:\\shop\\cart.js:7:9', '/C:/shop/cart.js:7:9']
  ])('leads into the editor from %s', (line, place, path) => {
    expect(linked(line)).toEqual([place, `vscode://file${path}`])
    const { before, after } = stackTextLines(line)[0]!
    expect(before + place + after).toBe(line)
  })

  test.each([
    'RangeError: too many at /app/a.js',
    '    at node:internal/process/task_queues:95:5',
    '    at eval (eval at run (file:///app/a.js:1:2), <anonymous>:1:1)',
    '    at load (file://host/share/a.js:1:2)',
    `    at ${'x'.repeat(5_000)} (/a.js:1:2)`
  ])('is plain text in %s', line => {
    expect(stackTextLines(line)).toEqual([{ before: line, place: '', link: '', after: '' }])
  })
})

test('a log’s error is told by its stack, and by type and message where that says something else', () => {
  const builder = builderFromText('0ms\nmain')
  const errorOf = (attributes: Record<string, string>) => {
    const named = Object.entries(attributes).map(([key, text]) => [`exception.${key}`, text])
    const set = internSet(builder, Object.fromEntries(named))
    return readLogError(builder.snapshot(), set)
  }
  expect(errorOf({ type: 'Error', message: 'no', stacktrace: 'Error: no\n    at a' })).toEqual({
    title: '',
    stack: 'Error: no\n    at a'
  })
  expect(errorOf({ type: 'E', message: 'no' })).toEqual({ title: 'E: no', stack: '' })
  expect(errorOf({})).toBeUndefined()
})
