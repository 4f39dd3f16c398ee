import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Function as PprofFunction, Label, Line, Location, Mapping, Sample } from 'pprof-format'
import { describe, expect, test } from 'vitest'
import { looksLikePprof } from '../../src/convert/pprof-file.ts'
import { readPprof } from '../../src/convert/read-pprof.ts'
import { readAttributes } from '../../src/recording/attributes.ts'
import { buildCalls } from '../../src/recording/calls.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { summarizeFunctions } from '../../src/recording/summary.ts'
import { listThreads } from '../../src/recording/threads.ts'
import { pprofFromText } from '../helpers/pprof-from-text.ts'

const origin = { name: 'shop', startUnixNano: 1_700_000_000_000_000_000n }

function fixture(name: string): Uint8Array {
  return gunzipSync(readFileSync(new URL(`../fixtures/pprof/${name}`, import.meta.url)))
}

/** 'name self total samples', in ms. */
function functionsOf(recording: Recording): string[] {
  return summarizeFunctions(recording)
    .map(({ name, selfMs, totalMs, samples }) => `${name} ${selfMs} ${totalMs} ${samples}`)
    .sort()
}

/** 'name from-to' of each call, in ms. */
function callsOf(recording: Recording, threadId = 0): string[] {
  const { frames, strings } = recording
  const { length, frame, start, end } = buildCalls(recording, threadId)
  return Array.from(
    { length },
    (_, row) =>
      `${strings[frames.name[frame[row]!]!]} ${Math.round(start[row]! / 1e6)}-${Math.round(end[row]! / 1e6)}`
  )
}

