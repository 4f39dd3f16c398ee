import { expect, test } from 'vitest'
import { cutRecording } from '../../src/format/cut-recording.ts'
import { encodeRecording, groups, openRecording } from '../../src/format/index.ts'
import { buildCalls } from '../../src/recording/calls.ts'
import { frameName } from '../../src/recording/frame-names.ts'
import { loopShares } from '../../src/recording/loop-holders.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { spanIndexOf } from '../../src/recording/span-index.ts'
import type { TimeRange } from '../../src/recording/time-range.ts'
import { waitsOfSpan } from '../../src/recording/waits.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { internSet, pushLog, pushSample, pushSpan } from '../helpers/push-rows.ts'
import { meaningOf, randomRecording, seededRandom } from '../helpers/recordings.ts'
import { builderFromText, pushProfile } from '../helpers/recording-from-text.ts'
import { memoryFile } from './memory-file.ts'

const meta = { recording: 'r', label: 'test' }
const always = { from: -Infinity, to: Infinity }

async function throughFile(recording: Recording): Promise<Recording> {
  const bytes = await encodeRecording(recording, meta, nodeCodec)
  return (await openRecording(memoryFile(bytes), nodeCodec)).read()
}

/** Without the requests that are kept for export. */
function rowsAsText(recording: Recording, table: string): string[] {
  return meaningOf(recording)
    [table]!.map(row => row.replace(/original=\w+/g, ''))
    .sort()
}

test.each([1, 2, 3, 4])('rows mean the same in a part as in the whole, seed %i', async seed => {
  const whole = randomRecording(seed, 150)
  const range = { from: 1e6, to: 2 ** 43 }
  const part = await throughFile(cutRecording(whole, { range }))
  for (const table of ['samples', 'spans', 'logs', 'points']) {
    const rows = rowsAsText(whole, table)
    const found = rowsAsText(part, table)
    expect(found.length, table).toBeGreaterThan(0)
    expect(found.length, table).toBeLessThan(rows.length)
    expect(rows, table).toEqual(expect.arrayContaining(found))
  }
  const inTime = whole.points.time.filter(time => time >= range.from && time <= range.to)
  expect(part.points.length).toBe(inTime.length)
})

test('a part that takes in everything leaves out only what is kept for export', async () => {
  const whole = randomRecording(5, 60)
  const part = await throughFile(cutRecording(whole, { range: always, traceId: '0'.repeat(32) }))
  // Those without a time are in no stretch.
  const timed = ({ samples }: Recording) => samples.time.filter(time => !Number.isNaN(time)).length
  expect(timed(part)).toBe(timed(whole))
  expect(part.opaque.length).toBe(0)
  expect(whole.opaque.length).toBeGreaterThan(0)
  expect([...part.profiles.original].every(original => original === -1)).toBe(true)
})

test('a part holds no stack, link, profile or series that nothing in it refers to', async () => {
  const whole = busyProcess()
  const { samples, stacks, links } = cutRecording(whole, { range: { from: 500e6, to: 520e6 } })
  expect(samples.length).toBeLessThan(whole.samples.length / 4)
  const used = new Set(samples.stack)
  for (let stack = stacks.length - 1; stack >= 0; stack--)
    if (used.has(stack)) used.add(stacks.parent[stack]!)
  expect(used.size).toBe(new Set([...Array(stacks.length).keys(), -1]).size)
  expect(new Set([0, ...samples.link]).size).toBe(links.length)
})

test('who held the loop, what was waited for and the calls are told of a part as of the whole', () => {
  const whole = busyProcess()
  const index = spanIndexOf(whole)
  for (let span = 0; span < whole.spans.length; span += 7) {
    const range = { from: whole.spans.start[span]!, to: whole.spans.end[span]! }
    const part = cutRecording(whole, { range })
    const inPart = spanIndexOf(part)
    const spanId = Buffer.from(whole.spans.spanId.subarray(span * 8, span * 8 + 8)).toString('hex')
    const row = inPart.rowOf(spanId)
    expect(told(part, row, range)).toEqual(told(whole, span, range))
    expect(inPart.spanOfLink.length).toBeLessThan(index.spanOfLink.length)
  }
})

