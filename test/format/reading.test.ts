import { describe, expect, test } from 'vitest'
import { encodeRecording, openRecording } from '../../src/format/index.ts'
import type { Recording, SegmentFooter } from '../../src/format/index.ts'
import { assembleSegment } from '../../src/format/encode/segment.ts'
import type { EncodedBlock } from '../../src/format/encode/segment.ts'
import { tailLength } from '../../src/format/layout.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { attributeType } from '../../src/recording/schema.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { meaningOf, randomRecording, seededRandom } from '../helpers/recordings.ts'
import { memoryFile } from './memory-file.ts'

const meta = { recording: 'r', label: 'test' }

describe('reading a part', () => {
  test('opens with one read of the end', async () => {
    const file = memoryFile(await encodeRecording(manyLogs(15_000), meta, nodeCodec))
    await openRecording(file, nodeCodec)
    expect(file.reads).toBe(1)
    expect(file.bytesRead).toBeLessThanOrEqual(64 * 1024)
    expect(file.bytesRead).toBeLessThan(file.byteLength)
  })

  test('reads only the blocks of a time window', async () => {
    const recording = manyLogs(80_000)
    const source = memoryFile(await encodeRecording(recording, meta, nodeCodec))
    const file = await openRecording(source, nodeCodec)
    source.bytesRead = 0
    const all = await file.read(['logs'])
    const allBytes = source.bytesRead
    source.bytesRead = 0
    const middle = await file.read(['logs'], { from: 40_000e6, to: 40_010e6 })
    expect(source.bytesRead).toBeLessThan(allBytes / 2)
    expect(all.logs.length).toBe(80_000)
    expect(bodiesWithin(middle, 40_000e6, 40_010e6)).toEqual(bodiesWithin(all, 40_000e6, 40_010e6))
    expect(bodiesWithin(middle, 40_000e6, 40_010e6)).toHaveLength(11)
  })

  test('reads only the blocks of a group, which means the same as in the whole', async () => {
    const recording = randomRecording(21, 1500)
    const bytes = await encodeRecording(recording, meta, nodeCodec)
    const expected = meaningOf(recording)
    const tablesOf = {
      spans: 'spans',
      logs: 'logs',
      samples: 'samples',
      statuses: 'points',
      opaque: 'opaque'
    } as const
    for (const [group, table] of Object.entries(tablesOf)) {
      const source = memoryFile(bytes)
      const file = await openRecording(source, nodeCodec)
      source.bytesRead = 0
      const read = await file.read([group as keyof typeof tablesOf])
      expect(meaningOf(read)[table], group).toEqual(expected[table])
      expect(source.bytesRead, group).toBeLessThan(bytes.length)
    }
  })

  test('reads samples without what tells their spans, and they are the same but for that', async () => {
    const recording = randomRecording(22, 1500)
    const source = memoryFile(await encodeRecording(recording, meta, nodeCodec))
    const file = await openRecording(source, nodeCodec)
    source.bytesRead = 0
    const linked = await file.read(['samples'])
    const linkedBytes = source.bytesRead
    source.bytesRead = 0
    const unlinked = await file.readUnlinkedSamples()
    expect(linkedBytes - source.bytesRead).toBeGreaterThan(8 * recording.spans.length)
    expect(linked.samples.link.some(link => link > 0)).toBe(true)
    const none = { ...linked.samples, link: new Int32Array(linked.samples.length) }
    expect(meaningOf(unlinked).samples).toEqual(meaningOf({ ...linked, samples: none }).samples)
    expect(unlinked.links.length).toBe(1)
  })
})

describe('segments of other writers', () => {
  const extra = {
    kind: 99,
    count: 3,
    range: undefined,
    owner: { group: 1, chunk: 0 },
    bytes: Uint8Array.of(1, 2, 3)
  }

  test('an optional block of an unknown kind is passed over', async () => {
    const recording = randomRecording(5, 30)
    const bytes = await withBlock(recording, { ...extra, required: false })
    const file = await openRecording(memoryFile(bytes), nodeCodec)
    expect(meaningOf(await file.read())).toEqual(meaningOf(recording))
  })

  test('a required block of an unknown kind is refused, and the message says what to do', async () => {
    const file = await openRecording(
      memoryFile(await withBlock(randomRecording(5, 30), { ...extra, required: true })),
      nodeCodec
    )
    await expect(file.read()).rejects.toMatchObject({ code: 'unsupported' })
    await expect(file.read()).rejects.toThrow('update microlog')
  })

  test('a segment for newer readers only is refused before anything else is read', async () => {
    const bytes = await withBlock(randomRecording(5, 30), { ...extra, required: false }, { minimumReader: 7 })
    await expect(openRecording(memoryFile(bytes), nodeCodec)).rejects.toMatchObject({ code: 'unsupported' })
    await expect(openRecording(memoryFile(bytes), nodeCodec)).rejects.toThrow('format version 7')
  })

  test('a segment from before the freeze is refused, and the message says who reads it', async () => {
    const bytes = await encodeRecording(randomRecording(5, 30), meta, nodeCodec)
    bytes[bytes.length - tailLength + 9] = 0
    await expect(openRecording(memoryFile(bytes), nodeCodec)).rejects.toMatchObject({ code: 'unsupported' })
    await expect(openRecording(memoryFile(bytes), nodeCodec)).rejects.toThrow('the release that wrote it')
  })

  test('bytes that are no segment are refused', async () => {
    const bytes = new TextEncoder().encode('PK zip, or anything else that is long enough to have a tail')
    await expect(openRecording(memoryFile(bytes), nodeCodec)).rejects.toThrow('MICROLOG')
  })
})

async function withBlock(
  recording: Recording,
  block: EncodedBlock,
  change: Partial<SegmentFooter> = {}
): Promise<Uint8Array> {
  const bytes = await encodeRecording(recording, meta, nodeCodec)
  const { footer } = await openRecording(memoryFile(bytes), nodeCodec)
  const blocks = await Promise.all(
    footer.blocks.map(async entry => {
      const stored = bytes.subarray(entry.offset, entry.offset + entry.length)
      const inflated = entry.codec === 0 ? stored : await nodeCodec.inflate(stored, entry.size)
      const range = Number.isNaN(entry.from) ? undefined : { from: entry.from, to: entry.to }
      return { ...entry, range, bytes: inflated }
    })
  )
  return assembleSegment({ ...footer, ...change }, [blocks[0]!, block, ...blocks.slice(1)], nodeCodec)
}

/** A log each ms, each with a text of its own. */
function manyLogs(count: number): Recording {
  const random = seededRandom(1)
  const builder = new RecordingBuilder(0n)
  for (let i = 0; i < count; i++) {
    const text = `${Math.floor(random() * 2 ** 32).toString(36)} ${Math.floor(random() * 2 ** 32).toString(36)}`
    builder.sets.add(0, attributeType.string, builder.strings.intern(text))
    builder.push('logs', {
      time: i * 1e6,
      observedTime: i * 1e6,
      severity: 9,
      severityText: 0,
      eventName: 0,
      body: builder.sets.close(),
      link: 0,
      flags: 0,
      attributes: 0,
      droppedAttributes: 0,
      resource: -1,
      scope: -1
    })
  }
  return builder.snapshot()
}

function bodiesWithin({ logs, sets, strings }: Recording, from: number, to: number): string[] {
  return Array.from(logs.time.keys())
    .filter(row => logs.time[row]! >= from && logs.time[row]! <= to)
    .map(row => strings[sets.value[sets.start[logs.body[row]!]!]!]!)
}
