import { expect, test } from 'vitest'
import { buildPythonSamples } from '../../../src/convert/microlog-python/python-samples.ts'
import type { PythonCall } from '../../../src/convert/microlog-python/python-recording.ts'

function call(name: string, when: number, duration: number, depth: number, threadId = '1'): PythonCall {
  return { when, duration, depth, threadId, site: { filename: 'a.py', line: 1, name } }
}

/** `ms name` of each sample of a thread. */
function samplesOf(calls: readonly PythonCall[], thread = 0): string[] {
  const { time, call: rows } = buildPythonSamples(calls).threads[thread]!
  return time.map((micros, i) => `${micros / 1000} ${rows[i]! < 0 ? '-' : calls[rows[i]!]!.site.name}`)
}

test('a stack is sampled where it changes and about every 50 ms between, and once when nothing goes on', () => {
  expect(samplesOf([call('f', 0.05, 0.05, 1), call('main', 0, 0.16, 0)])).toEqual([
    '0 main',
    '50 f',
    '100 main',
    '160 -'
  ])
  expect(samplesOf([call('main', 1, 0.2, 0)])).toEqual([
    '1000 main',
    '1050 main',
    '1100 main',
    '1150 main',
    '1200 -'
  ])
})

test('ends that rounding put beside the next start or the end of the caller are that moment', () => {
  expect(samplesOf([call('f', 0, 0.049, 1), call('g', 0.05, 0.051, 1), call('main', 0, 0.1, 0)])).toEqual([
    '0 f',
    '50 g',
    '100 -'
  ])
})

test('a call that outlives its caller ends with it, and one that begins in its place ends it', () => {
  expect(samplesOf([call('main', 0, 0.05, 0), call('f', 0, 0.5, 1)])).toEqual(['0 f', '50 -'])
  expect(samplesOf([call('a', 0, 0.5, 0), call('b', 0.05, 0.05, 0)])).toEqual(['0 a', '50 b', '100 -'])
})

test('the thread that runs a file of its own is the main one, the others follow as they began', () => {
  const calls = [
    call('late.f', 2, 1, 0, '7'),
    call('early.f', 0, 1, 0, '9'),
    call('app..<module>', 0.5, 1, 0, '8')
  ]
  expect(buildPythonSamples(calls).threads.map(({ threadId }) => threadId)).toEqual(['8', '9', '7'])
  expect(buildPythonSamples([]).threads).toEqual([])
})

test('of calls of weeks the samples are fewer, not millions', () => {
  const weeks = Array.from({ length: 20 }, (_, i) => call('f', 0, 52 * 86_400, 0, String(i)))
  const { threads, period } = buildPythonSamples(weeks)
  expect(threads.reduce((sum, { time }) => sum + time.length, 0)).toBeLessThan(1_100_000)
  expect(period).toBeGreaterThan(50_000)
})

test('calls deeper than a stack is are refused', () => {
  const deep = Array.from({ length: 5_001 }, (_, depth) => call('f', 0, 1, depth))
  expect(() => buildPythonSamples(deep)).toThrow(expect.objectContaining({ code: 'too-large' }))
  expect(buildPythonSamples(deep.slice(1)).threads).toHaveLength(1)
})
