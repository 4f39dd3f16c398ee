import { expect, test } from 'vitest'
import { entriesOf, levelOfEntry } from '../../../src/instrumentation/logs/written-lines.ts'

test('what is indented, and what closes a bracket, goes on with the line before', () => {
  const stack = ['Error: no room', '    at serve (shop.js:3:1)', '    at main.js:1:1']
  const object = ['{', "  id: '27',", '  lines: [', '    1', '  ]', '}']
  expect(entriesOf([...stack, 'next', ...object, 'last'])).toEqual([
    stack.join('\n'),
    'next',
    object.join('\n'),
    'last'
  ])
  expect(entriesOf(['  first', '', '  after an empty line', 'x'])).toEqual([
    '  first',
    '',
    '  after an empty line',
    'x'
  ])
})

test.each([
  ['[Nest] 1633  - 11/28/2026, 5:36:45 AM    WARN [Orders] late', 'WARN', 13],
  ['[2026-11-28T05:36:45.000] [ERROR] default - late', 'ERROR', 17],
  ['[warn] late', 'WARN', 13],
  ['debug: late', 'DEBUG', 5],
  ['[Nest] 1633  - 11/28/2026, 5:36:45 AM     LOG [Orders] late', 'LOG', 9],
  ['no error at all', 'INFO', 9],
  ['a log: late', 'INFO', 9],
  [`${'x'.repeat(80)} ERROR`, 'INFO', 9]
])('%s is of level %s', (entry, text, number) => {
  expect(levelOfEntry(entry, 'INFO')).toEqual({ text, number })
})

test('an entry that names no level has that of its stream', () => {
  expect(levelOfEntry('late', 'ERROR')).toEqual({ text: 'ERROR', number: 17 })
})
