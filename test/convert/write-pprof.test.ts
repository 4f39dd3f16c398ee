import { Profile } from 'pprof-format'
import { describe, expect, test } from 'vitest'
import { readPprof } from '../../src/convert/read-pprof.ts'
import { writePprof } from '../../src/convert/write-pprof.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { listThreads } from '../../src/recording/threads.ts'
import { cpuprofileFixtures, functionTimes, recordedFixture } from '../helpers/cpuprofile-fixtures.ts'
import { deepRecording } from '../helpers/deep-recording.ts'
import { pushSample, pushSpan } from '../helpers/push-rows.ts'
import { builderFromText, pushProfile, recordingFromText } from '../helpers/recording-from-text.ts'

const origin = { name: 'shop', startUnixNano: 0n }

/** 'main handler: 3 30000000 {thread name=main}' of each sample, outermost first, read by pprof-format. */
function samplesIn(profile: Profile): string[] {
  const { strings } = profile.stringTable
  const names = new Map(profile.function.map(({ id, name }) => [id, strings[Number(name)]!]))
  const functions = new Map(profile.location.map(({ id, line }) => [id, names.get(line[0]!.functionId)!]))
  return profile.sample.map(({ locationId, value, label }) => {
    const calls = locationId.map(id => functions.get(id)!).reverse()
    const labels = label.map(({ key, str }) => `${strings[Number(key)]}=${strings[Number(str)]}`)
    return `${calls.join(' ')}: ${value.join(' ')} {${labels.join(', ')}}`
  })
}

function written(recording: Recording): Profile {
  return Profile.decode(writePprof(recording, 'shop'))
}

describe('a recording as pprof', () => {
  test.each(cpuprofileFixtures)('%s keeps the times and samples of each function when read again', name => {
    const recording = recordedFixture(name)
    const again = readPprof(writePprof(recording, 'shop'), origin)
    expect(functionTimes(again)).toEqual(functionTimes(recording))
  })

  test('sums up the samples of one stack, leaves idle time out, and counts time as show does', () => {
    const recording = recordingFromText(`
      0ms      1ms      2ms     3ms      4ms      20ms
      main     main     (idle)  main     main     main
      handler  handler          handler
    `)
    expect(samplesIn(written(recording))).toEqual([
      'main handler: 3 3000000 {thread name=main, thread id=0}',
      'main: 2 4000000 {thread name=main, thread id=0}'
    ])
  })

  test('keeps spans apart by their labels, and names those that are in it', () => {
    const builder = builderFromText(`
      0ms   1ms   2ms   3ms
      #a    #b    #a
      main  main  main  main
    `)
    pushSpan(builder, 'a', 0, 3)
    const trace = 'cc'.repeat(16)
    expect(samplesIn(written(builder.snapshot()))).toEqual([
      `main: 2 2000000 {thread name=main, thread id=0, span name=a, trace id=${trace}, span id=${'61'.repeat(8)}}`,
      `main: 1 1000000 {thread name=main, thread id=0, trace id=${trace}, span id=${'62'.repeat(8)}}`,
      'main: 1 1000000 {thread name=main, thread id=0}'
    ])
  })

  test('has all threads, which are threads again when it is read', () => {
    const builder = builderFromText('0ms   1ms\nmain  main')
    const profile = pushProfile(builder, 1e6, { threadId: 4, threadName: 'resize' })
    pushSample(builder, profile, 0, ['work'])
    const recording = builder.snapshot()
    expect(samplesIn(written(recording))).toContain('work: 1 1000000 {thread name=resize, thread id=4}')
    expect(listThreads(readPprof(writePprof(recording, 'shop'), origin))).toEqual(listThreads(recording))
  })

  test('says what its values are, when it was, and that nothing is left to look up', () => {
    const profile = written(recordingFromText('5ms   6ms\nmain  (program)', 1_700_000_000_000_000_000n))
    const { strings } = profile.stringTable
    const textOf = ({ type, unit }: { type: number | bigint; unit: number | bigint }): string =>
      `${strings[Number(type)]}/${strings[Number(unit)]}`
    expect(profile.sampleType.map(textOf)).toEqual(['samples/count', 'wall/nanoseconds'])
    expect(textOf(profile.periodType!)).toBe('wall/nanoseconds')
    expect(Number(profile.period)).toBe(1e6)
    expect(strings[Number(profile.defaultSampleType)]).toBe('wall')
    expect(BigInt(profile.timeNanos)).toBe(1_700_000_000_005_000_000n)
    expect(Number(profile.durationNanos)).toBe(2e6)
    expect(profile.mapping).toMatchObject([{ id: 1, hasFunctions: true, hasFilenames: true }])
    expect(strings[Number(profile.mapping[0]!.filename)]).toBe('shop')
    const [main] = profile.function
    expect(main).toMatchObject({ id: 1, startLine: 1 })
    expect(strings[Number(main!.filename)]).toBe('file:///app.js')
    expect(profile.location[0]).toMatchObject({
      id: 1,
      mappingId: 1,
      line: [{ functionId: 1, line: 1, column: 1 }]
    })
  })

  test('has what lived in the heap at the end, where that was recorded', () => {
    const builder = builderFromText('0ms   1ms\nmain  main')
    for (const [ms, bytes] of [
      [0, 100],
      [1, 4096]
    ] as const) {
      pushSample(builder, pushProfile(builder, 0, { sampleType: 'heap' }), ms, ['load'], { value: bytes })
    }
    const profile = written(builder.snapshot())
    const { strings } = profile.stringTable
    expect(strings[Number(profile.sampleType[2]!.type)]).toBe('inuse_space')
    expect(samplesIn(profile)).toEqual([
      'main: 2 2000000 0 {thread name=main, thread id=0}',
      'load: 0 0 4096 {}'
    ])
  })

  test('is not written where nothing was sampled', () => {
    expect(() => writePprof(new RecordingBuilder(0n).snapshot(), 'shop')).toThrow(
      expect.objectContaining({ code: 'not-found' })
    )
  })

  test('is not written where the callers of its stacks would take gigabytes', () => {
    expect(() => writePprof(deepRecording(), 'shop')).toThrow(expect.objectContaining({ code: 'too-large' }))
  })
})
