import { expect, test } from 'vitest'
import { diffCallTrees } from '../../src/recording/diff-call-trees.ts'
import { buildDiffFlame, callTimes, flameWidth } from '../../src/recording/diff-flame.ts'
import { frameName, framePlace } from '../../src/recording/frame-names.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { recordingFromText } from '../helpers/recording-from-text.ts'

const before = recordingFromText(`
  0ms     1ms     2ms     3ms
  main    main    main    main
  load    load    send    send
`)
const after = recordingFromText(`
  0ms     1ms
  main    main
  load    check
`)

const flameOf = (a: Recording, b: Recording) => buildDiffFlame(diffCallTrees([a], [b]))

function bars(a: Recording, b: Recording): string[] {
  const { recording, calls } = flameOf(a, b)
  const percent = (width: number): number => (width / flameWidth) * 100
  return Array.from({ length: calls.length }, (_, call) => {
    const name = frameName(recording, calls.frame[call]!)
    return `${'  '.repeat(calls.depth[call]!)}${name} ${percent(calls.start[call]!)}–${percent(calls.end[call]!)}`
  })
}

test('a call is as wide as the mean of its shares, so that what is only on one side is there too', () => {
  expect(bars(before, after)).toEqual(['main 0–100', '  load 0–50', '  check 50–75', '  send 75–100'])
})

test('a call tells its times and shares in both runs', () => {
  const flame = flameOf(before, after)
  const { recording, calls } = flame
  const load = [...calls.frame].findIndex(frame => frameName(recording, frame) === 'load')
  expect(framePlace(recording, calls.frame[load]!)).toBe('app.js:1')
  expect(callTimes(flame, load)).toEqual({
    a: { self: 2e6, total: 2e6, selfShare: 0.5, totalShare: 0.5 },
    b: { self: 1e6, total: 1e6, selfShare: 0.5, totalShare: 0.5 }
  })
  expect(callTimes(flame, 0)).toMatchObject({ a: { self: 0, totalShare: 1 }, b: { self: 0, totalShare: 1 } })
})

/** `part` of so many samples of main are spent in load. */
function runOf(samples: number, part: number): Recording {
  const column = (i: number, text: string): string => text.padEnd(8 + String(i).length)
  const times = Array.from({ length: samples }, (_, i) => i)
  return recordingFromText(
    [
      times.map(i => column(i, `${i}ms`)).join(''),
      times.map(i => column(i, 'main')).join(''),
      times.map(i => column(i, i < part ? 'load' : '')).join('')
    ].join('\n')
  )
}

test('what has the same share has not grown, whatever the length of the runs', () => {
  expect([...flameOf(before, after).growth.slice(0, 2)]).toEqual([0, 0])
})

test('what came or went is at the ends of the scale, the nearer the more samples say so', () => {
  const grown = (samples: number, a: number, b: number): number =>
    flameOf(runOf(samples, a), runOf(samples, b)).growth[1]!
  expect(grown(400, 0, 200)).toBeGreaterThan(0.95)
  expect(grown(400, 200, 0)).toBeLessThan(-0.95)
  expect(grown(400, 0, 1)).toBeLessThan(0.15)
  expect(grown(400, 100, 200)).toBeGreaterThan(0.3)
})

test('runs without samples have no bars', () => {
  expect(bars(recordingFromText('0ms'), recordingFromText('0ms'))).toEqual([])
})
