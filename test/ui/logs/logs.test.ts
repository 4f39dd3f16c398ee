import { describe, expect, test } from 'vitest'
import { buildLogEntries, countLevels } from '../../../src/recording/log-entries.ts'
import { filterLogs, logTexts } from '../../../src/ui/logs/filter-logs.ts'
import { fieldsLine, logAttributes } from '../../../src/ui/logs/log-attributes.ts'
import { formatLogTime } from '../../../src/ui/logs/log-time.ts'
import { highlightParts } from '../../../src/ui/widgets/highlight-parts.ts'
import { plainText } from '../../../src/ui/widgets/plain-text.ts'
import { pushLog, pushSample } from '../../helpers/push-rows.ts'
import { builderFromText, pushProfile } from '../../helpers/recording-from-text.ts'

const builder = builderFromText('0ms\nmain')
pushLog(builder, 1, 'starting', { uid: 'a', severity: 5 })
pushLog(builder, 2, '\u001b[31mno room\u001b[0m', { uid: 'b', severity: 17 })
pushLog(builder, 3, 'going on', { uid: 'c' })
pushSample(builder, pushProfile(builder, 1e9, { sampleType: 'log' }), 2, ['main', 'saveOrder'], { uid: 'b' })
const recording = builder.snapshot()
const entries = buildLogEntries(recording)
const everything = { hide: [], own: 'all', range: null, matches: null } as const

describe('the log', () => {
  test('shows all entries by time, or those of the levels, the time and the search asked for', () => {
    expect(filterLogs(entries, everything)).toEqual([0, 1, 2])
    expect(filterLogs(entries, { ...everything, hide: ['debug', 'internals'] })).toEqual([1, 2])
    expect(filterLogs(entries, { ...everything, range: { from: 1.5e6, to: 2.5e6 } })).toEqual([1])
    expect(filterLogs(entries, { ...everything, matches: Uint8Array.of(1, 0, 1) })).toEqual([0, 2])
  })

  test('shows warnings of the recorder itself and leaves out its notes, or shows all or none of them', () => {
    const [debug, error] = [entries[0]!, entries[1]!]
    const note = { ...debug, level: 'info' as const, own: true }
    const blocked = { ...debug, level: 'warn' as const, own: true }
    const mixed = [note, debug, blocked, error]
    expect(filterLogs(mixed, { ...everything, own: 'warnings' })).toEqual([1, 2, 3])
    expect(filterLogs(mixed, everything)).toEqual([0, 1, 2, 3])
    expect(filterLogs(mixed, { ...everything, own: 'none' })).toEqual([1, 3])
  })

  test('counts the program’s calls of each level', () => {
    const counts = { trace: 0, debug: 1, info: 1, warn: 0, error: 1, fatal: 0 }
    expect(countLevels(entries)).toEqual(counts)
    expect(countLevels([...entries, { ...entries[1]!, own: true }])).toEqual(counts)
  })

  test('is searched in texts without colours, in attributes, and in the functions on the stack', () => {
    expect(logTexts(recording, entries)[1]).toBe('no room\nlog.record.uid=b\nsaveOrder\nmain')
  })

  test('shows the fields that were given, not what we added', () => {
    expect(logAttributes(recording, entries[0]!)).toEqual([])
    const attributes = [
      { key: 'code.file.path', text: '/x.js' },
      { key: 'order', text: 'o\n1' },
      { key: 'long', text: 'x'.repeat(100) }
    ]
    expect(fieldsLine(attributes)).toBe(`order=o 1  long=${'x'.repeat(60)}…`)
  })
})

describe('text from programs', () => {
  test.each([
    ['no colours', '\u001b[1;31mred\u001b[0m', 'red'],
    ['no 256 colours nor 8-bit codes', '\u001b[38;5;1mx\u001b[39m \u009b4my', 'x y'],
    ['no terminal links', '\u001b]8;;http://evil\u001b\\text\u001b]8;;\u0007', 'text'],
    ['one kind of line ends', 'a\r\nb', 'a\nb'],
    ['tabs and lines stay', 'a\tb\nc', 'a\tb\nc'],
    ['other controls show', 'a\u0000b\u0007c\rd', 'a·b·c·d'],
    ['turned directions show', 'user\u202Egnp.exe', 'user·gnp.exe'],
    ['markup', '<b onclick=x>', '<b onclick=x>']
  ])('is shown as text: %s', (_name, text, shown) => {
    expect(plainText(text)).toBe(shown)
  })

  test('is cut where a search matches, without losing anything', () => {
    expect(highlightParts('abcabc', /b/i)).toEqual([
      { text: 'a', found: false },
      { text: 'b', found: true },
      { text: 'ca', found: false },
      { text: 'b', found: true },
      { text: 'c', found: false }
    ])
    const many = 'ab'.repeat(5_000)
    expect(
      highlightParts(many, /b/)
        .map(({ text }) => text)
        .join('')
    ).toBe(many)
    expect(highlightParts('abc', /x*/)).toEqual([{ text: 'abc', found: false }])
    expect(highlightParts('', /x/)).toEqual([{ text: '', found: false }])
  })
})

test('times of entries are seconds to the millisecond, with minutes and hours where there are any', () => {
  expect([-1, 0, 3.25e9, 59_999_400_000].map(formatLogTime)).toEqual(['0.000', '0.000', '3.250', '59.999'])
  expect([59_999_600_000, 62.5e9, 21_600.5e9].map(formatLogTime)).toEqual([
    '1:00.000',
    '1:02.500',
    '6:00:00.500'
  ])
})
