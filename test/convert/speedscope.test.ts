import { describe, expect, test } from 'vitest'
import { readSpeedscope } from '../../src/convert/read-speedscope.ts'
import { writeSpeedscope } from '../../src/convert/write-speedscope.ts'
import { timingSamples } from '../../src/recording/calls.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { summarizeFunctions } from '../../src/recording/summary.ts'
import { listSampledThreads, listThreads } from '../../src/recording/threads.ts'
import { cpuprofileFixtures, functionTimes, recordedFixture } from '../helpers/cpuprofile-fixtures.ts'
import { deepRecording } from '../helpers/deep-recording.ts'
import { pushSample } from '../helpers/push-rows.ts'
import { builderFromText, pushProfile, recordingFromText } from '../helpers/recording-from-text.ts'

const origin = { name: 'shop', startUnixNano: 1_700_000_000_000_000_000n }
const $schema = 'https://www.speedscope.app/file-format-schema.json'

interface SampledFile {
  $schema: string
  shared: { frames: { name: string; file?: string; line?: number; col?: number }[] }
  profiles: {
    type: 'sampled'
    name: string
    unit: string
    startValue: number
    endValue: number
    samples: number[][]
    weights: number[]
  }[]
}

function written(recording: Recording): SampledFile {
  return JSON.parse([...writeSpeedscope(recording, 'shop')].join('')) as SampledFile
}

function bytesOf(file: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(file))
}

/** 'time main handler' of each sample of a thread in ms since `from` (ns), without calls for one that did nothing. */
function samplesOf(recording: Recording, threadId = 0, from = 0): string[] {
  const { samples, stacks, frames, strings } = recording
  return [...timingSamples(recording, threadId)].map(row => {
    const names: string[] = []
    for (let at = samples.stack[row]!; at >= 0; at = stacks.parent[at]!)
      names.unshift(strings[frames.name[stacks.frame[at]!]!]! || '(anonymous)')
    return [String((samples.time[row]! - from) / 1e6), ...names].join(' ')
  })
}

/** Without those of idle threads. */
function busy(samples: string[]): string[] {
  return samples.filter(text => text.includes(' ') && !text.endsWith('(idle)'))
}

describe('a recording as speedscope', () => {
  test.each(cpuprofileFixtures)('%s keeps times, order and functions when read again', name => {
    const recording = recordedFixture(name)
    const text = [...writeSpeedscope(recording, 'shop')].join('')
    const again = readSpeedscope(new TextEncoder().encode(text), origin)
    expect(functionTimes(again)).toEqual(functionTimes(recording))
    const first = recording.samples.time[timingSamples(recording, 0)[0]!]!
    expect(busy(samplesOf(again))).toEqual(busy(samplesOf(recording, 0, first)))
  })

  test.each(cpuprofileFixtures)('%s is as the published file format says', name => {
    const { $schema: schema, shared, profiles } = written(recordedFixture(name))
    expect(schema).toBe($schema)
    for (const frame of shared.frames) {
      expect(frame.name).toBeTypeOf('string')
      for (const key of Object.keys(frame)) expect(['name', 'file', 'line', 'col']).toContain(key)
    }
    for (const profile of profiles) {
      const { type, unit, startValue, endValue, samples, weights } = profile
      expect(Object.keys(profile).sort()).toEqual(
        ['type', 'name', 'unit', 'startValue', 'endValue', 'samples', 'weights'].sort()
      )
      expect([type, unit]).toEqual(['sampled', 'nanoseconds'])
      expect(samples.length).toBe(weights.length)
      expect(weights.every(weight => Number.isInteger(weight) && weight >= 0)).toBe(true)
      expect(samples.flat().every(frame => Number.isInteger(frame) && frame in shared.frames)).toBe(true)
      expect(weights.reduce((sum, weight) => sum + weight, startValue)).toBe(endValue)
    }
  })

  test('has an empty stack where the thread was idle, and where no sample tells', () => {
    const recording = recordingFromText(`
      1ms   2ms     3ms   10ms
      main  (idle)  main  main
                    load
    `)
    const { shared, profiles } = written(recording)
    expect(shared.frames).toEqual([
      { name: 'main', file: 'file:///app.js', line: 1, col: 1 },
      { name: 'load', file: 'file:///app.js', line: 1, col: 1 }
    ])
    expect(profiles).toEqual([
      {
        type: 'sampled',
        name: 'main',
        unit: 'nanoseconds',
        startValue: 1e6,
        endValue: 11e6,
        samples: [[0], [], [0, 1], [], [0]],
        weights: [1e6, 1e6, 3e6, 4e6, 1e6]
      }
    ])
  })

  test('has a profile for each thread, and is read with each at its time', () => {
    const builder = builderFromText('0ms   1ms\nmain  main')
    const profile = pushProfile(builder, 1e6, { threadId: 4, threadName: 'resize' })
    pushSample(builder, profile, 5, ['work'])
    const file = written(builder.snapshot())
    expect(file.profiles.map(({ name, startValue }) => [name, startValue])).toEqual([
      ['main', 0],
      ['resize', 5e6]
    ])
    const again = readSpeedscope(bytesOf(file), origin)
    expect(listSampledThreads(again).map(({ name }) => name)).toEqual(['main', 'resize'])
    expect([samplesOf(again, 0), samplesOf(again, 1)]).toEqual([['0 main', '1 main'], ['5 work']])
  })

  test('is not written where nothing was sampled', () => {
    expect(() => writeSpeedscope(new RecordingBuilder(0n).snapshot(), 'shop')).toThrow(
      expect.objectContaining({ code: 'not-found' })
    )
  })

  test('is not written where the callers of its stacks would take gigabytes', () => {
    expect(() => writeSpeedscope(deepRecording(), 'shop')).toThrow(
      expect.objectContaining({ code: 'too-large' })
    )
  })
})

