import { describe, expect, test } from 'vitest'
import { buildCodeParts } from '../../../src/recording/code-parts.ts'
import { spanIndexOf } from '../../../src/recording/span-index.ts'
import { endpointShares } from '../../../src/recording/endpoint-shares.ts'
import { RecordingBuilder } from '../../../src/recording/recording-builder.ts'
import type { Recording } from '../../../src/recording/schema.ts'
import { sumStacks, weighedThreads } from '../../../src/recording/stack-weights.ts'
import { findBlockedLoop } from '../../../src/ui/analysis/blocked-loop.ts'
import { findCollectedGarbage } from '../../../src/ui/analysis/collected-garbage.ts'
import { findFailedSpans } from '../../../src/ui/analysis/failed-spans.ts'
import { byCost } from '../../../src/ui/analysis/finding.ts'
import type { Finder, Finding, Looked } from '../../../src/ui/analysis/finding.ts'
import { findGrownMemory } from '../../../src/ui/analysis/grown-memory.ts'
import { findHeldUp } from '../../../src/ui/analysis/held-up.ts'
import { findHotFunctions, findHotPackages } from '../../../src/ui/analysis/hot-code.ts'
import { findNotRecorded } from '../../../src/ui/analysis/not-recorded.ts'
import { buildPrompt, mostBytes } from '../../../src/ui/analysis/prompt.ts'
import { findSlowModules } from '../../../src/ui/analysis/slow-modules.ts'
import { findSlowSpans } from '../../../src/ui/analysis/slow-spans.ts'
import { spansByName } from '../../../src/ui/analysis/spans-by-name.ts'
import { findSpansOneByOne } from '../../../src/ui/analysis/spans-one-by-one.ts'
import { internSet, pushLog, pushSample, pushSeries, pushSpan } from '../../helpers/push-rows.ts'
import { pushProfile } from '../../helpers/recording-from-text.ts'

const minute = 60_000

/** What is found in the first so many ms. */
function look(find: Finder, builder: RecordingBuilder, toMs = minute): Finding[] {
  return find(looked(builder.snapshot(), toMs))
}

function looked(recording: Recording, toMs = minute): Looked {
  const range = { from: 0, to: toMs * 1e6 }
  const index = spanIndexOf(recording)
  return {
    recording,
    index,
    code: buildCodeParts(recording),
    weights: sumStacks(recording, weighedThreads(recording), range),
    endpoints: endpointShares(recording, index, range),
    spans: spansByName(recording, range),
    range
  }
}

/** Its texts. */
function found(find: Finder, builder: RecordingBuilder, toMs = minute): string[] {
  return look(find, builder, toMs).map(({ text }) => text)
}

const costs = (find: Finder, builder: RecordingBuilder): number[] =>
  look(find, builder).map(({ cost }) => cost / 1e6)