describe('a pprof file', () => {
  test('of a CPU profile gives each function its time and samples', () => {
    const bytes = pprofFromText({
      types: ['samples/count', 'cpu/nanoseconds'],
      period: '10000000 cpu/nanoseconds',
      samples: ['main: 1 10000000', 'main handler: 3 30000000', 'main handler parse: 2 20000000']
    })
    const recording = readPprof(bytes, origin)
    expect(recording.samples.length).toBe(6)
    expect(functionsOf(recording)).toEqual(['handler 30 50 5', 'main 10 60 6', 'parse 20 20 2'])
  })

  test('is laid out as its flame graph: each stack once, the largest first, what a call did itself last', () => {
    const bytes = pprofFromText({
      types: ['cpu/nanoseconds'],
      period: '10000000 cpu/nanoseconds',
      samples: ['main small: 10000000', 'main: 20000000', 'main large: 30000000', 'main small: 10000000']
    })
    expect(callsOf(readPprof(bytes, origin))).toEqual(['main 0-70', 'large 0-30', 'small 30-50'])
  })

  test('says in its resource that its times are made up, and begins when it says it began', () => {
    const bytes = pprofFromText({
      types: ['wall/nanoseconds'],
      samples: ['main: 5'],
      cells: () => ({ timeNanos: 1_600_000_000_123_456_789n })
    })
    const recording = readPprof(bytes, origin)
    expect(recording.epoch).toBe(1_600_000_000_123_456_789n)
    expect(readAttributes(recording, recording.resources.attributes[0]!)).toEqual([
      { key: 'service.name', text: 'shop' },
      { key: 'microlog.source', text: 'pprof' },
      { key: 'microlog.source.times', text: expect.stringContaining('none') }
    ])
    const without = pprofFromText({ types: ['wall/nanoseconds'], samples: ['main: 5'] })
    expect(readPprof(without, origin).epoch).toBe(origin.startUnixNano)
  })

  test.each<[string, string[], string, string, string]>([
    ['wall before cpu', ['cpu/nanoseconds', 'wall/nanoseconds'], '', '1000000 4000000', 'f 4 4 1'],
    ['wall-time before cpu-time', ['cpu-time/nanoseconds', 'wall-time/ns'], '', '1000000 4000000', 'f 4 4 1'],
    ['cpu before others', ['delay/nanoseconds', 'cpu/nanoseconds'], '', '1000000 4000000', 'f 4 4 1'],
    ['microseconds', ['cpu/microseconds'], '', '4000', 'f 4 4 1'],
    ['another time', ['contentions/count', 'delay/nanoseconds'], '', '2 8000000', 'f 8 8 2'],
    ['count × period', ['samples/count'], '5000000 cpu/nanoseconds', '3', 'f 15 15 3'],
    ['count × period in ms', ['samples/count'], '5 cpu/milliseconds', '3', 'f 15 15 3'],
    ['time without a count', ['cpu/nanoseconds'], '2000000 cpu/nanoseconds', '8000000', 'f 8 8 4'],
    [
      'samples that are longer than three periods',
      ['s/count', 'cpu/nanoseconds'],
      '1000 cpu/nanoseconds',
      '2 8000000',
      'f 8 8 2'
    ]
  ])('is read with %s', (_, types, period, values, expected) => {
    const recording = readPprof(pprofFromText({ types, period, samples: [`f: ${values}`] }), origin)
    expect(functionsOf(recording)).toEqual([expected])
  })

  test('beside allocations takes no object for a sample, and nothing of what was only allocated', () => {
    const bytes = pprofFromText({
      types: ['alloc_objects/count', 'alloc_space/bytes', 'cpu/nanoseconds'],
      period: '2000000 cpu/nanoseconds',
      samples: ['f: 700 512 4000000', 'g: 3 64 0']
    })
    expect(functionsOf(readPprof(bytes, origin))).toEqual(['f 4 4 2'])
  })

  test.each([
    [['inuse_objects/count', 'inuse_space/bytes'], '524288 space/bytes', '1 2'],
    [['goroutine/count'], '1 goroutine/count', '1']
  ])('of %s is refused as unsupported, with what it has', (types, period, values) => {
    const bytes = pprofFromText({ types, period, samples: [`f: ${values}`] })
    expect(() => readPprof(bytes, origin)).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message: `Expected a pprof file of time (wall/nanoseconds, or samples/count with a period in nanoseconds), found ${types.join(', ')}`
      })
    )
  })

  test('with inlined calls, packed and single numbers, and code without symbols is read', () => {
    const bytes = pprofFromText({
      types: ['cpu/nanoseconds'],
      samples: [],
      cells: texts => ({
        function: ['outer', 'inner'].map(
          (name, at) => new PprofFunction({ id: 2n ** 63n + BigInt(at), name: texts.dedup(name) })
        ),
        mapping: [new Mapping({ id: 1, filename: texts.dedup('/usr/lib/libc.so') })],
        location: [
          new Location({
            id: 2n ** 64n - 1n,
            line: [
              new Line({ functionId: 2n ** 63n + 1n, line: 7 }),
              new Line({ functionId: 2n ** 63n, line: 3 })
            ]
          }),
          new Location({ id: 9, mappingId: 1, address: 0x7fff_1234_5678n })
        ],
        sample: [new Sample({ locationId: [9, 2n ** 64n - 1n], value: [1000] })]
      })
    })
    // The same sample once more, its numbers one by one: 08 is a location, 10 a value.
    const unpacked = Uint8Array.from([0x12, 5, 0x08, 9, 0x10, 0xe8, 0x07])
    const recording = readPprof(Uint8Array.from([...bytes, ...unpacked]), origin)
    const { strings, frames } = recording
    const texts = Array.from(
      { length: frames.length },
      (_, row) => `${strings[frames.name[row]!]} ${strings[frames.url[row]!]}:${frames.line[row]}`
    )
    expect(texts.sort()).toEqual(['0x7fff12345678 /usr/lib/libc.so:0', 'inner :7', 'outer :3'])
    expect(recording.samples.length).toBe(2)
    expect(recording.stacks.length).toBe(4)
  })

  test('keeps the threads and the labels of its samples', () => {
    const label = (texts: { dedup(text: string): number }, key: string, str: string): Label =>
      new Label({ key: texts.dedup(key), str: texts.dedup(str) })
    const bytes = pprofFromText({
      types: ['wall/nanoseconds'],
      samples: ['f: 1000000'],
      cells: texts => ({
        sample: [
          new Sample({
            locationId: [1],
            value: [1e6],
            label: [label(texts, 'thread name', 'main'), label(texts, 'route', 'GET /')]
          }),
          new Sample({
            locationId: [1],
            value: [2e6],
            label: [
              label(texts, 'thread name', 'Worker'),
              label(texts, 'thread id', '7'),
              new Label({ key: texts.dedup('size'), num: 5 })
            ]
          })
        ]
      })
    })
    const recording = readPprof(bytes, origin)
    expect(listThreads(recording)).toEqual([
      { id: 0, name: 'main', samples: 1 },
      { id: 7, name: 'Worker', samples: 1 }
    ])
    const labels = [...recording.samples.attributes].map(set => readAttributes(recording, set))
    expect(labels).toEqual([[{ key: 'route', text: 'GET /' }], [{ key: 'size', text: '5' }]])
  })

  test('of @datadog/pprof comes to the time and the samples that are in it, idle time apart', () => {
    const recording = readPprof(fixture('datadog-cpu.pb.gz'), origin)
    const functions = summarizeFunctions(recording)
    const fib = functions.find(({ name }) => name === 'fib')!
    expect(fib.file).toBe('/srv/app/app.mjs')
    expect(functions.some(({ name }) => name === '(idle)')).toBe(false)
    const routes = new Set(
      [...recording.samples.attributes].flatMap(set => readAttributes(recording, set)).map(({ text }) => text)
    )
    expect([...routes].sort()).toEqual(['GET /orders', 'GET /search'])
    expect(() => readPprof(fixture('datadog-heap.pb.gz'), origin)).toThrow(/inuse_space\/bytes/)
  })

  test('that counts more than can be kept has fewer samples, and all of its time', () => {
    const bytes = pprofFromText({
      types: ['samples/count', 'cpu/nanoseconds'],
      samples: [`a: ${2n ** 62n} 3000000000000`, 'b: 1 1000000000000']
    })
    const recording = readPprof(bytes, origin)
    expect(recording.samples.length).toBeLessThan(1_100_000)
    const [a, b] = summarizeFunctions(recording)
    expect([a!.name, Math.round(a!.selfMs / 1e6), b!.name, Math.round(b!.selfMs / 1e6)]).toEqual([
      'a',
      3,
      'b',
      1
    ])
  }, 30_000)
})

