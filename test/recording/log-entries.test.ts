import { describe, expect, test } from 'vitest'
import {
  buildLogEntries,
  countedLogs,
  levelOfSeverity,
  stackFrames
} from '../../src/recording/log-entries.ts'
import type { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { internSet, pushLog, pushSpan, pushSample } from '../helpers/push-rows.ts'
import { builderFromText, pushProfile } from '../helpers/recording-from-text.ts'

function pushEvent(
  builder: RecordingBuilder,
  name: string,
  ms: number,
  attributes: Record<string, string>
): number {
  return builder.push('events', {
    time: ms * 1e6,
    name: builder.strings.intern(name),
    attributes: internSet(builder, attributes),
    droppedAttributes: 0
  })
}

describe('logs', () => {
  test('one that came as a record and as an event of its span is one', () => {
    const builder = builderFromText('0ms\n#a\nmain')
    const eventStart = pushEvent(builder, 'log', 1, { 'log.record.uid': 'x', 'log.body': 'hello' })
    pushSpan(builder, 'a', 0, 5, '', { eventStart, eventCount: 1 })
    pushLog(builder, 1, 'hello', { uid: 'x', letter: 'a' })
    expect(buildLogEntries(builder.snapshot()).map(({ key, body }) => [key, body])).toEqual([['x', 'hello']])
  })

  test('an event named log without a record stands for itself, with the ids of its span', () => {
    const builder = builderFromText('0ms\nmain')
    const eventStart = pushEvent(builder, 'log', 2, {
      'log.record.uid': 'y',
      'log.body': 'disk is full',
      'log.severity': 'ERROR'
    })
    pushEvent(builder, 'exception', 3, { 'exception.message': 'no log' })
    pushSpan(builder, 'a', 0, 5, '', { eventStart, eventCount: 2 })
    expect(buildLogEntries(builder.snapshot())).toMatchObject([
      { key: 'y', time: 2e6, level: 'error', body: 'disk is full', spanId: '6161616161616161', stack: -1 }
    ])
  })

  test('a log has the stack of the log sample with its uid', () => {
    const builder = builderFromText('0ms\nmain')
    const profile = pushProfile(builder, 0, { sampleType: 'log' })
    pushSample(builder, profile, 1, ['(root)', 'main', 'save'], { uid: 'x' })
    pushLog(builder, 1, 'saved', { uid: 'x' })
    pushLog(builder, 2, 'saved again', { uid: 'z' })
    const recording = builder.snapshot()
    const [first, second] = buildLogEntries(recording)
    const names = stackFrames(recording, first!.stack).map(
      frame => recording.strings[recording.frames.name[frame]!]
    )
    expect(names).toEqual(['save', 'main'])
    expect(second!.stack).toBe(-1)
  })

  test('they are in order of time, those without a uid included', () => {
    const builder = builderFromText('0ms\nmain')
    pushLog(builder, 3, 'third')
    pushLog(builder, 1, 'first')
    pushLog(builder, 2, 'second', { uid: 'u' })
    expect(buildLogEntries(builder.snapshot()).map(({ body }) => body)).toEqual(['first', 'second', 'third'])
  })

  test.for(['', 'u'.repeat(10_000)])('a uid that tells nothing apart makes no two lines one', uid => {
    const builder = builderFromText('0ms\nmain')
    pushLog(builder, 1, 'first', { uid })
    pushLog(builder, 2, 'second', { uid })
    const recording = builder.snapshot()
    const entries = buildLogEntries(recording)
    expect(entries.map(({ body }) => body)).toEqual(['first', 'second'])
    expect(new Set(entries.map(({ key }) => key)).size).toBe(2)
    expect([...countedLogs(recording)]).toEqual([1, 1])
  })

  test('levels follow OpenTelemetry: four numbers each, and no number is info', () => {
    expect([0, 1, 5, 8, 9, 12, 13, 17, 20, 21, 24, 255].map(levelOfSeverity)).toEqual([
      'info',
      'trace',
      'debug',
      'debug',
      'info',
      'info',
      'warn',
      'error',
      'error',
      'fatal',
      'fatal',
      'fatal'
    ])
  })
})
