import { describe, expect, test } from 'vitest'
import { spanIndexOf } from '../../../src/recording/span-index.ts'
import { sumLoopOfSpans } from '../../../src/recording/loop-of-spans.ts'
import { RecordingBuilder } from '../../../src/recording/recording-builder.ts'
import { summarizeFunctions } from '../../../src/recording/summary.ts'
import { findBlockedLoop } from '../../../src/ui/analysis/blocked-loop.ts'
import { findCollectedGarbage } from '../../../src/ui/analysis/collected-garbage.ts'
import { findFailedSpans } from '../../../src/ui/analysis/failed-spans.ts'
import type { Finder } from '../../../src/ui/analysis/finding.ts'
import { findGrownMemory } from '../../../src/ui/analysis/grown-memory.ts'
import { findHeldLoop } from '../../../src/ui/analysis/held-loop.ts'
import { findHotCode } from '../../../src/ui/analysis/hot-code.ts'
import { findLosses, findSlowModules } from '../../../src/ui/analysis/own-entries.ts'
import { buildPrompt } from '../../../src/ui/analysis/prompt.ts'
import { findSlowSpans } from '../../../src/ui/analysis/slow-spans.ts'
import { spansByName } from '../../../src/ui/analysis/spans-by-name.ts'
import { findSpansOneByOne } from '../../../src/ui/analysis/spans-one-by-one.ts'
import { internSet, pushLog, pushSample, pushSeries, pushSpan } from '../../helpers/push-rows.ts'
import { pushProfile } from '../../helpers/recording-from-text.ts'

const minute = 60_000

/** Texts of what is found in the first so many ms. */
function found(find: Finder, builder: RecordingBuilder, toMs = minute): string[] {
  const recording = builder.snapshot()
  const range = { from: 0, to: toMs * 1e6 }
  const index = spanIndexOf(recording)
  const spans = spansByName(recording, range)
  const looked = {
    ...{ recording, range, index, spans, functions: summarizeFunctions(recording, 'apart', range) },
    loop: sumLoopOfSpans(
      recording,
      index,
      spans.map(({ rows }) => rows)
    )
  }
  return find(looked).map(({ text }) => text)
}

/** So many spans of a name, one after the other. */
function pushSpans(
  builder: RecordingBuilder,
  name: string,
  durationsMs: number[],
  parent = '',
  everyMs = 1000
) {
  const row = builder.strings.intern(name)
  durationsMs.forEach((ms, i) =>
    pushSpan(builder, `${name}${i}`, i * everyMs + 1, i * everyMs + 1 + ms, parent, { name: row })
  )
}

describe('spans', () => {
  test('that took much longer than their like are told, with how much', () => {
    const builder = new RecordingBuilder(0n)
    pushSpans(builder, 'GET /a', [10, 10, 10, 10, 10, 10, 10, 10, 10, 910])
    pushSpans(builder, 'GET /b', [100, 120, 130, 110, 140, 180])
    pushSpans(builder, 'GET /c', [1, 2, 900])
    expect(found(findSlowSpans, builder)).toEqual([
      'GET /a took 910 ms once, 9.1 times the average of its 10, 100 ms.'
    ])
    expect(found(findSlowSpans, builder, 8000)).toEqual([])
  })

  test('that failed are told by name, with the message that most of them have', () => {
    const builder = new RecordingBuilder(0n)
    const name = builder.strings.intern('GET /a')
    const messages = ['refused', 'gone', 'refused', '']
    messages.forEach((message, i) =>
      pushSpan(builder, 'abcd'[i]!, i, i + 1, '', {
        name,
        statusCode: message ? 2 : 0,
        statusMessage: builder.strings.intern(message)
      })
    )
    expect(found(findFailedSpans, builder)).toEqual(['3 of 4 GET /a failed: refused'])
    const lines = new RecordingBuilder(0n)
    pushSpan(lines, 'a', 0, 1, '', {
      statusCode: 2,
      statusMessage: lines.strings.intern('bad\n\n## Heading\n')
    })
    expect(found(findFailedSpans, lines)).toEqual(['1 of 1 a failed: bad ## Heading'])
  })

  test('of one name that a span waited for one after the other are told, those side by side are not', () => {
    const chain = new RecordingBuilder(0n)
    pushSpan(chain, 'p', 0, 500, '', { name: chain.strings.intern('GET /list') })
    pushSpans(chain, 'SELECT', new Array<number>(12).fill(30), 'p', 40)
    expect(found(findSpansOneByOne, chain)).toEqual([
      'GET /list waited for 12 SELECT, one after the other: 360 ms of its 500 ms.'
    ])
    pushSpan(chain, 'q', 0, 500, 'p', { name: chain.strings.intern('SELECT'), start: 499e6, end: NaN })
    expect(found(findSpansOneByOne, chain)[0]).toContain('for 12 SELECT, one after the other: 360 ms')
    const aside = new RecordingBuilder(0n)
    pushSpan(aside, 'p', 0, 500)
    pushSpans(aside, 'SELECT', new Array<number>(12).fill(30), 'p', 20)
    expect(found(findSpansOneByOne, aside)).toEqual([])
  })
})

