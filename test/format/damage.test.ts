import { describe, expect, test } from 'vitest'
import { ByteReader } from '../../src/base/byte-reader.ts'
import { ByteWriter } from '../../src/base/byte-writer.ts'
import { MicrologError } from '../../src/base/errors.ts'
import { blockKind } from '../../src/format/layout.ts'
import { BlockStore } from '../../src/format/decode/block-store.ts'
import { decodeStatusRollup } from '../../src/format/decode/rollups.ts'
import { checkReferences } from '../../src/format/decode/check-references.ts'
import { assembleSegment } from '../../src/format/encode/segment.ts'
import { encodeRecording, openRecording } from '../../src/format/index.ts'
import type { Recording } from '../../src/format/index.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { meaningOf, randomRecording, seededRandom } from '../helpers/recordings.ts'
import { memoryFile } from './memory-file.ts'

const meta = { recording: 'r', label: 'damage', journals: [{ file: 'j-1', from: 0, to: 99 }] }
const recording = randomRecording(3, 4)
const whole = await encodeRecording(recording, meta, nodeCodec)

describe('a damaged segment', () => {
  test('is refused at every length but its own', async () => {
    for (let length = 0; length < whole.length; length++) {
      const code = await failureOf(whole.subarray(0, length))
      expect(code, `cut to ${length} bytes`).toBe('corrupt')
    }
    expect(await failureOf(Uint8Array.from([...whole, 0]))).toBe('corrupt')
  })

  test('is refused for every single flipped bit', async () => {
    expect(whole.length).toBeLessThanOrEqual(8192)
    const bytes = whole.slice()
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      const code = await failureOf(bytes)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      if (code !== 'corrupt' && code !== 'unsupported') expect.fail(`bit ${bit} flipped: ${code}`)
    }
    expect(await failureOf(bytes)).toBe('none')
  }, 120_000)

  test('names the block and its offset', async () => {
    const file = await openRecording(memoryFile(whole), nodeCodec)
    const logs = file.footer.blocks.find(block => block.kind === 11)!
    const bytes = whole.slice()
    bytes[logs.offset]! ^= 0xff
    const damaged = await openRecording(memoryFile(bytes), nodeCodec)
    await expect(damaged.read(['logs'])).rejects.toThrow(`'logs 1'`)
    await expect(damaged.read(['logs'])).rejects.toMatchObject({ code: 'corrupt', offset: logs.offset })
  })

  test('still gives the groups that are whole', async () => {
    const file = await openRecording(memoryFile(whole), nodeCodec)
    const logs = file.footer.blocks.find(block => block.kind === 11)!
    const bytes = whole.slice()
    bytes[logs.offset]! ^= 0xff
    const damaged = await openRecording(memoryFile(bytes), nodeCodec)
    const read = await damaged.read(['spans', 'samples', 'statuses'])
    const expected = meaningOf(recording)
    const found = meaningOf(read)
    for (const table of ['spans', 'samples', 'points']) expect(found[table]).toEqual(expected[table])
  })
})

