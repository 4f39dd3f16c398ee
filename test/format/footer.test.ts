import { describe, expect, test } from 'vitest'
import { encodeRecording, openRecording } from '../../src/format/index.ts'
import type { SegmentFooter, SegmentMeta } from '../../src/format/index.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { attributeType } from '../../src/recording/schema.ts'
import type { Row } from '../../src/recording/schema.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { pushLog as pushNamedLog } from '../helpers/push-rows.ts'
import { memoryFile } from './memory-file.ts'

const epoch = 1_700_000_000_000_000_000n

describe('the footer', () => {
  test('gives back what its writer knew', async () => {
    const meta: SegmentMeta = {
      recording: '0123456789abcdefghijklmnop',
      label: 'shop 🦉',
      journals: [
        { file: 'journal-7', from: 12, to: 3456 },
        { file: 'journal-7', from: 3456, to: 3457 },
        { file: 'journal-7', from: 4000, to: 9000 },
        { file: 'journal-8', from: 1, to: 2 }
      ],
      writtenMs: 1_700_000_000_123,
      resource: { 'service.name': 'shop', __proto__x: 'y', 'host.name': 'vm' },
      replaces: ['s1', 's2']
    }
    const { footer } = await openRecording(
      memoryFile(await encode(new RecordingBuilder(epoch), meta)),
      nodeCodec
    )
    expect(footer.meta).toEqual(meta)
    expect(footer.epoch).toBe(epoch)
    expect([footer.from, footer.to]).toEqual([NaN, NaN])
  })

  test('counts no entry of the recorder’s own among the logs, and a call once, of the segment and of a trace', async () => {
    const builder = new RecordingBuilder(epoch)
    pushNamedLog(builder, 1, 'handled', { letter: 'a' })
    pushNamedLog(builder, 2, 'event loop blocked', { letter: 'a', eventName: 'microlog.blocked' })
    // One call that two senders tell of.
    for (const ms of [3, 4]) pushNamedLog(builder, ms, 'answered', { letter: 'a', uid: 'x-1' })
    const { footer } = await openRecording(
      memoryFile(await encode(builder, { recording: '', label: '' })),
      nodeCodec
    )
    expect([footer.counts.logs, [...footer.traces.logs]]).toEqual([2, [2]])
  })

  test('keeps no prototype among the names of a resource', async () => {
    const resource = JSON.parse('{"__proto__": "p", "constructor": "c"}') as Record<string, string>
    const bytes = await encode(new RecordingBuilder(epoch), { recording: '', label: '', resource })
    const { footer } = await openRecording(memoryFile(bytes), nodeCodec)
    expect(Object.entries(footer.meta.resource!)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c']
    ])
    expect(Object.getPrototypeOf(footer.meta.resource)).toBe(null)
  })

  test('counts timing samples apart from those of log calls, span starts and the heap', async () => {
    const builder = new RecordingBuilder(epoch)
    for (const [type, count] of Object.entries({ wall: 5, log: 3, span: 2, heap: 1 })) {
      const profile = pushProfile(builder, type)
      for (let i = 0; i < count; i++) pushSample(builder, profile, i * 1e7, 0)
    }
    const { counts } = await footerOf(builder)
    expect(counts).toMatchObject({ samples: 5, logSamples: 3, spanSamples: 2, otherSamples: 1 })
  })

  test('counts logs by level', async () => {
    const builder = new RecordingBuilder(epoch)
    for (const severity of [0, 1, 4, 5, 9, 12, 13, 17, 18, 24]) pushLog(builder, severity, 0, 0)
    const { counts } = await footerOf(builder)
    expect(counts.logs).toBe(10)
    expect(counts.levels).toEqual({ trace: 2, debug: 1, info: 2, warn: 1, error: 2, fatal: 1 })
  })

  test('tells of each trace its root, its time and what belongs to it', async () => {
    const builder = new RecordingBuilder(epoch)
    const resource = pushResource(builder, 'shop')
    const trace = new Uint8Array(16).fill(7)
    pushSpan(builder, { traceId: trace, spanId: id8(2), parentSpanId: id8(1), start: 20, end: 90, resource })
    pushSpan(
      builder,
      { traceId: trace, spanId: id8(1), start: 10, end: 80, resource, statusCode: 2 },
      'GET /'
    )
    const link = builder.intern('links', { traceId: trace, spanId: id8(1) })
    pushLog(builder, 9, 30, link)
    pushSample(builder, pushProfile(builder, 'wall'), 40, link)
    pushSample(builder, pushProfile(builder, 'span'), 40, link)
    const { traces, counts, from, to } = await footerOf(builder)
    expect(traces.length).toBe(1)
    expect(traces.id).toEqual(trace)
    expect([traces.texts[traces.service[0]!], traces.texts[traces.name[0]!], traces.root[0]]).toEqual([
      'shop',
      'GET /',
      1
    ])
    expect([traces.start[0], traces.duration[0]]).toEqual([10, 80])
    expect([traces.spans[0], traces.errors[0], traces.logs[0], traces.samples[0]]).toEqual([2, 1, 1, 1])
    expect(counts).toMatchObject({ spans: 2, spanErrors: 1 })
    expect([from, to]).toEqual([10, 90])
  })

  test('lists traces of which the segment has no span, from their first log on', async () => {
    const builder = new RecordingBuilder(epoch)
    const link = builder.intern('links', { traceId: new Uint8Array(16).fill(9), spanId: id8(1) })
    pushLog(builder, 9, 50, link)
    pushLog(builder, 9, 40, link)
    const { traces } = await footerOf(builder)
    expect([traces.texts[traces.service[0]!], traces.texts[traces.name[0]!], traces.root[0]]).toEqual([
      '',
      '',
      0
    ])
    expect([traces.start[0], traces.duration[0], traces.spans[0], traces.logs[0]]).toEqual([40, 0, 0, 2])
  })
})

