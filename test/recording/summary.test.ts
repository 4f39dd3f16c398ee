import { expect, test } from 'vitest'
import { countSegment } from '../../src/format/segment-counts.ts'
import { buildLogEntries } from '../../src/recording/log-entries.ts'
import { countLogLevels, summarizeFunctions, summarizeSpans } from '../../src/recording/summary.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { pushLog } from '../helpers/push-rows.ts'
import { recordingFromText } from '../helpers/recording-from-text.ts'

const row = (name: string, functions: ReturnType<typeof summarizeFunctions>) =>
  functions.find(entry => entry.name === name)

test('self time is the gap after a sample, and a function’s total holds what it called', () => {
  const functions = summarizeFunctions(
    recordingFromText(`
      0ms      1ms      2ms      3ms
      main     main     main     main
      handler  handler  other    other
    `)
  )
  expect(row('handler', functions)).toMatchObject({ selfMs: 2, totalMs: 2, samples: 2 })
  expect(row('main', functions)).toMatchObject({ selfMs: 0, totalMs: 4, samples: 4 })
  expect(functions.map(({ name }) => name).at(-1)).toBe('main')
})

test('a gap counts for three intervals at most', () => {
  const functions = summarizeFunctions(
    recordingFromText(`
      0ms      1ms      2ms      3ms      50ms     51ms
      main     main     main     main     other    other
    `)
  )
  expect(row('main', functions)).toMatchObject({ selfMs: 6, samples: 4 })
})

test('recursion counts once in total', () => {
  const functions = summarizeFunctions(
    recordingFromText(`
      0ms      1ms      2ms
      fib      fib      fib
      fib      fib
      fib
    `)
  )
  expect(row('fib', functions)).toMatchObject({ selfMs: 3, totalMs: 3, samples: 3 })
})

test('idle samples are no function', () => {
  const functions = summarizeFunctions(
    recordingFromText(`
      0ms      1ms      2ms
      main     (idle)   (idle)
    `)
  )
  expect(functions.map(({ name }) => name)).toEqual(['main'])
})

test('an entry of the recorder itself is in the log, but no log call of the program', () => {
  const builder = new RecordingBuilder(0n)
  pushLog(builder, 1, 'said by the program')
  pushLog(builder, 2, 'event loop blocked for 412 ms', { severity: 13, eventName: 'microlog.blocked' })
  const recording = builder.snapshot()
  expect(countLogLevels(recording)).toMatchObject({ info: 1, warn: 0 })
  expect(countSegment(recording)).toMatchObject({ logs: 1, levels: { info: 1, warn: 0 } })
  expect(buildLogEntries(recording).map(({ body, own }) => [body, own])).toEqual([
    ['said by the program', false],
    ['event loop blocked for 412 ms', true]
  ])
})

test('a recording without anything has no functions, spans or logs', () => {
  const empty = recordingFromText('0ms')
  expect(summarizeSpans(empty)).toEqual([])
  expect(countLogLevels(empty)).toEqual({ trace: 0, debug: 0, info: 0, warn: 0, error: 0, fatal: 0 })
})