describe('a hostile segment with right checksums', () => {
  test('never does worse than a clear error', async () => {
    const random = seededRandom(11)
    const { footer, blocks } = await inflatedBlocks()
    let refused = 0
    for (let round = 0; round < 400; round++) {
      const block = blocks[Math.floor(random() * blocks.length)]!
      const before = block.bytes.slice()
      for (let i = Math.ceil(random() * 3); i > 0; i--) {
        block.bytes[Math.floor(random() * block.bytes.length)] = Math.floor(random() * 256)
      }
      const code = await failureOf(await assembleSegment(footer, blocks, nodeCodec))
      block.bytes.set(before)
      if (code === 'corrupt' || code === 'unsupported') refused++
      else expect(code).toBe('none')
    }
    expect(refused).toBeGreaterThan(40)
  }, 60_000)

  test('is refused for scopes by the million before there is room for them', async () => {
    const { footer, blocks } = await inflatedBlocks()
    const context = blocks.find(({ kind }) => kind === blockKind.context)!
    // It begins with the rows of its second table, a varint: 2^24 of them.
    expect(context.bytes[0]).toBe(recording.scopes.length)
    context.bytes = Uint8Array.of(0x80, 0x80, 0x80, 0x08, ...context.bytes.subarray(1))
    const file = await openRecording(memoryFile(await assembleSegment(footer, blocks, nodeCodec)), nodeCodec)
    await expect(file.read()).rejects.toThrow('Expected at most 1048576 rows, found 16777216')
  })

  test('is refused for blocks of many gigabytes before one is inflated', async () => {
    const { footer } = await openRecording(memoryFile(whole), nodeCodec)
    const entries = footer.blocks.slice(0, 3).map(block => ({ ...block, size: 2 ** 30 }))
    const inflate = (): never => expect.fail('inflated')
    const known = { from: 0, bytes: whole }
    const store = new BlockStore(memoryFile(whole), { ...nodeCodec, inflate }, known)
    await expect(store.read(entries)).rejects.toThrow(
      'Expected at most 2147483648 bytes of blocks, found 3221225472'
    )
  })

  test('is refused for attributes that are all alike, in many blocks, before there is room for them', async () => {
    const { footer, blocks } = await inflatedBlocks()
    const block = blocks.find(({ kind }) => kind === blockKind.sets)!
    // One shape of 4000 attributes, each of key 0 and type 3, all of which have the value 1.
    const bytes = Uint8Array.of(1, 0, 0xc0, 0x3e, 0, 0, 0, 6, 0, 0, 0, 2)
    const alike = [25, 16_777].map(count => ({ ...block, bytes, count }))
    const file = await assembleSegment(footer, [...alike, ...blocks], nodeCodec)
    const { read } = await openRecording(memoryFile(file), nodeCodec)
    await expect(read()).rejects.toThrow('Expected at most 67008864 attributes')
  })

  test('is refused for spans that are all alike before there is room for them', async () => {
    const { footer, blocks } = await inflatedBlocks()
    blocks.find(({ kind }) => kind === blockKind.spans)!.count = 50_000_000
    const file = await openRecording(memoryFile(await assembleSegment(footer, blocks, nodeCodec)), nodeCodec)
    await expect(file.read()).rejects.toThrow(/^Expected at most 2147483648 bytes of tables, found \d{10}$/)
  })

  test('is refused for a second block of stacks or links, each of which would read the whole table', async () => {
    const { footer, blocks } = await inflatedBlocks()
    for (const [kind, name] of [
      [blockKind.stacks, 'stacks of samples'],
      [blockKind.links, 'links']
    ] as const) {
      const block = blocks.find(block => block.kind === kind)!
      const bytes = await assembleSegment(footer, [block, ...blocks], nodeCodec)
      const file = await openRecording(memoryFile(bytes), nodeCodec)
      await expect(file.read()).rejects.toThrow(`Block '${name}': Expected one block of this kind`)
    }
  })

  test.each(['from', 'to'] as const)('is refused for a footer whose time %s no clock shows', async name => {
    const { footer, blocks } = await inflatedBlocks()
    for (const time of [Infinity, -1e300]) {
      const bytes = await assembleSegment({ ...footer, [name]: time }, blocks, nodeCodec)
      expect(await failureOf(bytes), String(time)).toBe('corrupt')
    }
    const traces = { ...footer.traces, duration: footer.traces.duration.map(() => Infinity) }
    expect(await failureOf(await assembleSegment({ ...footer, traces }, blocks, nodeCodec))).toBe('corrupt')
  })

  test('is refused for a time of a row that no clock shows', async () => {
    const { footer, blocks } = await inflatedBlocks()
    for (const time of [Infinity, -1e300]) {
      const observedTime = recording.logs.observedTime.map(() => time)
      const rows = { ...recording, logs: { ...recording.logs, observedTime } }
      const bytes = await encodeRecording(rows, meta, nodeCodec)
      expect(await failureOf(bytes), String(time)).toBe('corrupt')
    }
    expect(await failureOf(await assembleSegment(footer, blocks, nodeCodec))).toBe('none')
  })

  test('is refused for threads by the million', async () => {
    const { footer, blocks } = await inflatedBlocks()
    const threads = new Array(2 ** 20 + 1).fill({ id: 0, name: '' })
    expect(await failureOf(await assembleSegment({ ...footer, threads }, blocks, nodeCodec))).toBe('corrupt')
  })

  test('is refused for curves that are all alike before there is room for them', async () => {
    const many = new ByteWriter()
    many.varint(1000)
    many.text('m')
    many.varint(1)
    for (let column = 0; column < 4; column++) many.raw(Uint8Array.of(0, 2))
    many.text('m')
    many.varint(64 * 1024 * 1024)
    expect(() => decodeStatusRollup(new ByteReader(many.finish()), 2)).toThrow('Expected rows of a rollup')
  })

  test('is refused for more columns of attributes than it has bytes', async () => {
    const { footer, blocks } = await inflatedBlocks()
    const block = blocks.find(({ kind }) => kind === blockKind.sets)!
    // 8 shapes of 4096 attributes, of keys that count up and type 3; all sets have the first shape.
    const bytes = Uint8Array.of(8, 0, 0x80, 0x40, 3, 0, 0, 2, 0, 6, 0, 0)
    const file = await assembleSegment(footer, [{ ...block, bytes, count: 8 }, ...blocks], nodeCodec)
    const { read } = await openRecording(memoryFile(file), nodeCodec)
    await expect(read()).rejects.toThrow('Expected at most 0 columns of attributes')
  })
})