/** Samples at 1 ms from the start on: so many of each of these stacks, the span of a letter active in all of one. */
function pushWork(
  builder: RecordingBuilder,
  ...runs: [count: number, stack: string[], letter?: string][]
): void {
  const profile = pushProfile(builder, minute * 1e6)
  let ms = 0
  for (const [count, stack, letter = ''] of runs) {
    for (let i = 0; i < count; i++) pushSample(builder, profile, ms++, stack, { letter })
  }
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

  test('that were slow are a part of the slow one around them', () => {
    const builder = new RecordingBuilder(0n)
    for (const [i, ms] of [10, 10, 10, 10, 500].entries()) {
      pushSpan(builder, 'abcde'[i]!, i * 1000, i * 1000 + ms, '', { name: builder.strings.intern('GET /a') })
      pushSpan(builder, 'fghij'[i]!, i * 1000, i * 1000 + ms - 1, 'abcde'[i], {
        name: builder.strings.intern('handler')
      })
    }
    const ordered = byCost(look(findSlowSpans, builder))
    expect(ordered.map(({ text, isPart }) => [text.split(' took')[0], isPart])).toEqual([
      ['GET /a', false],
      ['handler', true]
    ])
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

  test('that failed because one below them did are told with it', () => {
    const builder = new RecordingBuilder(0n)
    const failed = (name: string, message = '') => ({
      name: builder.strings.intern(name),
      statusCode: 2,
      statusMessage: builder.strings.intern(message)
    })
    pushSpan(builder, 'a', 0, 9, '', failed('GET /a'))
    pushSpan(builder, 'f', 0, 9, 'a', { ...failed('middleware'), statusCode: 0 })
    pushSpan(builder, 'b', 1, 8, 'f', failed('handler'))
    pushSpan(builder, 'c', 2, 7, 'b', failed('query', 'refused'))
    pushSpan(builder, 'd', 8, 9, 'b', { ...failed('query'), statusCode: 0 })
    pushSpan(builder, 'e', 10, 12, '', failed('GET /a', 'too late'))
    expect(found(findFailedSpans, builder)).toEqual([
      '1 of 2 GET /a failed: too late',
      '1 of 2 query failed, and with them handler and GET /a: refused'
    ])
  })

  test('that are named by their method alone are told apart by their paths', () => {
    const builder = new RecordingBuilder(0n)
    const cells = (path: string, statusCode: number) => ({
      name: builder.strings.intern('POST'),
      kind: 3,
      statusCode,
      attributes: internSet(builder, { 'url.full': `http://stock:80${path}` })
    })
    pushSpan(builder, 'a', 0, 1, '', cells('/items/4', 2))
    pushSpan(builder, 'b', 1, 2, '', cells('/items/5', 0))
    pushSpan(builder, 'c', 2, 3, '', cells('/orders', 0))
    expect(found(findFailedSpans, builder)).toEqual(['1 of 2 POST stock:80/items/* failed.'])
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

  test('one by one are told where they begin at whole milliseconds, as those of OpenTelemetry’s SDK do', () => {
    const chain = new RecordingBuilder(0n)
    pushSpan(chain, 'p', 0, 100)
    pushSpans(chain, 'SELECT', new Array<number>(12).fill(4.8), 'p', 4)
    expect(found(findSpansOneByOne, chain)).toHaveLength(1)
  })
})

test('a blocked loop is told by the function that blocked it', () => {
  const builder = new RecordingBuilder(0n)
  const block = (atMs: number, ms: number, name: string, thread = 0) =>
    pushLog(builder, atMs, 'blocked', {
      eventName: 'microlog.blocked',
      cells: {
        attributes: internSet(builder, {
          'microlog.blocked.ms': ms,
          'thread.id': thread,
          'code.function.name': name,
          'code.file.path': '/shop/coupons.js'
        })
      }
    })
  block(100, 200, 'validate')
  block(5000, 300, 'validate')
  block(9000, 150, 'sum')
  block(9500, 180, 'sum', 3)
  pushLog(builder, 10, 'blocked')
  expect(found(findBlockedLoop, builder)).toEqual([
    'The event loop was blocked 2 times, 500 ms together, in validate (shop/coupons.js); the longest took 300 ms.',
    'The event loop of worker-3 was blocked 1 time, 180 ms together, in sum (shop/coupons.js); the longest took 180 ms.',
    'The event loop was blocked 1 time, 150 ms together, in sum (shop/coupons.js); the longest took 150 ms.'
  ])
  // No request waits for what a worker thread computes.
  expect(costs(findBlockedLoop, builder)).toEqual([500, 0, 150])
})

test('a blocked loop that nothing was sampled in says so', () => {
  const builder = new RecordingBuilder(0n)
  pushLog(builder, 100, 'blocked', {
    eventName: 'microlog.blocked',
    cells: { attributes: internSet(builder, { 'microlog.blocked.ms': 200 }) }
  })
  expect(found(findBlockedLoop, builder)).toEqual([
    'The event loop was blocked 1 time, 200 ms together, where no stack was sampled; the longest took 200 ms.'
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

describe('code that took much of the work by itself', () => {
  const render = 'render@/node_modules/tpl/a.js'
  const escape = 'escape@/node_modules/tpl/b.js'

  test('is told by function, with who asked for it, and leads to charts, design and editor', () => {
    const builder = new RecordingBuilder(0n)
    pushWork(
      builder,
      [240, ['main', 'checkout', 'validate@/shop/coupons.js']],
      [60, ['main', 'cart', 'validate@/shop/coupons.js']],
      [90, ['main', 'other']],
      [700, ['main', '(idle)']]
    )
    const [finding, ...others] = look(findHotFunctions, builder)
    expect(others).toEqual([])
    expect(finding).toEqual({
      kind: 'hot function',
      text: 'validate (shop/coupons.js:1) took 300 ms by itself, 76.9 % of the work, for checkout (app.js:1) 80.0 % of it, for cart (app.js:1) 20.0 %.',
      cost: 300e6,
      within: ['function validate shop/coupons.js'],
      places: [
        { kind: 'calls', search: '^validate .*/shop/coupons\\.js$' },
        { kind: 'part', part: 'file:file:///shop/coupons.js' },
        { kind: 'editor', link: 'vscode://file/shop/coupons.js:1:1' }
      ]
    })
    expect(found(findHotFunctions, builder, 90)).toEqual([])
  })

  test('is told by package, all functions of one together; the program and Node are none', () => {
    const builder = new RecordingBuilder(0n)
    pushWork(
      builder,
      [80, ['main', 'page', render]],
      [80, ['main', 'page', render, escape]],
      [300, ['main', 'page']],
      [300, ['main', 'read@node:fs']]
    )
    expect(look(findHotPackages, builder)).toEqual([
      {
        kind: 'hot package',
        text: 'The package tpl took 160 ms by itself, 21.1 % of the work, for page (app.js:1) 100.0 % of it.',
        cost: 160e6,
        within: ['package tpl'],
        places: [
          { kind: 'calls', search: 'node_modules/tpl/' },
          { kind: 'part', part: 'package:tpl' }
        ]
      }
    ])
  })

  test('of a package leads to that package in the design', () => {
    const builder = new RecordingBuilder(0n)
    pushWork(builder, [200, ['main', render]])
    expect(look(findHotFunctions, builder)[0]!.places).toContainEqual({ kind: 'part', part: 'package:tpl' })
  })
})

test('spans that other work held up are told, with what their time was', () => {
  const builder = new RecordingBuilder(0n)
  pushWork(builder, [100, ['main'], 'a'], [200, ['report'], 'b'], [100, ['(idle)']])
  const name = builder.strings.intern('GET /a')
  pushSpan(builder, 'a', 0, 400, '', { name })
  pushSpan(builder, 'b', 100, 300, '', { name: builder.strings.intern('GET /report') })
  expect(found(findHeldUp, builder)).toEqual([
    'While 1 span of GET /a lasted, 400 ms together, other work had the event loop for 50.0 % of it; 25.0 % was work of their own, 25.0 % waiting.'
  ])
  expect(costs(findHeldUp, builder)).toEqual([200])
})

test('modules that took long to load by themselves are told, with who asked for them, and lead to the entry', () => {
  const builder = new RecordingBuilder(0n)
  const load = (uid: string, ms: number, ownMs: number, chain: string) =>
    pushLog(builder, 10, 'module took long', {
      eventName: 'microlog.slow_module',
      cells: {
        attributes: internSet(builder, {
          'log.record.uid': uid,
          'microlog.module.load.ms': ms,
          'microlog.module.own.ms': ownMs,
          'microlog.module.chain': chain,
          'code.file.path': 'file:///node_modules/b/b.js'
        })
      }
    })
  load('m-1', 250, 20, 'main.js › a@1.0.0 a.js')
  load('m-2', 240, 180, 'main.js › a@1.0.0 a.js › b@2.0.0 b.js')
  expect(look(findSlowModules, builder)).toEqual([
    {
      kind: 'slow load',
      text: 'Loading b@2.0.0 b.js took 180 ms by itself, 240 ms with the modules it asked for; a@1.0.0 a.js asked for it.',
      cost: 180e6,
      places: [
        { kind: 'log', log: 'm-2' },
        { kind: 'editor', link: 'vscode://file/node_modules/b/b.js:1:1' }
      ]
    }
  ])
  expect(found(findSlowModules, builder, 5)).toEqual([])
})

describe('what was lost', () => {
  test('is told once: entries by kind, the ends of threads, and spans that were cut', () => {
    const builder = new RecordingBuilder(0n)
    pushSeries(builder, 'microlog.dropped.logs', { 10: 5, 20: 12 })
    pushSeries(builder, 'microlog.dropped.samples', { 20: 1 })
    pushSeries(builder, 'microlog.thread.lost', { 30: 0.8, 40: 0 }, 1)
    pushSpan(builder, 'a', 1, 2, '', { droppedEvents: 3 })
    pushSpan(builder, 'b', 1, 2, '', { attributes: internSet(builder, { 'microlog.dropped.events': 2 }) })
    pushLog(builder, 15, 'microlog lost 5 logs', { eventName: 'microlog.lost', uid: 'lost-1' })
    expect(look(findNotRecorded, builder)).toEqual([
      {
        kind: 'not recorded',
        text: 'Not everything is here, so what is counted may be too low: 12 log lines and 1 sample could not be recorded or sent; 1 worker thread ended without handing over what came last, up to 800 ms of it; 2 spans had more events, attributes or links than are kept.',
        cost: 0,
        places: [{ kind: 'log', log: 'lost-1' }]
      }
    ])
  })

  test('before a stretch doesn’t count there, and nothing lost is not told', () => {
    const builder = new RecordingBuilder(0n)
    pushSeries(builder, 'microlog.dropped.logs', { 10: 5, 20: 12 })
    pushSeries(builder, 'microlog.thread.lost', { 30: 0 }, 1)
    const recording = builder.snapshot()
    const inRange = (from: number, to: number) => {
      const range = { from: from * 1e6, to: to * 1e6 }
      return findNotRecorded({ ...looked(recording), range }).map(({ text }) => /\d+ log/.exec(text)?.[0])
    }
    expect(inRange(15, 40)).toEqual(['7 log'])
    expect(inRange(25, 40)).toEqual([])
  })
})

test('what costs most comes first, what costs no time last', () => {
  const finding = (text: string, cost: number): Finding => ({ kind: 'slow', text, cost, places: [] })
  const sorted = byCost([finding('none', 0), finding('much', 9), finding('first', 5), finding('second', 5)])
  expect(sorted.map(({ text }) => text)).toEqual(['much', 'first', 'second', 'none'])
})

test('what is a part of the same work stands right behind it, however much more costs what has nothing to do with it', () => {
  const builder = new RecordingBuilder(0n)
  pushWork(
    builder,
    [300, ['main', 'validate@/shop/coupons.js']],
    [200, ['main', 'render@/node_modules/tpl/a.js']],
    [250, ['main', 'escape@/node_modules/tpl/b.js']]
  )
  const attributes = internSet(builder, {
    'microlog.blocked.ms': 120,
    'code.function.name': 'validate',
    'code.file.path': '/shop/coupons.js'
  })
  pushLog(builder, 10, 'blocked', { eventName: 'microlog.blocked', cells: { attributes } })
  const findings = [findBlockedLoop, findHotFunctions, findHotPackages].flatMap(find => look(find, builder))
  const slow: Finding = { kind: 'slow', text: '', cost: 150e6, places: [] }
  const ordered = byCost([slow, ...findings]).map(({ kind, cost, isPart }) => [kind, cost / 1e6, isPart])
  expect(ordered).toEqual([
    ['hot package', 450, false],
    ['hot function', 250, true],
    ['hot function', 200, true],
    ['hot function', 300, false],
    ['blocked loop', 120, true],
    ['slow', 150, false]
  ])
  // All of a package's work may be one function's.
  const [whole, part] = byCost([
    { ...slow, kind: 'hot function', within: ['function a b', 'package b'] },
    { ...slow, kind: 'hot package', within: ['package b'] }
  ])
  expect([whole!.kind, whole!.isPart, part!.isPart]).toEqual(['hot package', false, true])
})

test('spans one by one cost what would be saved side by side, over all that did so', () => {
  const builder = new RecordingBuilder(0n)
  for (const [letter, at] of [
    ['p', 0],
    ['q', 10_000]
  ] as const) {
    pushSpan(builder, letter, at, at + 500, '', { name: builder.strings.intern('GET /list') })
    const name = builder.strings.intern('SELECT')
    for (let i = 0; i < 12; i++)
      pushSpan(builder, `${letter}${i}x`, at + i * 40, at + i * 40 + 30, letter, { name })
  }
  expect(costs(findSpansOneByOne, builder)).toEqual([2 * (12 * 30 - 30)])
})

describe('the prompt', () => {
  const entry = { name: 'burn|it', file: 'file:///app/a.js', line: 3, selfMs: 600, totalMs: 700, samples: 60 }
  const asked = {
    question: 'Why?',
    about: 'shop, 12 s',
    findings: [{ kind: 'slow' as const, text: 'GET /a took\nlong.', cost: 5e6, places: [], isPart: false }],
    functions: [entry],
    busyMs: 1000,
    endpoints: [
      {
        name: 'GET /a',
        spans: 2,
        duration: 10e6,
        own: 1e6,
        others: 2e6,
        waiting: 3e6,
        unknown: 4e6,
        worst: 0
      }
    ],
    spans: []
  }
  const bytes = (text: string): number => Buffer.byteLength(text)

  test('holds what was found', () => {
    const prompt = buildPrompt(asked)
    expect(prompt).toMatch(/^Why\?\n/)
    expect(prompt).toContain('\n- GET /a took long. (costs 5.00 ms at most)\n')
    expect(prompt).toContain('| burn\\|it | app/a.js:3 | 60.0 % | 70.0 % |')
    expect(prompt).toContain('| GET /a | 2 | 10.0 ms | 10.0 % | 20.0 % | 30.0 % | 40.0 % |')
    expect(prompt).not.toContain('left out')
  })

  test('says of a finding that its time is counted in the one above', () => {
    const part = { ...asked.findings[0]!, isPart: true }
    expect(buildPrompt({ ...asked, findings: [...asked.findings, part] })).toContain(
      '\n- GET /a took long. (costs 5.00 ms at most, a part of the one above)\n'
    )
  })

  test('is never more than can be pasted, in bytes', () => {
    const long = { ...entry, name: 'ß'.repeat(500) }
    const prompt = buildPrompt({ ...asked, functions: new Array(40).fill(long) })
    expect(bytes(prompt)).toBeLessThanOrEqual(mostBytes)
    expect(bytes(prompt)).toBeGreaterThan(mostBytes - 1500)
  })

  test('ends between two findings, and says how many are left out', () => {
    const finding = (i: number) => ({
      ...asked.findings[0]!,
      text: `finding ${i} ${'€'.repeat(1000)} ends here`
    })
    const prompt = buildPrompt({ ...asked, findings: Array.from({ length: 20 }, (_, i) => finding(i)) })
    const told = prompt.split('\n').filter(line => line.startsWith('- '))
    expect(told.length).toBeGreaterThan(3)
    for (const line of told) expect(line).toMatch(/finding \d+ €{1000} ends here \(costs 5.00 ms at most\)$/)
    expect(prompt).toContain(`(${20 - told.length} more left out)`)
    expect(bytes(prompt)).toBeLessThanOrEqual(mostBytes)
  })

  test('has no head without a line below it', () => {
    const huge = { ...asked.findings[0]!, text: 'x'.repeat(mostBytes) }
    const prompt = buildPrompt({ ...asked, findings: [huge] })
    expect(prompt).not.toContain('What stands out')
    expect(prompt).toContain('burn')
  })
})