test('a gap between samples is no wait in a part either, where the whole tells of idleness', () => {
  const builder = builderFromText(`
    0ms      1ms      2ms      50ms     51ms     900ms
    #b       #a       #a       #a       #b       #b
    main     main     main     main     main     (idle)
  `)
  pushSpan(builder, 'a', 1, 51)
  const whole = builder.snapshot()
  const part = cutRecording(whole, { range: { from: 1e6, to: 51e6 } })
  expect(part.samples.length).toBe(5)
  const waitedMs = (recording: Recording) =>
    waitsOfSpan(recording, spanIndexOf(recording), 0).map(({ duration }) => duration / 1e6)
  expect(waitedMs(whole)).toEqual([2.5])
  expect(waitedMs(part)).toEqual([2.5])
})

/** Frames and spans by their names. */
function told(recording: Recording, span: number, { from, to }: TimeRange): unknown {
  const { spans, strings } = recording
  const nameOf = (row: number) => (row < 0 ? '' : strings[spans.name[row]!]!)
  const functionOf = (frame: number) => (frame < 0 ? '' : frameName(recording, frame))
  const index = spanIndexOf(recording)
  const { holders, ...shares } = loopShares(recording, index, span)!
  const calls = buildCalls(recording, 0)
  return {
    shares,
    holders: holders.map(({ frame, link, ...holder }) => ({
      ...holder,
      frame: functionOf(frame),
      span: nameOf(index.spanOfLink[link]!)
    })),
    waits: waitsOfSpan(recording, index, span).map(({ frame, child, ...wait }) => ({
      ...wait,
      frame: functionOf(frame),
      child: nameOf(child)
    })),
    calls: Array.from({ length: calls.length }, (_, call) => call)
      .filter(call => calls.start[call]! < to && calls.end[call]! > from)
      .map(call => [
        functionOf(calls.frame[call]!),
        ...[calls.start[call], calls.end[call], calls.depth[call], calls.samples[call]]
      ])
  }
}

/** A second of a thread that is sampled each ms, and idle at times; spans one after the other, some inside of another. */
function busyProcess(): Recording {
  const random = seededRandom(7)
  const builder = new RecordingBuilder(0n)
  const profile = pushProfile(builder, 1e9)
  const letters = Array.from({ length: 50 }, (_, i) => String.fromCharCode(65 + i))
  letters.forEach((letter, i) => {
    pushSpan(builder, letter, i * 20, i * 20 + 15 + 20 * random(), i % 3 === 1 ? letters[i - 1]! : '')
  })
  for (let ms = 0; ms < 1000; ms++) {
    const letter = random() < 0.3 ? '' : letters[Math.min(49, Math.floor(ms / 20))]!
    // Some run for long.
    const work = `work${Math.floor(ms / 70)}`
    if (random() < 0.2) pushSample(builder, profile, ms, ['(idle)'])
    else pushSample(builder, profile, ms, ['main', work, `part${Math.floor(random() * 9)}`], { letter })
  }
  return builder.snapshot()
}

test('read from a segment, a part is the same as cut from all of it, and no text is put together that it does not name', async () => {
  const count = 600
  const builder = builderFromText('0ms\nmain')
  for (let i = 0; i < count; i++) {
    const attributes = internSet(builder, { 'url.path': `/items/${i}`, 'user.name': `somebody ${i * 7}` })
    pushSpan(builder, String.fromCharCode(0x100 + i), i, i + 0.5, '', { attributes })
    pushLog(builder, i, `item ${i} was shown`)
    pushSample(builder, 0, i, ['main', `show ${i % 5}`])
  }
  const bytes = await encodeRecording(builder.finish(), meta, nodeCodec)
  const file = await openRecording(memoryFile(bytes), nodeCodec)
  const part = { range: { from: 300e6, to: 303e6 } }
  const whole = await file.read()
  const expected = cutRecording(whole, part)
  const cut = await file.readPart(groups, always, part)
  expect(meaningOf(cut)).toEqual(meaningOf(expected))
  expect(meaningOf(cut).spans!.join()).toContain('somebody 2100')
  const texts = ({ strings }: Recording) => strings.filter(text => text !== '')
  expect(texts(whole).length).toBeGreaterThan(3 * count)
  expect(texts(cut).length).toBeLessThan(40)
  expect(texts(cut)).toEqual(expect.arrayContaining(['/items/302', 'item 302 was shown']))
  expect(texts(cut)).not.toContain('/items/310')
})
