import { describe, expect, it } from 'vitest'
import { appendRecording, fitsEpoch } from '../../src/recording/append-recording.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { attributeType } from '../../src/recording/schema.ts'
import type { Recording } from '../../src/recording/schema.ts'

const epoch = 1_700_000_000_000_000_000n

/** One span with an event, one log that names it, one sample on a stack of two frames. */
function buildSlice(at: bigint, spanByte: number, names = ['main', 'handler']): Recording {
  const builder = new RecordingBuilder(at)
  const text = (value: string) => builder.strings.intern(value)
  const set = (key: string, value: string) => {
    builder.sets.add(text(key), attributeType.string, text(value))
    return builder.sets.close()
  }
  const traceId = new Uint8Array(16).fill(7)
  const spanId = new Uint8Array(8).fill(spanByte)
  const link = builder.intern('links', { traceId, spanId })
  const resource = builder.intern('resources', {
    attributes: set('service.name', 'shop'),
    droppedAttributes: 0,
    schemaUrl: 0
  })
  const scope = builder.intern('scopes', {
    name: text('http'),
    version: 0,
    attributes: 0,
    droppedAttributes: 0,
    schemaUrl: 0
  })
  let stack = -1
  for (const name of names) {
    const frame = builder.intern('frames', {
      name: text(name),
      url: text('file:///app.js'),
      line: 1,
      column: 1,
      packageId: 0
    })
    stack = builder.intern('stacks', { frame, parent: stack })
  }
  const thread = builder.intern('threads', { id: 0, name: text('main'), resource })
  const profile = builder.push('profiles', {
    resource,
    scope,
    thread,
    time: 0,
    duration: 1e9,
    sampleType: text('wall'),
    sampleUnit: text('count'),
    periodType: text('wall'),
    periodUnit: text('nanoseconds'),
    period: 1e7,
    profileId: builder.addBlob(new Uint8Array([1, 2, 3])),
    attributes: 0,
    droppedAttributes: 0,
    original: -1
  })
  builder.push('samples', { time: 5, stack, link, profile, value: 1, attributes: 0 })
  const event = builder.push('events', {
    time: 6,
    name: text('log'),
    attributes: set('n', '1'),
    droppedAttributes: 0
  })
  builder.push('spans', {
    traceId,
    spanId,
    parentSpanId: new Uint8Array(8),
    traceState: 0,
    flags: 1,
    name: text('GET /'),
    kind: 2,
    start: 1,
    end: Number.NaN,
    statusCode: 0,
    statusMessage: 0,
    attributes: set('http.route', '/'),
    droppedAttributes: 0,
    eventStart: event,
    eventCount: 1,
    droppedEvents: 0,
    linkStart: -1,
    linkCount: 0,
    droppedLinks: 0,
    resource,
    scope
  })
  return builder.snapshot()
}

describe('appendRecording', () => {
  it('shares strings, attribute sets, stacks and resources that are there already', () => {
    const builder = new RecordingBuilder(epoch)
    appendRecording(builder, buildSlice(epoch, 1))
    const once = builder.snapshot()
    appendRecording(builder, buildSlice(epoch, 2))
    const twice = builder.snapshot()

    expect(twice.strings).toEqual(once.strings)
    expect(twice.sets.length).toBe(once.sets.length)
    for (const name of ['frames', 'stacks', 'resources', 'scopes', 'threads'] as const)
      expect(twice[name].length, name).toBe(once[name].length)
    expect(twice.spans.length).toBe(2)
    expect(twice.samples.length).toBe(2)
    expect(twice.links.length).toBe(3)
  })

  it('points every row at what it pointed at before', () => {
    const builder = new RecordingBuilder(epoch)
    appendRecording(builder, buildSlice(epoch, 1, ['other', 'work']))
    appendRecording(builder, buildSlice(epoch, 2, ['main', 'handler']))
    const merged = builder.snapshot()

    const leaf = merged.samples.stack[1]!
    const root = merged.stacks.parent[leaf]!
    const nameOf = (stack: number) => merged.strings[merged.frames.name[merged.stacks.frame[stack]!]!]
    expect([nameOf(root), nameOf(leaf)]).toEqual(['main', 'handler'])
    expect(merged.stacks.parent[root]).toBe(-1)
    expect(merged.spans.eventStart[1]).toBe(1)
    expect(merged.spans.linkStart[1]).toBe(-1)
    const linked = merged.samples.link[1]!
    expect([...merged.links.spanId.subarray(linked * 8, linked * 8 + 8)]).toEqual(Array(8).fill(2))
    expect(merged.blobs[merged.profiles.profileId[1]!]).toEqual(Uint8Array.of(1, 2, 3))
  })

  it('moves times to its own epoch and keeps those that are not set', () => {
    const builder = new RecordingBuilder(epoch)
    appendRecording(builder, buildSlice(epoch + 1_000n, 1))
    const { spans, samples } = builder.snapshot()
    expect(spans.start[0]).toBe(1_001)
    expect(spans.end[0]).toBeNaN()
    expect(samples.time[0]).toBe(1_005)
  })

  it('refuses a recording whose times it could not hold exactly', () => {
    const builder = new RecordingBuilder(epoch)
    const far = buildSlice(epoch + 2n ** 53n, 1)
    expect(fitsEpoch(builder.epoch, far)).toBe(false)
    expect(() => appendRecording(builder, far)).toThrow(/52 days/)
  })

  it('interns thousands of rows and sets without losing one', () => {
    const builder = new RecordingBuilder(epoch)
    const rows: number[] = []
    const sets: number[] = []
    for (let i = 0; i < 5_000; i++) {
      rows.push(builder.intern('frames', { name: i, url: 0, line: i % 7, column: 0, packageId: 0 }))
      builder.sets.add(1, attributeType.int, i)
      builder.sets.add(2, attributeType.double, i / 3)
      sets.push(builder.sets.close())
    }
    expect(new Set(rows).size).toBe(5_000)
    expect(new Set(sets).size).toBe(5_000)
    for (let i = 0; i < 5_000; i++) {
      expect(builder.intern('frames', { name: i, url: 0, line: i % 7, column: 0, packageId: 0 })).toBe(
        rows[i]
      )
      builder.sets.add(1, attributeType.int, i)
      builder.sets.add(2, attributeType.double, i / 3)
      expect(builder.sets.close()).toBe(sets[i])
    }
    expect(builder.table('frames').length).toBe(5_000)
  })
})

describe('a builder that restarts', () => {
  it('holds what a new one would, and leaves what was frozen before as it was', () => {
    const builder = new RecordingBuilder(epoch)
    appendRecording(builder, buildSlice(epoch, 1, ['other', 'work']))
    appendRecording(builder, buildSlice(epoch, 2, ['main', 'handler']))
    const before = builder.snapshot()
    const copy = structuredClone(before)

    builder.restart(epoch + 1_000n)
    appendRecording(builder, buildSlice(epoch + 1_000n, 3, ['handler', 'main']))
    const fresh = new RecordingBuilder(epoch + 1_000n)
    appendRecording(fresh, buildSlice(epoch + 1_000n, 3, ['handler', 'main']))
    expect(builder.snapshot()).toEqual(fresh.snapshot())
    expect(before).toEqual(copy)
  })
})