describe('references that lead nowhere', () => {
  const { samples, spans, logs, stacks, sets } = recording
  const cases: [string, Partial<Recording>][] = [
    ['a stack', { samples: { ...samples, stack: samples.stack.map(() => 1000) } }],
    ['a link', { samples: { ...samples, link: samples.link.map(() => -2) } }],
    ['a string', { spans: { ...spans, name: spans.name.map(() => 100_000) } }],
    ['a string before the first', { spans: { ...spans, name: spans.name.map(() => -1) } }],
    ['a set', { logs: { ...logs, body: logs.body.map(() => 100_000) } }],
    ['a parent behind its child', { stacks: { ...stacks, parent: stacks.parent.map((_, row) => row) } }],
    ['more events than there are', { spans: { ...spans, eventCount: spans.eventCount.map(() => 1000) } }],
    ['the key of an attribute', { sets: { ...sets, key: sets.key.map(() => 100_000) } }],
    ['the type of an attribute', { sets: { ...sets, type: sets.type.map(() => 8) } }],
    [
      'the text of an attribute',
      { sets: { ...sets, type: sets.type.map(() => 1), value: sets.value.map(() => 0.5) } }
    ]
  ]

  test.each(cases)('%s: refused', (_, damage) => {
    expect(() => checkReferences(recording)).not.toThrow()
    expect(() => checkReferences({ ...recording, ...damage })).toThrow(MicrologError)
  })
})

async function inflatedBlocks() {
  const { footer } = await openRecording(memoryFile(whole), nodeCodec)
  const blocks = await Promise.all(
    footer.blocks.map(async block => {
      const stored = whole.subarray(block.offset, block.offset + block.length)
      const bytes = block.codec === 0 ? stored.slice() : await nodeCodec.inflate(stored, block.size)
      const range = Number.isNaN(block.from) ? undefined : { from: block.from, to: block.to }
      return { ...block, range, bytes: Uint8Array.from(bytes) }
    })
  )
  return { footer, blocks }
}

/** The code of the error that reading all of it ends in; 'none' where it reads. */
async function failureOf(bytes: Uint8Array): Promise<string> {
  try {
    const file = await openRecording(memoryFile(bytes), nodeCodec)
    const read: Recording = await file.read()
    return read.epoch === recording.epoch ? 'none' : 'wrong'
  } catch (error) {
    if (error instanceof MicrologError) return error.code
    throw error
  }
}