test('names are told whose spans waited for what others ran, and those that ran themselves are not', () => {
  const builder = new RecordingBuilder(0n)
  const profile = pushProfile(builder, 0)
  const names = { a: builder.strings.intern('GET /a'), b: builder.strings.intern('GET /b') }
  for (let i = 0; i < 10; i++) {
    pushSpan(builder, `a${i}`, i * 100, i * 100 + 50, '', { name: names.a })
    pushSpan(builder, `b${i}`, i * 100 + 10, i * 100 + 50, '', { name: names.b })
    for (let ms = 0; ms < 50; ms++) {
      const letter = ms < 10 ? `a${i}` : `b${i}`
      pushSample(builder, profile, i * 100 + ms, ['serve'], { letter })
    }
  }
  expect(found(findHeldLoop, builder)).toEqual([
    'While GET /a lasted, others held the event loop for 80.0 % of the time, 40.0 ms each on average. Its longest tells who.'
  ])
})

test('functions and packages are told that took a fifth of the work', () => {
  const took = (selfMs: number, name: string, file: string) => ({
    name,
    file: file && `file:///shop/${file}`,
    line: 7,
    selfMs,
    totalMs: selfMs,
    samples: selfMs / 10
  })
  const functions = [
    took(250, 'render', 'render.js'),
    took(250, '(garbage collector)', ''),
    took(150, 'parse', 'node_modules/csv/parse.js'),
    took(150, 'trim', 'node_modules/csv/trim.js'),
    took(200, 'RegExp: ^(a+)+$', '')
  ]
  const texts = (all: typeof functions) => findHotCode({ functions: all }).map(({ text }) => text)
  expect(texts(functions)).toEqual([
    'render (shop/render.js:7) took 25.0 % of the sampled work, about 250 ms, in itself.',
    'RegExp: ^(a+)+$ took 20.0 % of the sampled work, about 200 ms, in itself.',
    'Functions of csv took 30.0 % of the sampled work, about 300 ms.'
  ])
  expect(texts([took(150, 'render', 'render.js')])).toEqual([])
})

test('what the recorder tells of itself counts: modules that took long to load, and what was lost', () => {
  const builder = new RecordingBuilder(0n)
  const entry = (atMs: number, eventName: string, cells: Record<string, string | number>) =>
    pushLog(builder, atMs, 'told', { eventName, cells: { attributes: internSet(builder, cells) } })
  const load = (name: string, ms: number) =>
    entry(10, 'microlog.slow_module', {
      'code.file.path': `file:///shop/node_modules/${name}/index.js`,
      'microlog.module.own.ms': ms,
      'microlog.module.chain': `app.js › ${name}`
    })
  load('small', 120)
  load('large', 900)
  entry(20, 'microlog.lost', { 'microlog.dropped.logs': 3000, 'microlog.dropped.spans': 2 })
  entry(minute - 10, 'microlog.lost', { 'microlog.dropped.logs': 1 })
  expect(found(findSlowModules, builder)).toEqual([
    '2 modules took 1.02 s to load, large › index.js 900 ms of it, by app.js › large.'
  ])
  expect(found(findLosses, builder)).toEqual([
    'Not recorded: 3,001 logs, 2 spans: more than could be recorded or sent.'
  ])
  expect(found(findLosses, new RecordingBuilder(0n))).toEqual([])
})