async function footerOf(builder: RecordingBuilder): Promise<SegmentFooter> {
  const bytes = await encode(builder, { recording: 'r', label: 'l' })
  return (await openRecording(memoryFile(bytes), nodeCodec)).footer
}

function encode(builder: RecordingBuilder, meta: SegmentMeta): Promise<Uint8Array> {
  return encodeRecording(builder.snapshot(), meta, nodeCodec)
}

function id8(fill: number): Uint8Array {
  return new Uint8Array(8).fill(fill)
}

function pushResource(builder: RecordingBuilder, service: string): number {
  const { strings, sets } = builder
  sets.add(strings.intern('service.name'), attributeType.string, strings.intern(service))
  return builder.intern('resources', { attributes: sets.close(), droppedAttributes: 0, schemaUrl: 0 })
}

function pushSpan(builder: RecordingBuilder, row: Partial<Row<'spans'>>, name = 'child'): void {
  builder.push('spans', {
    traceId: new Uint8Array(16),
    spanId: id8(0),
    parentSpanId: id8(0),
    traceState: 0,
    flags: 0,
    name: builder.strings.intern(name),
    kind: 0,
    start: 0,
    end: 0,
    statusCode: 0,
    statusMessage: 0,
    attributes: 0,
    droppedAttributes: 0,
    eventStart: -1,
    eventCount: 0,
    droppedEvents: 0,
    linkStart: -1,
    linkCount: 0,
    droppedLinks: 0,
    resource: -1,
    scope: -1,
    ...row
  })
}

function pushLog(builder: RecordingBuilder, severity: number, time: number, link: number): void {
  builder.push('logs', {
    time,
    observedTime: time,
    severity,
    severityText: 0,
    eventName: 0,
    body: 0,
    link,
    flags: 0,
    attributes: 0,
    droppedAttributes: 0,
    resource: -1,
    scope: -1
  })
}

function pushSample(builder: RecordingBuilder, profile: number, time: number, link: number): void {
  builder.push('samples', { time, stack: -1, link, profile, value: 1, attributes: 0 })
}

function pushProfile(builder: RecordingBuilder, type: string): number {
  return builder.push('profiles', {
    resource: -1,
    scope: -1,
    thread: -1,
    time: 0,
    duration: 0,
    sampleType: builder.strings.intern(type),
    sampleUnit: builder.strings.intern('count'),
    periodType: 0,
    periodUnit: 0,
    period: 0,
    profileId: -1,
    attributes: 0,
    droppedAttributes: 0,
    original: -1
  })
}