const frames = [{ name: 'main', file: 'a.js', line: 3, col: 7 }, { name: 'load' }]

const sampled = {
  type: 'sampled',
  name: 'all',
  unit: 'milliseconds',
  startValue: 0,
  endValue: 9,
  samples: [[0], [0, 1], [], [0]] as unknown[],
  weights: [1, 5, 2, 1] as unknown[]
}

const evented = {
  type: 'evented',
  name: 'all',
  unit: 'milliseconds',
  startValue: 100,
  endValue: 110,
  events: [
    { type: 'O', frame: 0, at: 101 },
    { type: 'O', frame: 1, at: 103 },
    { type: 'C', frame: 1, at: 107 },
    { type: 'C', frame: 0, at: 109 }
  ] as unknown[]
}

function fileOf(...profiles: unknown[]): Uint8Array {
  return bytesOf({ $schema, shared: { frames }, profiles })
}

describe('a speedscope file', () => {
  test('of samples gives each its time, however long they last', () => {
    const recording = readSpeedscope(fileOf(sampled), origin)
    expect(samplesOf(recording)).toEqual(['0 main', '1 main load', '6', '8 main'])
    expect(summarizeFunctions(recording)).toEqual([
      { name: 'load', file: '', line: 0, selfMs: 5, totalMs: 5, samples: 1 },
      { name: 'main', file: 'a.js', line: 3, selfMs: 2, totalMs: 7, samples: 3 }
    ])
  })

  test('of events gives a sample for each stretch between them', () => {
    const recording = readSpeedscope(fileOf(evented), origin)
    expect(samplesOf(recording)).toEqual(['0', '1 main', '3 main load', '7 main', '9'])
    expect(summarizeFunctions(recording).map(({ name, selfMs, totalMs }) => [name, selfMs, totalMs])).toEqual(
      [
        ['main', 4, 8],
        ['load', 4, 4]
      ]
    )
  })

  test('with several profiles gives each a thread of its name', () => {
    const recording = readSpeedscope(fileOf(sampled, { ...evented, name: 'gc' }), origin)
    expect(listThreads(recording).map(({ name }) => name)).toEqual(['all', 'gc'])
    expect(samplesOf(recording, 1)[0]).toBe('100')
  })

  test.each([
    ['nanoseconds', 1e-6],
    ['microseconds', 1e-3],
    ['milliseconds', 1],
    ['seconds', 1e3],
    ['none', 1]
  ])('in %s is read in its unit', (unit, ms) => {
    const [load] = summarizeFunctions(readSpeedscope(fileOf({ ...sampled, unit }), origin))
    expect(load!.selfMs).toBeCloseTo(5 * ms, 9)
  })

  test('of bytes is refused as unsupported', () => {
    expect(() => readSpeedscope(fileOf({ ...sampled, unit: 'bytes' }), origin)).toThrow(
      expect.objectContaining({ code: 'unsupported' })
    )
  })

  const [open, inner, innerEnd, end] = evented.events
  test.each<[string, string, Uint8Array]>([
    ['another schema', 'the $schema', bytesOf({ $schema: 'x', shared: { frames }, profiles: [sampled] })],
    ['no shared frames', 'shared.frames', bytesOf({ $schema, profiles: [sampled] })],
    ['no profiles', 'profiles', bytesOf({ $schema, shared: { frames }, profiles: [] })],
    [
      'a frame without a name',
      'shared.frames[0]',
      bytesOf({ $schema, shared: { frames: [{}] }, profiles: [sampled] })
    ],
    ['a profile that is a list', 'profiles[0]', fileOf([])],
    ['another type', 'sampled or evented', fileOf({ ...sampled, type: 'x' })],
    ['a unit of its own', 'a unit of time', fileOf({ ...sampled, unit: '__proto__' })],
    ['an end before its start', 'endValue', fileOf({ ...sampled, endValue: -1 })],
    ['a start that is no number', 'startValue', fileOf({ ...sampled, startValue: null })],
    ['fewer weights than samples', 'same length', fileOf({ ...sampled, weights: [1] })],
    ['a weight below 0', 'weights[1]', fileOf({ ...sampled, weights: [1, -5, 2, 1] })],
    ['a weight that is text', 'weights[1]', fileOf({ ...sampled, weights: [1, '5', 2, 1] })],
    ['a sample that is no list', 'samples[0]', fileOf({ ...sampled, samples: [0, [], [], []] })],
    ['a frame that is not there', 'shared.frames', fileOf({ ...sampled, samples: [[2], [], [], []] })],
    ['half a frame', 'shared.frames', fileOf({ ...sampled, samples: [[0.5], [], [], []] })],
    ['a frame named like a method', 'shared.frames', fileOf({ ...sampled, samples: [['at'], [], [], []] })],
    ['more time than 50 days', '50 days', fileOf({ ...sampled, weights: [1, 1e300, 2, 1] })],
    ['no samples at all', 'none', fileOf({ ...sampled, samples: [], weights: [] })],
    [
      'a stack of 200,000 calls',
      'at most 100000',
      fileOf({ ...sampled, samples: [new Array(2e5).fill(0), [], [], []] })
    ],
    ['an event that is not closed', 'to be closed', fileOf({ ...evented, events: [open] })],
    ['events that cross', 'closed first', fileOf({ ...evented, events: [open, inner, end, innerEnd] })],
    ['an end without a beginning', 'closed first', fileOf({ ...evented, events: [innerEnd] })],
    ['events in disorder', 'order of time', fileOf({ ...evented, events: [inner, open] })],
    ['events after the end', 'order of time', fileOf({ ...evented, endValue: 105 })],
    ['an event of another type', 'O or C', fileOf({ ...evented, events: [{ type: 'X', frame: 0, at: 101 }] })]
  ])('with %s is refused with what was expected', (_, expected, bytes) => {
    expect(() => readSpeedscope(bytes, origin)).toThrow(
      expect.objectContaining({ name: 'MicrologError', message: expect.stringContaining(expected) })
    )
  })

  test('cut short anywhere is refused', () => {
    const bytes = fileOf(sampled, evented)
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readSpeedscope(bytes.subarray(0, length), origin)).toThrow(
        expect.objectContaining({ name: 'MicrologError' })
      )
    }
  })
})
