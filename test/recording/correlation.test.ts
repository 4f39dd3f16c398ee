import { describe, expect, test } from 'vitest'
import { buildCalls } from '../../src/recording/calls.ts'
import {
  linksBelow,
  logsOfCall,
  logsOfFrames,
  logsOfSpan,
  samplesOfLink,
  spansOfFrames
} from '../../src/recording/correlation.ts'
import { spanIndexOf } from '../../src/recording/span-index.ts'
import { buildLogEntries } from '../../src/recording/log-entries.ts'
import { pushLog, pushSpan, pushSample } from '../helpers/push-rows.ts'
import { builderFromText, pushProfile } from '../helpers/recording-from-text.ts'

const builder = builderFromText(`
  0ms      1ms      2ms      3ms
  #a       #a       #b
  main     main     main     main
  handler  handler  handler
  save     save
`)
pushSpan(builder, 'a', 0, 2)
pushSpan(builder, 'b', 2, 3)
pushSpan(builder, 'c', 3, 4)
pushLog(builder, 0.5, 'saving', { uid: 'x', letter: 'a' })
pushLog(builder, 2.5, 'done', { uid: 'y', letter: 'b' })
pushLog(builder, 0.6, 'meanwhile', { uid: 'z', letter: 'a' })
pushLog(builder, 3.5, 'later', { uid: 'w' })
const logProfile = pushProfile(builder, 0, { sampleType: 'log' })
const pushLogStack = (uid: string, names: string[]): number =>
  pushSample(builder, logProfile, 0.5, names, { letter: 'a', uid })
pushLogStack('x', ['main', 'handler', 'save'])
pushLogStack('y', ['main', 'handler'])
pushLogStack('z', ['main'])
pushLogStack('w', ['main', 'handler', 'save'])
const recording = builder.snapshot()
const calls = buildCalls(recording, 0)
const logs = buildLogEntries(recording)
const index = spanIndexOf(recording)
const linkA = index.linkOfSpan[index.rowOf('61'.repeat(8))]!
const frameOf = (name: string): number =>
  [...recording.frames.name].findIndex(row => recording.strings[row] === name)
const bodies = (entries: readonly { body: string }[]): string[] => entries.map(({ body }) => body)

describe('what belongs to what', () => {
  test('a span is found by its id and by the links that mean it', () => {
    expect(index.rowOf('62'.repeat(8))).toBe(1)
    expect(index.rowOf('ff'.repeat(8))).toBe(-1)
    expect(index.rowOf('')).toBe(-1)
    expect(index.spanOfLink[linkA]).toBe(0)
    expect(index.spanOfLink[0]).toBe(-1)
    expect(index.linkOfSpan[2]).toBe(0)
  })

  test('the links below a span are its own and those of its descendants', () => {
    const family = builderFromText(`
      0ms   1ms   2ms   3ms   4ms
      #a    #b    #c    #x    #y
      main  main  main  main  main
    `)
    pushSpan(family, 'c', 2, 3, 'b')
    pushSpan(family, 'b', 1, 3, 'a')
    pushSpan(family, 'a', 0, 5)
    pushSpan(family, 'x', 3, 4, 'x')
    const whole = family.snapshot()
    const spanIndex = spanIndexOf(whole)
    const below = (letter: string): string[] => {
      const mask = linksBelow(whole, spanIndex, spanIndex.rowOf(letter.charCodeAt(0).toString(16).repeat(8)))
      return [...(mask ?? [])].flatMap((is, link) =>
        is ? [String.fromCharCode(whole.links.spanId[link * 8]!)] : []
      )
    }
    expect(below('a')).toEqual(['a', 'b', 'c'])
    expect(below('b')).toEqual(['b', 'c'])
    expect(below('x')).toEqual(['x'])
    expect(linksBelow(whole, spanIndex, -1)).toBeUndefined()
  })

  test('the samples of a span are the timing samples taken in it; the zero link has none', () => {
    expect(samplesOfLink(recording, linkA)).toEqual([0, 1])
    expect(samplesOfLink(recording, 0)).toEqual([])
  })

  test('the logs of a span are those that name it', () => {
    expect(bodies(logsOfSpan(logs, '62'.repeat(8)))).toEqual(['done'])
    expect(logsOfSpan(logs, '')).toEqual([])
  })

  test('the logs of a call were written while it ran, with its function on their stack', () => {
    const rowsOf = (name: string): number[] =>
      [...calls.frame.keys()].filter(call => calls.frame[call] === frameOf(name))
    expect(rowsOf('save').map(call => bodies(logsOfCall(recording, logs, calls, call, 0)))).toEqual([
      ['saving']
    ])
    expect(rowsOf('handler').map(call => bodies(logsOfCall(recording, logs, calls, call, 0)))).toEqual([
      ['saving'],
      ['done']
    ])
    expect(logsOfCall(recording, logs, calls, rowsOf('save')[0]!, 3)).toEqual([])
  })

  test('the spans of a function are those whose samples saw it, most seen first', () => {
    expect(spansOfFrames(recording, [frameOf('handler')]).map(({ samples }) => samples)).toEqual([2, 1])
    expect(spansOfFrames(recording, [frameOf('save')])).toEqual([{ link: linkA, samples: 2 }])
    const first = { from: 0, to: recording.samples.time[1]! }
    expect(spansOfFrames(recording, [frameOf('handler')], first)).toEqual([{ link: linkA, samples: 1 }])
  })

  test('the logs of a function have it on their stack', () => {
    expect(bodies(logsOfFrames(recording, logs, [frameOf('save')]))).toEqual(['saving', 'later'])
    expect(bodies(logsOfFrames(recording, logs, [frameOf('handler')]))).toEqual(['saving', 'done', 'later'])
  })

  test('of several functions, what saw two of them counts once', () => {
    const both = [frameOf('handler'), frameOf('save')]
    expect(spansOfFrames(recording, both).map(({ samples }) => samples)).toEqual([2, 1])
    expect(bodies(logsOfFrames(recording, logs, both))).toEqual(['saving', 'done', 'later'])
  })
})
