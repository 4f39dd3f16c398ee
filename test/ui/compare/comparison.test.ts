import { describe, expect, test } from 'vitest'
import type { RecordingSummary } from '../../../src/collector/api.ts'
import { diffFunctions } from '../../../src/recording/diff-functions.ts'
import { askedComparison } from '../../../src/ui/compare/asked-comparison.ts'
import { buildComparison, compareMerged } from '../../../src/ui/compare/build-comparison.ts'
import { framesOf } from '../../../src/ui/compare/frames-of.ts'
import { functionCells, tellSelf, tellTotals, toneOf } from '../../../src/ui/compare/function-cells.ts'
import { recordingChoices } from '../../../src/ui/compare/recording-choices.ts'
import { functionOrderOf, sortFunctions } from '../../../src/ui/compare/sort-functions.ts'
import { sumStacks, weighedThreads } from '../../../src/recording/stack-weights.ts'
import type { Recording } from '../../../src/recording/schema.ts'
import { growthColour } from '../../../src/ui/canvas/flame-colours.ts'
import { paletteOf } from '../../../src/ui/canvas/palette.ts'
import { pushLog, pushSpan } from '../../helpers/push-rows.ts'
import { builderFromText, recordingFromText } from '../../helpers/recording-from-text.ts'

const before = recordingFromText(`
  0ms     1ms     2ms     3ms     4ms
  main    main    main    main    (idle)
  load    load    send    send
`)
const after = recordingFromText(`
  0ms     1ms     2ms     3ms     4ms     5ms     6ms     7ms     8ms
  main    main    main    main    main    main    main    main    (idle)
  load    load    load    load    load    load    send    send
`)
const { functions } = diffFunctions([before], [after])
const load = functions.find(({ name }) => name === 'load')!
const send = functions.find(({ name }) => name === 'send')!

describe('the address of a comparison', () => {
  const [a, b] = ['a'.repeat(26), 'b'.repeat(26)]
  test.each([
    [undefined, undefined, { kind: 'missing' }],
    [undefined, b, { kind: 'missing' }],
    [a, undefined, { kind: 'missing' }],
    [a, a, { kind: 'same' }],
    [a, b, { kind: 'two', a, b }],
    [a, '../x', { kind: 'no id', text: '../x' }],
    ['A'.repeat(26), b, { kind: 'no id', text: 'A'.repeat(26) }]
  ])('%s and %s', (left, right, asked) => {
    expect(askedComparison(left, right)).toEqual(asked)
  })
})

describe('the table of functions', () => {
  const names = (order: Parameters<typeof sortFunctions>[1], measure: 'share' | 'time' = 'share') =>
    sortFunctions(functions, order, measure).map(({ name }) => name)

  test('is sorted by a column, by change unless the address says otherwise', () => {
    expect(names('change')).toEqual(['load', 'send', 'main'])
    expect(names('totalA')).toEqual(['main', 'load', 'send'])
    expect(names('name')).toEqual(['load', 'main', 'send'])
    expect(functionOrderOf('selfB')).toBe('selfB')
    expect(functionOrderOf('constructor')).toBe('change')
  })

  test('tells shares or times, and a dash where there is nothing', () => {
    expect(functionCells(load, 'share')).toEqual(['+25.0 pp', '50.0 %', '75.0 %', '50.0 %', '75.0 %'])
    expect(functionCells(load, 'time')).toEqual(['+4.00 ms', '2.00 ms', '6.00 ms', '2.00 ms', '6.00 ms'])
    expect(
      functionCells(
        functions.find(({ name }) => name === 'main')!,
        'time'
      )
    ).toEqual(['–', '–', '–', '4.00 ms', '8.00 ms'])
  })

  test('a change is coloured as what is shown: more time can be a smaller share', () => {
    const longer = { ...send, difference: { ...send.difference, selfMs: 1 } }
    expect([toneOf(longer, 'share'), toneOf(longer, 'time')]).toEqual(['shrank', 'grew'])
    expect(toneOf(load, 'share')).toBe('grew')
  })
})