test('a blocked loop is told by the function that blocked it', () => {
  const builder = new RecordingBuilder(0n)
  const block = (atMs: number, ms: number, name: string) =>
    pushLog(builder, atMs, 'blocked', {
      eventName: 'microlog.blocked',
      cells: {
        attributes: internSet(builder, {
          'microlog.blocked.ms': ms,
          'code.function.name': name,
          'code.file.path': '/shop/coupons.js'
        })
      }
    })
  block(100, 200, 'validate')
  block(5000, 300, 'validate')
  block(9000, 150, 'sum')
  pushLog(builder, 10, 'blocked')
  expect(found(findBlockedLoop, builder)).toEqual([
    'The event loop was blocked 2 times, 500 ms together, in validate (shop/coupons.js); the longest took 300 ms.',
    'The event loop was blocked 1 time, 150 ms together, in sum (shop/coupons.js); the longest took 150 ms.'
  ])
})

test('garbage collection is told from a twentieth of the time on', () => {
  const builder = new RecordingBuilder(0n)
  pushSeries(builder, 'microlog.gc.major.time', { 10_000: 2.5 })
  pushSeries(builder, 'microlog.gc.minor.time', { 20_000: 0.5 })
  expect(found(findCollectedGarbage, builder)).toHaveLength(1)
  expect(found(findCollectedGarbage, builder, 15_000)[0]).toContain('16.7 %')
  expect(found(findCollectedGarbage, builder, 2 * minute)).toEqual([])
})

test('memory is told where what stays rises all the time, not where collections take it back', () => {
  const rising = new RecordingBuilder(0n)
  const falling = new RecordingBuilder(0n)
  const at = (i: number) => (minute / 10) * (i + 0.5)
  const saw = [40, 60, 50, 70, 60, 80, 70, 90, 80, 99]
  pushSeries(rising, 'v8js.memory.heap.used', Object.fromEntries(saw.map((mb, i) => [at(i), mb * 1e6])))
  const collected = saw.map((mb, i) => [at(i), (i === 4 ? 45 : mb) * 1e6])
  pushSeries(falling, 'v8js.memory.heap.used', Object.fromEntries(collected))
  expect(found(findGrownMemory, rising)[0]).toContain('from 40.0 MB to 80.0 MB')
  expect(found(findGrownMemory, falling)).toEqual([])
})

test('the prompt holds what was found, and never more than can be pasted', () => {
  const entry = { name: 'burn|it', file: 'file:///app/a.js', line: 3, selfMs: 600, totalMs: 700, samples: 60 }
  const asked = {
    question: 'Why?',
    about: 'shop, 12 s',
    findings: [{ kind: 'slow' as const, text: 'GET /a took long.' }],
    functions: [entry],
    busyMs: 1000,
    spans: [],
    loop: []
  }
  const prompt = buildPrompt(asked)
  expect(prompt).toMatch(/^Why\?\n/)
  expect(prompt).toContain('- GET /a took long.')
  expect(prompt).toContain('| burn\\|it | app/a.js:3 | 60.0 % | 70.0 % |')
  const long = { ...entry, name: 'ü'.repeat(2000) }
  const cut = buildPrompt({ ...asked, functions: new Array<typeof entry>(40).fill(long) })
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(16_000)
  expect(cut).toMatch(/ 70.0 % \|$/)
})