describe('a hostile pprof file is refused with what was expected:', () => {
  const types = ['samples/count', 'cpu/nanoseconds']
  const sampled = (sample: Sample): Uint8Array =>
    pprofFromText({ types, samples: ['f: 1 1'], cells: () => ({ sample: [sample] }) })

  test.each<[string, string, Uint8Array]>([
    ['a location that is not there', 'id 9', sampled(new Sample({ locationId: [9], value: [1, 1] }))],
    [
      'a function that is not there',
      'id 77',
      pprofFromText({
        types,
        samples: ['f: 1 1'],
        cells: () => ({ location: [new Location({ id: 1, line: [new Line({ functionId: 77 })] })] })
      })
    ],
    [
      'a string that is not there',
      'string 4000',
      pprofFromText({
        types,
        samples: ['f: 1 1'],
        cells: () => ({ function: [new PprofFunction({ id: 1, name: 4000 })] })
      })
    ],
    [
      'two locations of one id',
      'ids of their own',
      pprofFromText({
        types,
        samples: ['f: 1 1'],
        cells: () => ({ location: [new Location({ id: 1 }), new Location({ id: 1 })] })
      })
    ],
    ['fewer values than types', '2 values', sampled(new Sample({ locationId: [1], value: [1] }))],
    ['more values than types', '2 values', sampled(new Sample({ locationId: [1], value: [1, 1, 1] }))],
    ['values below 0', '0 or more', sampled(new Sample({ locationId: [1], value: [-1, 5] }))],
    ['no samples', 'none', pprofFromText({ types, samples: [] })],
    ['values of 0 only', 'none', pprofFromText({ types, samples: ['f: 0 0'] })],
    ['more time than 50 days', '50 days', pprofFromText({ types, samples: [`f: 1 ${2n ** 62n}`] })],
    [
      'a sample of a million locations',
      'at most 100000',
      sampled(new Sample({ locationId: new Array<number>(1_000_000).fill(1), value: [1, 1] }))
    ],
    [
      'a sample with a thousand labels',
      'at most 100',
      sampled(
        new Sample({
          locationId: [1],
          value: [1, 1],
          label: new Array<Label>(1000).fill(new Label({ key: 1, str: 1 }))
        })
      )
    ],
    [
      'calls inlined without end',
      'at most 100000',
      pprofFromText({
        types,
        samples: ['f: 1 1'],
        cells: () => ({
          location: [
            new Location({ id: 1, line: new Array<Line>(200_000).fill(new Line({ functionId: 1 })) })
          ]
        })
      })
    ]
  ])('%s', (_, expected, bytes) => {
    expect(() => readPprof(bytes, origin)).toThrow(
      expect.objectContaining({ name: 'MicrologError', message: expect.stringContaining(expected) })
    )
  })

  test('three million messages of no bytes each', () => {
    const many = new Uint8Array(6_000_000)
    for (let i = 0; i < many.length; i += 2) many[i] = 0x32
    expect(() => readPprof(many, origin)).toThrow(/at most 2000000 strings/)
  })

  test('a number that does not end', () => {
    const bytes = pprofFromText({ types, samples: ['f: 1 1'] })
    const endless = new Uint8Array(bytes.length + 1_000_000).fill(0xff)
    endless.set(bytes)
    expect(() => readPprof(endless, origin)).toThrow(/at most ten bytes/)
  })

  test('what is cut short anywhere before its last string', () => {
    const bytes = pprofFromText({
      types,
      samples: ['main handler: 3 30000000'],
      period: '10000000 cpu/nanoseconds'
    })
    const lastString = Buffer.from(bytes).lastIndexOf('app.go') + 'app.go'.length
    for (let length = 0; length < lastString; length++) {
      expect(() => readPprof(bytes.subarray(0, length), origin), `${length} bytes`).toThrow(
        expect.objectContaining({ name: 'MicrologError' })
      )
    }
    expect(readPprof(bytes, origin).samples.length).toBe(3)
  })

  test('any byte that is changed gives a recording or an error of ours', () => {
    const bytes = pprofFromText({ types, samples: ['main handler: 3 30000000', 'main: 1 1'] })
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const changed = bytes.slice()
        changed[at] = value
        try {
          expect(readPprof(changed, origin).samples.length).toBeGreaterThan(0)
        } catch (thrown) {
          expect(thrown).toMatchObject({ name: 'MicrologError' })
        }
      }
    }
  }, 60_000)
})

test('a pprof file is told by its own tables, whatever their order', () => {
  expect(looksLikePprof(pprofFromText({ types: ['cpu/nanoseconds'], samples: [] }))).toBe(false)
  expect(looksLikePprof(pprofFromText({ types: ['cpu/nanoseconds'], samples: ['f: 1'] }))).toBe(true)
  expect(looksLikePprof(fixture('datadog-cpu.pb.gz'))).toBe(true)
  expect(looksLikePprof(new Uint8Array())).toBe(false)
})