test('a call of both runs tells both figures', () => {
  const nothing = { self: 0, total: 0, selfShare: 0, totalShare: 0 }
  const some = { self: 1e6, total: 3e6, selfShare: 0.1, totalShare: 0.3 }
  expect(tellTotals({ a: some, b: nothing })).toBe('30.0 % (3.00 ms) → nothing')
  expect(tellSelf({ a: nothing, b: some })).toBe('itself nothing → 10.0 % (1.00 ms)')
})

test('the frames of a function are found by its name and file', () => {
  const { flame } = buildComparison(before, after)
  const found = framesOf(flame.recording, key => key === 'load file:///app.js')
  expect([...found].filter(Boolean)).toHaveLength(1)
})

test('a comparison counts what is loaded, and says where nothing was sampled', () => {
  const builder = builderFromText('0ms')
  pushSpan(builder, 'a', 0, 10)
  pushLog(builder, 1, 'said', { severity: 17 })
  const { counts, withoutSamples, spans } = buildComparison(builder.snapshot(), before)
  const rows = Object.fromEntries(counts.map(({ title, a, b, change }) => [title.trim(), [a, b, change]]))
  expect(rows).toEqual({
    duration: ['10.0 ms', '4.00 ms', '−6.00 ms'],
    busy: ['0 ns', '4.00 ms', '+4.00 ms'],
    samples: ['1', '5', '+4'],
    spans: ['1', '0', '−1'],
    logs: ['1', '0', '−1'],
    error: ['1', '0', '−1']
  })
  expect(withoutSamples).toBe('A')
  expect(spans).toMatchObject([{ name: 'a', a: { count: 1 }, b: { count: 0 } }])
  expect(buildComparison(before, after).withoutSamples).toBe('')
})

test('stacks of many recordings are compared as those of one, in either order of their calls', () => {
  const side = (recording: Recording, recordings: number) => ({
    stacks: { recording, weights: sumStacks(recording, weighedThreads(recording)) },
    recordings
  })
  const merged = compareMerged(side(before, 3), side(after, 5), 'callers')
  const { functions, flame, withoutSamples } = buildComparison(before, after)
  expect(merged).toMatchObject({ functions, withoutSamples })
  expect(merged.flame.calls).toEqual(flame.calls)
  expect(merged.flame.growth).toEqual(flame.growth)
  expect(merged.counts).toEqual([
    { title: 'recordings', a: '3', b: '5', change: '+2' },
    { title: 'busy', a: '4.00 ms', b: '8.00 ms', change: '+4.00 ms' },
    { title: 'samples', a: '4', b: '8', change: '+4' }
  ])
  const inverted = compareMerged(side(before, 3), side(after, 5), 'callees')
  expect(inverted.functions).toEqual(functions)
  const outermost = [...inverted.flame.calls.depth].flatMap((depth, call) => (depth === 0 ? call : []))
  const { recording, calls } = inverted.flame
  expect(outermost.map(call => recording.strings[recording.frames.name[calls.frame[call]!]!])).toEqual([
    'load',
    'send'
  ])
  const empty = recordingFromText('0ms\n(idle)')
  expect(compareMerged(side(empty, 1), side(after, 1), 'callers').withoutSamples).toBe('A')
})

test('pickers offer the newest by label, and the chosen one whatever its age', () => {
  const many = Array.from({ length: 600 }, (_, i) => ({
    id: `r${i}`,
    label: i % 2 ? 'odd' : 'even',
    start: i * 1000
  })) as RecordingSummary[]
  const groups = recordingChoices(many, 'r3', 0)
  expect(groups.map(({ label }) => label)).toEqual(['odd', 'even'])
  const odd = groups[0]!.choices.map(({ id }) => id)
  expect([odd[0], odd.at(-2), odd.at(-1)]).toEqual(['r599', 'r101', 'r3'])
})

test('what did not change is neutral, and three times as much has the full colour, in both themes', () => {
  for (const theme of ['dark', 'light'] as const) {
    const palette = paletteOf(theme)
    const { grew, same, shrank } = palette.growth
    expect(growthColour(0, palette)).toBe(same)
    expect([growthColour(0.5, palette), growthColour(1, palette)]).toEqual([grew, grew])
    expect(growthColour(-1, palette)).toBe(shrank)
    expect([grew, same, shrank]).not.toContain(growthColour(0.2, palette))
  }
})
