import { describe, expect, test } from 'vitest'
import { ProtobufWriter } from '../../../src/otlp/protobuf-writer.ts'
import { readOtlpRequest } from '../../../src/convert/otlp/read-request.ts'
import type { RequestSlices } from '../../../src/convert/otlp/read-request.ts'
import { writeOtlpJson } from '../../../src/convert/otlp/write-otlp-json.ts'
import { defaultLimits } from '../../../src/otlp/sink.ts'
import type { ThreadProfile, ThreadSamples } from '../../../src/otlp/thread-profile.ts'
import { writeProfiles } from '../../../src/otlp/write-profiles.ts'
import { attributeText } from '../../../src/recording/attributes.ts'
import type { Recording } from '../../../src/recording/schema.ts'
import { decodeByOracle, encodeByOracle, meaningOf } from '../../helpers/otlp-oracle.ts'

const ids = { traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174' }
const startUs = 1_795_333_068_669_000

function samples(rows: [stack: number, afterUs: number, link: number, endpoint: number][]): ThreadSamples {
  return {
    stack: Int32Array.from(rows, row => row[0]),
    timeUnixUs: Float64Array.from(rows, row => startUs + row[1]),
    link: Int32Array.from(rows, row => row[2]),
    endpoint: Int32Array.from(rows, row => row[3])
  }
}

/** (root) → main → work, and (root) → (idle). */
function threadProfile(changes: Partial<ThreadProfile> = {}): ThreadProfile {
  return {
    id: '0123456789abcdef0123456789abcdef',
    threadId: 3,
    threadName: 'worker-3',
    intervalUs: 10_000,
    startUnixUs: startUs,
    endUnixUs: startUs + 60_000,
    frames: {
      functionName: ['(root)', 'main', 'work', '(idle)'],
      url: ['', 'file:///app.js', 'file:///app.js', ''],
      line: Int32Array.of(0, 1, 20, 0),
      column: Int32Array.of(0, 1, 7, 0),
      startLine: Int32Array.of(0, 1, 20, 0)
    },
    stacks: { frame: Int32Array.of(0, 1, 2, 3), parent: Int32Array.of(-1, 0, 1, 0) },
    links: [{ ...ids, flags: 1 }],
    endpoints: ['GET /'],
    wall: samples([
      [2, 10_000, 0, 0],
      [3, 20_000, -1, -1],
      [2, 30_001, 0, 0],
      [1, 40_000, -1, -1]
    ]),
    logs: { ...samples([[2, 15_000, 0, 0]]), uid: ['uid-1'] },
    spanStarts: samples([[1, 5_000, 0, -1]]),
    ...changes
  }
}

function own(profiles: ThreadProfile[]): Uint8Array {
  return writeProfiles({
    resource: { 'service.name': 'shop' },
    scopeName: 'microlog',
    scopeVersion: '1',
    profiles
  })
}

function read(bytes: Uint8Array): RequestSlices {
  return readOtlpRequest({ signal: 'profiles', encoding: 'protobuf', bytes, identify: () => '' })
}

function readJson(json: unknown): RequestSlices {
  return readOtlpRequest({
    signal: 'profiles',
    encoding: 'json',
    bytes: new TextEncoder().encode(JSON.stringify(json)),
    identify: () => ''
  })
}

function written(recording: Recording): unknown[] {
  return [...writeOtlpJson(recording)].map(line => JSON.parse(line) as unknown)
}

function stackNames({ samples, stacks, frames, strings }: Recording, row: number): string {
  const names: string[] = []
  for (let at = samples.stack[row]!; at >= 0; at = stacks.parent[at]!)
    names.unshift(strings[frames.name[stacks.frame[at]!]!]!)
  return names.join(' > ')
}

describe('profiles of our own instrumentation', () => {
  test('lie in the tables alone, and none of it is lost', () => {
    for (const startLine of [Int32Array.of(0, 1, 20, 0), new Int32Array(4)]) {
      const bytes = own([threadProfile({ frames: { ...threadProfile().frames, startLine } })])
      const { recording } = read(bytes).slices[0]!
      expect([...recording.profiles.original].filter(blob => blob >= 0)).toEqual([])
      expect(meaningOf('profiles', written(recording))).toEqual(
        meaningOf('profiles', [decodeByOracle('profiles', bytes)])
      )
    }
  })

  test('become samples with their stacks, spans, times and threads', () => {
    const { recording } = read(own([threadProfile()])).slices[0]!
    const { samples, profiles, threads, strings, epoch, links } = recording
    const rows = Array.from({ length: samples.length }, (_, row) => ({
      type: strings[profiles.sampleType[samples.profile[row]!]!],
      us: Number((epoch + BigInt(samples.time[row]!)) / 1000n) - startUs,
      stack: stackNames(recording, row),
      span: Buffer.from(links.spanId.subarray(samples.link[row]! * 8, samples.link[row]! * 8 + 8)).toString(
        'hex'
      ),
      endpoint: attributeText(recording, samples.attributes[row]!, 'microlog.endpoint'),
      uid: attributeText(recording, samples.attributes[row]!, 'log.record.uid')
    }))
    const none = '0'.repeat(16)
    // They are sent as exact as 1/128 of the interval of 10 ms.
    const about = (us: number): unknown => expect.closeTo(us, -2)
    expect(rows).toEqual([
      {
        type: 'wall',
        us: about(10_000),
        stack: 'main > work',
        span: ids.spanId,
        endpoint: 'GET /',
        uid: undefined
      },
      {
        type: 'wall',
        us: about(30_001),
        stack: 'main > work',
        span: ids.spanId,
        endpoint: 'GET /',
        uid: undefined
      },
      { type: 'wall', us: about(20_000), stack: '(idle)', span: none, endpoint: undefined, uid: undefined },
      { type: 'wall', us: about(40_000), stack: 'main', span: none, endpoint: undefined, uid: undefined },
      {
        type: 'log',
        us: about(15_000),
        stack: 'main > work',
        span: ids.spanId,
        endpoint: 'GET /',
        uid: 'uid-1'
      },
      { type: 'span', us: about(5_000), stack: 'main', span: ids.spanId, endpoint: undefined, uid: undefined }
    ])
    expect([...threads.id].map((id, row) => [id, strings[threads.name[row]!]])).toEqual([[3, 'worker-3']])
    expect(profiles.period[0]).toBe(10_000_000)
  })

  test('name the package of each frame, in the tables and out again', () => {
    const packageId = ['', 'shop@1.0.0', '@acme/work@2.3.4', '']
    const bytes = own([threadProfile({ frames: { ...threadProfile().frames, packageId } })])
    const { recording } = read(bytes).slices[0]!
    const { frames, strings } = recording
    expect(Array.from(frames.name, (name, row) => [strings[name], strings[frames.packageId[row]!]])).toEqual([
      ['main', 'shop@1.0.0'],
      ['work', '@acme/work@2.3.4'],
      ['(idle)', '']
    ])
    expect([...recording.profiles.original]).toEqual([-1, -1, -1])
    expect(meaningOf('profiles', written(recording))).toEqual(
      meaningOf('profiles', [decodeByOracle('profiles', bytes)])
    )
  })

  test('with a package that is no text, or more to say of a frame, are kept as they came', () => {
    const own = { keyStrindex: 1, value: { stringValue: 'v8js' } }
    const strings = ['', 'profile.frame.type', 'microlog.package', 'more', 'main']
    const inPackage = { keyStrindex: 2, value: { stringValue: 'shop@1.0.0' } }
    for (const [attributes, isKept] of [
      [[own, inPackage], false],
      [[inPackage, own], true],
      [[own, { keyStrindex: 2, value: { intValue: '7' } }], true],
      [[own, inPackage, { keyStrindex: 3, value: { stringValue: 'x' } }], true]
    ] as const) {
      const request = {
        resourceProfiles: [
          {
            scopeProfiles: [
              { profiles: [{ timeUnixNano: '1', samples: [{ stackIndex: 1, values: ['1'] }] }] }
            ]
          }
        ],
        dictionary: {
          mappingTable: [{}],
          locationTable: [
            {},
            { lines: [{ functionIndex: 1 }], attributeIndices: attributes.map((_, at) => at + 1) }
          ],
          functionTable: [{}, { nameStrindex: 4 }],
          linkTable: [{}],
          stringTable: strings,
          attributeTable: [{}, ...attributes],
          stackTable: [{}, { locationIndices: [1] }]
        }
      }
      const { recording } = readJson(request).slices[0]!
      expect(recording.profiles.original[0]! >= 0, JSON.stringify(attributes)).toBe(isKept)
      expect(meaningOf('profiles', written(recording))).toEqual(meaningOf('profiles', [request]))
    }
  })

  test('with lines of calls and of functions in one are kept as they came', () => {
    const bytes = own([
      threadProfile({ frames: { ...threadProfile().frames, startLine: Int32Array.of(0, 1, 0, 0) } })
    ])
    const { recording } = read(bytes).slices[0]!
    // Samples of stacks with lines of one kind only are in profiles of their own.
    expect([...recording.profiles.original].filter(blob => blob < 0)).toHaveLength(2)
    expect(recording.samples.length).toBe(6)
    expect(meaningOf('profiles', written(recording))).toEqual(
      meaningOf('profiles', [decodeByOracle('profiles', bytes)])
    )
  })
})

const dictionary = {
  mappingTable: [{}, { filenameStrindex: 1 }],
  locationTable: [{}, { lines: [{ functionIndex: 1, line: '3' }] }, { mappingIndex: 1, address: '4096' }],
  functionTable: [{}, { nameStrindex: 2 }],
  linkTable: [{}, ids],
  stringTable: ['', 'libc.so', 'inlined'],
  attributeTable: [{}, { keyStrindex: 1, value: { stringValue: 'a' }, unitStrindex: 2 }],
  stackTable: [{}, { locationIndices: [2, 1] }]
}
const sample = {
  stackIndex: 1,
  linkIndex: 1,
  attributeIndices: [1],
  values: ['7'],
  timestampsUnixNano: ['1795333068669000001']
}

function request(profiles: unknown[], changes: Record<string, unknown> = {}): unknown {
  return { resourceProfiles: [{ scopeProfiles: [{ profiles }] }], dictionary: { ...dictionary, ...changes } }
}

describe('foreign profiles', () => {
  test('are there to be seen, and kept as they came', () => {
    const { slices, outcome } = readJson(request([{ samples: [sample] }, { samples: [] }]))
    expect(outcome).toEqual({ accepted: 2, rejected: 0, message: '' })
    const { recording } = slices[0]!
    expect(stackNames(recording, 0)).toBe('inlined > 0x1000')
    expect(recording.samples.value[0]).toBe(7)
    expect(recording.profiles.original[recording.samples.profile[0]!]).toBeGreaterThanOrEqual(0)
  })

  test.each<[string, unknown, Record<string, unknown>?]>([
    ['a stack', { samples: [{ ...sample, stackIndex: 2 }] }],
    ['a negative stack', { samples: [{ ...sample, stackIndex: -1 }] }],
    ['a link', { samples: [{ ...sample, linkIndex: 9 }] }],
    ['an attribute', { samples: [{ ...sample, attributeIndices: [2] }] }],
    ['an attribute of the profile', { attributeIndices: [1, 77] }],
    ['a type', { sampleType: { typeStrindex: 3 } }],
    ['a unit', { periodType: { unitStrindex: 4_000_000 } }],
    ['a location', { samples: [sample] }, { stackTable: [{}, { locationIndices: [3] }] }],
    ['a mapping', { samples: [sample] }, { mappingTable: [{}] }],
    ['a function', { samples: [sample] }, { functionTable: [{}] }],
    ['a name', { samples: [sample] }, { functionTable: [{}, { nameStrindex: 3 }] }],
    ['a key', { samples: [sample] }, { attributeTable: [{}, { keyStrindex: 3 }] }],
    [
      'anything without a dictionary',
      { samples: [sample] },
      { stackTable: [], linkTable: [], attributeTable: [] }
    ]
  ])('with an index of %s that is not in its table are rejected, the rest accepted', (_, bad, changes) => {
    const { outcome } = readJson(request([{ samples: [] }, bad, { samples: [] }], changes))
    expect(outcome).toMatchObject({ accepted: 2, rejected: 1 })
    expect(outcome.message).toMatch(/tables of the dictionary/)
  })

  test.each<[string, Record<string, unknown>]>([
    ['strings', { stringTable: ['x'] }],
    ['stacks', { stackTable: [{ locationIndices: [1] }] }],
    ['links', { linkTable: [ids] }],
    ['functions', { functionTable: [{ nameStrindex: 1 }] }]
  ])('whose first entry in the %s is not empty are rejected', (_, changes) => {
    expect(readJson(request([{ samples: [] }], changes)).outcome).toMatchObject({ accepted: 0, rejected: 1 })
  })

  test('may write the empty link out', () => {
    const zero = { traceId: '0'.repeat(32), spanId: '0'.repeat(16) }
    expect(readJson(request([{ samples: [] }], { linkTable: [zero, ids] })).outcome.rejected).toBe(0)
  })

  test('that share one large dictionary between many resources do not fill the memory', () => {
    const stringTable = ['', 'libc.so', 'inlined', 'x'.repeat(100_000)]
    const resourceProfiles = Array.from({ length: 100 }, () => ({
      scopeProfiles: [{ profiles: [{ samples: [sample] }] }]
    }))
    const { outcome, slices } = readJson({ resourceProfiles, dictionary: { ...dictionary, stringTable } })
    expect(outcome.rejected).toBeGreaterThan(90)
    expect(slices[0]!.recording.blobs.reduce((sum, blob) => sum + blob.length, 0)).toBeLessThan(1_000_000)
  })

  const long = 'x'.repeat(60_000)
  const stringTable = ['', 'key', long]
  /** Each list of attributes is another one: it is resolved anew. */
  const growingLists = Array.from({ length: 60 }, (_, at) => ({
    ...sample,
    attributeIndices: Array<number>(at).fill(1)
  }))
  const attributeTable = (value: unknown) => [{}, { keyStrindex: 1, value }]
  const nested = { arrayValue: { values: [{ stringValueStrindex: 2 }] } }
  const attributes = Array.from({ length: 100 }, () => ({ key: 'a', value: { stringValueStrindex: 2 } }))
  test.each<[string, unknown]>([
    [
      'resources',
      {
        resourceProfiles: Array.from({ length: 20 }, () => ({ resource: { attributes } })),
        dictionary: { ...dictionary, stringTable }
      }
    ],
    [
      'attributes',
      request([{ samples: growingLists }], {
        stringTable,
        attributeTable: attributeTable({ stringValue: long })
      })
    ],
    [
      'nested values',
      request([{ samples: growingLists }], { stringTable, attributeTable: attributeTable(nested) })
    ],
    [
      'keys of a thread',
      request(
        Array.from({ length: 1200 }, () => ({ attributeIndices: [1] })),
        { stringTable, attributeTable: [{}, { keyStrindex: 2 }] }
      )
    ]
  ])('whose %s name one long text again and again are refused', (_, json) => {
    expect(() => readJson(json)).toThrow(/name fewer bytes/)
  })

  test('may name one long text in each of their functions', () => {
    const functions = Array.from({ length: 3000 }, () => ({ nameStrindex: 2, filenameStrindex: 2 }))
    const locations = functions.map((_, at) => ({ lines: [{ functionIndex: at + 1 }] }))
    const { outcome } = readJson(
      request([{ samples: [{ stackIndex: 1, values: ['1'] }] }], {
        stringTable,
        functionTable: [{}, ...functions],
        locationTable: [{}, ...locations],
        stackTable: [{}, { locationIndices: locations.map((_, at) => at + 1) }]
      })
    )
    expect(outcome.accepted).toBe(1)
  })

  test('with a dictionary of too many entries are refused', () => {
    const limits = { ...defaultLimits, items: 10 }
    const bytes = (entries: number) => {
      const stringTable = Array<string>(entries).fill('')
      return encodeByOracle('profiles', { resourceProfiles: [], dictionary: { stringTable } })
    }
    const readWith = (entries: number) =>
      readOtlpRequest({
        signal: 'profiles',
        encoding: 'protobuf',
        bytes: bytes(entries),
        limits,
        identify: () => ''
      })
    expect(readWith(160).outcome.rejected).toBe(0)
    expect(() => readWith(161)).toThrow(/at most 160 entries/)
  })

  test('with endless stacks in every sample are bounded', () => {
    const stackTable = [
      {},
      ...Array.from({ length: 100 }, () => ({ locationIndices: Array<number>(20_000).fill(1) }))
    ]
    const samples = Array.from({ length: 100 }, (_, at) => ({
      stackIndex: at + 1,
      timestampsUnixNano: ['1795333068669000001']
    }))
    const { outcome } = readJson(request([{ samples }], { stackTable }))
    expect(outcome).toMatchObject({
      accepted: 0,
      rejected: 1,
      message: expect.stringMatching(/shorter stacks/) as string
    })
  })
})

describe('profiles of an older protocol', () => {
  const older: [string, (out: ProtobufWriter) => void][] = [
    [
      '1.5, with its tables in the profile',
      out => out.message(2, () => out.message(2, () => out.message(4, () => out.varint(1, 1))))
    ],
    [
      '1.6, with indices of locations',
      out => out.message(2, () => out.message(2, () => out.packedVarints(3, [1, 2])))
    ],
    [
      '1.8, with its id in field 8',
      out => out.message(2, () => out.message(2, () => out.hex(8, ids.traceId)))
    ],
    [
      '1.9, with its link behind the values',
      out =>
        out.message(2, () =>
          out.message(2, () =>
            out.message(2, () => {
              out.varint(1, 1)
              out.packedVarints(2, [1])
              out.varint(4, 1)
            })
          )
        )
    ]
  ]

  test.each(older)('%s, are refused for what they are', (_, write) => {
    const out = new ProtobufWriter()
    out.message(1, () => write(out))
    expect(() => read(out.finish())).toThrow(/older version; update the sender/)
  })

  test('are refused in JSON as well', () => {
    expect(() => readJson(request([{ sample: [], timeNanos: '1' }]))).toThrow(/older version/)
  })
})

test('indices into the dictionary name keys and values of a resource, nested ones too', () => {
  const values = [
    { stringValueStrindex: 1 },
    { kvlistValue: { values: [{ keyStrindex: 2, value: { intValue: 7 } }] } }
  ]
  const attributes = [
    { keyStrindex: 1, value: { stringValueStrindex: 2 } },
    { key: 'list', value: { arrayValue: { values } } }
  ]
  const json = {
    resourceProfiles: [{ resource: { attributes }, scopeProfiles: [{ profiles: [{}] }] }],
    dictionary
  }
  const { slices } = readOtlpRequest({
    signal: 'profiles',
    encoding: 'protobuf',
    bytes: encodeByOracle('profiles', json),
    identify: () => ''
  })
  expect([...slices[0]!.resource]).toEqual([['libc.so', 'inlined']])
  const { recording } = slices[0]!
  expect(attributeText(recording, recording.resources.attributes[0]!, 'libc.so')).toBe('inlined')
  expect(attributeText(recording, recording.resources.attributes[0]!, 'list')).toBe(
    '["libc.so",{"inlined":7}]'
  )
})
