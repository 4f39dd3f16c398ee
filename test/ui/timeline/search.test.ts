import { describe, expect, test } from 'vitest'
import { buildCalls } from '../../../src/recording/calls.ts'
import { buildLogEntries } from '../../../src/recording/log-entries.ts'
import { frameTexts } from '../../../src/recording/search.ts'
import { internalFrames } from '../../../src/recording/frame-names.ts'
import {
  describeFound,
  findCalls,
  programMatches,
  sortFound,
  stepMatch
} from '../../../src/ui/timeline/match-walk.ts'
import { splitMatches } from '../../../src/ui/timeline/split-matches.ts'
import { pushLog, pushSpan, pushSample } from '../../helpers/push-rows.ts'
import { builderFromText, pushProfile } from '../../helpers/recording-from-text.ts'

const builder = builderFromText(`
  0ms    1ms    2ms    3ms
  main   main   main   main
  parse  save   parse  save
  parse         read
`)
pushSpan(builder, 'x', 0, 1)
pushLog(builder, 1, 'read it', { uid: 'u' })
pushLog(builder, 2, 'nothing', { uid: 'v' })
pushSample(builder, pushProfile(builder, 0, { sampleType: 'log' }), 2, ['main', 'save'], { uid: 'v' })
const recording = builder.snapshot()
const calls = buildCalls(recording, 0)
const matching = (name: string): Uint8Array =>
  Uint8Array.from(frameTexts(recording), text => (text.startsWith(`${name} `) ? 1 : 0))
const foundNames = (name: string): number[] =>
  findCalls([{ id: 0, calls }], matching(name)).map(({ call }) => calls.start[call]! / 1e6)

describe('what a search finds', () => {
  test('is the outermost call of each match, by time', () => {
    expect(foundNames('parse')).toEqual([0, 2])
    expect(foundNames('read')).toEqual([2])
    expect(foundNames('nobody')).toEqual([])
  })

  test('a log matches by its text or by its stack, a span by its name', () => {
    const logs = buildLogEntries(recording)
    const texts = [...frameTexts(recording), 'x', ...logs.map(({ body }) => body)]
    const split = (pattern: RegExp) =>
      splitMatches(
        recording,
        logs,
        Uint8Array.from(texts, text => (pattern.test(text) ? 1 : 0))
      )
    expect([...split(/^read it/).logs]).toEqual([1, 0])
    expect([...split(/^save/).logs]).toEqual([0, 1])
    expect([...split(/^x$/).spans]).toEqual([1])
  })
})

describe('from match to match', () => {
  test('the way is by time, whatever it is that matches', () => {
    const times = new Map<object, number>()
    const at = <T extends object>(time: number, match: T): T => (times.set(match, time), match)
    const found = [
      at(5, { thread: 0, call: 1 }),
      at(9, { thread: 1, call: 0 }),
      at(1, { span: 3 }),
      at(7, { log: 2 })
    ]
    expect(sortFound(found, match => times.get(match)!)).toEqual([
      { span: 3 },
      { thread: 0, call: 1 },
      { log: 2 },
      { thread: 1, call: 0 }
    ])
  })

  test('the place is told among all, with what they are', () => {
    const found = [{ log: 1 }, { log: 2 }, { span: 0 }]
    expect(describeFound(found, 1)).toBe('2 of 3 · 0 calls, 1 span, 2 logs')
    expect(describeFound(found, -1)).toBe('0 calls, 1 span, 2 logs')
  })

  test('the recorder’s own functions are left out', () => {
    const other = builderFromText('0ms\nmain')
    const { strings } = other
    const urls = {
      '/app/node_modules/microlog/dist/a.js': 'microlog@1.0.0',
      '/app/node_modules/pg/a.js': 'pg@8.1.0',
      '/clone/src/instrumentation/a.ts': 'microlog@1.0.0',
      '/clone/examples/shop/a.js': 'microlog@1.0.0'
    }
    for (const [url, id] of Object.entries(urls)) {
      const cells = { name: strings.intern('send'), url: strings.intern(url), line: 1, column: 1 }
      other.intern('frames', { ...cells, packageId: strings.intern(id) })
    }
    const recording = other.snapshot()
    const all = new Uint8Array(5).fill(1)
    expect([...programMatches(recording, all)]).toEqual([1, 0, 1, 0, 1])
    expect([...internalFrames(recording)].slice(1)).toEqual([1, 1, 1, 0])
  })

  test('next and previous go around the ends', () => {
    expect(stepMatch(3, 0, 1)).toBe(1)
    expect(stepMatch(3, 2, 1)).toBe(0)
    expect(stepMatch(3, 0, -1)).toBe(2)
  })

  test('with nothing selected they begin at the first and the last', () => {
    expect(stepMatch(3, -1, 1)).toBe(0)
    expect(stepMatch(3, -1, -1)).toBe(2)
  })
})
