import protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'
import type { ThreadProfile, ThreadSamples } from '../../src/otlp/thread-profile.ts'
import { writeProfiles } from '../../src/otlp/write-profiles.ts'

// Field numbers of opentelemetry-proto 1.10 and 1.11, as in the descriptors of PyPI's opentelemetry-proto 1.45.0.
const schema = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceProfiles resource_profiles = 1; Dictionary dictionary = 2; }
  message ResourceProfiles { Resource resource = 1; repeated ScopeProfiles scope_profiles = 2; string schema_url = 3; }
  message Resource { repeated KeyValue attributes = 1; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
  message ScopeProfiles { Scope scope = 1; repeated Profile profiles = 2; string schema_url = 3; }
  message Scope { string name = 1; string version = 2; }
  message Profile {
    ValueType sample_type = 1; repeated Sample samples = 2; fixed64 time_unix_nano = 3; uint64 duration_nano = 4;
    ValueType period_type = 5; int64 period = 6; bytes profile_id = 7; repeated int32 attribute_indices = 11;
  }
  message ValueType { int32 type_strindex = 1; int32 unit_strindex = 2; }
  message Sample {
    int32 stack_index = 1; repeated int32 attribute_indices = 2; int32 link_index = 3; repeated int64 values = 4;
    repeated fixed64 timestamps_unix_nano = 5;
  }
  message Dictionary {
    repeated Mapping mapping_table = 1; repeated Location location_table = 2; repeated Function function_table = 3;
    repeated Link link_table = 4; repeated string string_table = 5; repeated KeyValueAndUnit attribute_table = 6;
    repeated Stack stack_table = 7;
  }
  message Mapping { int32 filename_strindex = 4; }
  message Location { int32 mapping_index = 1; uint64 address = 2; repeated Line lines = 3; repeated int32 attribute_indices = 4; }
  message Line { int32 function_index = 1; int64 line = 2; int64 column = 3; }
  message Function { int32 name_strindex = 1; int32 system_name_strindex = 2; int32 filename_strindex = 3; int64 start_line = 4; }
  message Link { bytes trace_id = 1; bytes span_id = 2; }
  message KeyValueAndUnit { int32 key_strindex = 1; AnyValue value = 2; int32 unit_strindex = 3; }
  message Stack { repeated int32 location_indices = 1; }
`)

interface Decoded {
  resourceProfiles: {
    resource: { attributes: { key: string; value: Record<string, unknown> }[] }
    scopeProfiles: { scope: { name: string; version: string }; profiles: DecodedProfile[] }[]
  }[]
  dictionary: {
    mappingTable: object[]
    locationTable: {
      lines?: { functionIndex: number; line: string; column: string }[]
      attributeIndices?: number[]
    }[]
    functionTable: { nameStrindex?: number; filenameStrindex?: number; startLine?: string }[]
    linkTable: { traceId?: string; spanId?: string }[]
    stringTable: string[]
    attributeTable: { keyStrindex?: number; value?: Record<string, unknown> }[]
    stackTable: { locationIndices?: number[] }[]
  }
}

interface DecodedProfile {
  sampleType: { typeStrindex: number; unitStrindex: number }
  samples: {
    stackIndex: number
    attributeIndices?: number[]
    linkIndex?: number
    values?: string[]
    timestampsUnixNano: string[]
  }[]
  timeUnixNano: string
  durationNano: string
  periodType: { typeStrindex: number; unitStrindex: number }
  period: string
  profileId: string
  attributeIndices: number[]
}

const span = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', flags: 1 }
const startUs = 1_795_344_000_000_000

describe('writeProfiles', () => {
  it('writes the heap as a profile of bytes, with a value for each stack', () => {
    const { wall } = threadProfile()
    const heap = {
      ...wall,
      value: Float64Array.from(wall.stack, (_, i) => (i + 1) * 524_288),
      timeUnixUs: wall.timeUnixUs.slice().fill(startUs),
      intervalBytes: 524_288
    }
    const { profiles, dictionary } = decode({ ...threadProfile(), heap })
    const text = (at: number): string => dictionary.stringTable[at]!
    const profile = profiles.find(({ sampleType }) => text(sampleType.typeStrindex) === 'heap')!
    expect(text(profile.sampleType.unitStrindex)).toBe('bytes')
    expect(text(profile.periodType.typeStrindex)).toBe('space')
    expect(profile.period).toBe('524288')
    const values = profile.samples.flatMap(sample => sample.values ?? [])
    expect(values.sort()).toEqual(Array.from(heap.value, String).sort())
    for (const sample of profile.samples) expect(sample.values).toHaveLength(sample.timestampsUnixNano.length)
  })

  it('writes stacks leaf first, without V8’s root, with the frame’s function, file and line', () => {
    const { dictionary } = decode(threadProfile())
    const stacks = dictionary.stackTable.map(stack =>
      (stack.locationIndices ?? []).map(at => describeLocation(dictionary, at))
    )
    expect(stacks).toEqual([
      [],
      ['handler file:///app/shop.js 12:7', 'main file:///app/shop.js 3:1'],
      ['(idle)  0:0'],
      ['main file:///app/shop.js 3:1']
    ])
    expect(dictionary.locationTable.slice(1).map(location => location.attributeIndices)).toEqual([
      [1],
      [1],
      [1]
    ])
    expect(attribute(dictionary, 1)).toEqual(['profile.frame.type', 'v8js'])
  })

  it('starts every table of the dictionary with the zero value', () => {
    const { dictionary } = decode(threadProfile())
    expect(dictionary.mappingTable).toEqual([{}])
    expect(dictionary.stringTable[0]).toBe('')
    for (const table of [
      'locationTable',
      'functionTable',
      'linkTable',
      'attributeTable',
      'stackTable'
    ] as const) {
      expect(dictionary[table][0], table).toEqual({})
    }
  })

  it('puts the times of one stack in one span into one sample, as exact as 1/128 of the interval', () => {
    const { wall, dictionary } = decode(threadProfile())
    const times = wall.samples.map(sample => sample.timestampsUnixNano.map(BigInt))
    const exact = [
      [1795344000000001000n, 1795344000020001000n],
      [1795344000010001000n],
      [1795344000030001000n]
    ]
    expect(times.map(row => row.length)).toEqual([2, 1, 1])
    for (const [i, time] of times.flat().entries()) {
      const off = Number(time - exact.flat()[i]!)
      expect(Math.abs(off)).toBeLessThanOrEqual(10_000_000 / 128 / 2)
    }
    // The low bytes are zero but for what begins or ends with the profile itself.
    expect(times.flat().filter(time => time % 65_536n !== 0n)).toEqual([])
    expect(wall.samples.map(sample => sample.values ?? [])).toEqual([[], [], []])
    expect(wall.samples.map(sample => dictionary.linkTable[sample.linkIndex ?? 0])).toEqual([
      { traceId: base64(span.traceId), spanId: base64(span.spanId) },
      {},
      {}
    ])
    const endpoints = wall.samples.map(sample =>
      sample.attributeIndices?.map(at => attribute(dictionary, at))
    )
    expect(endpoints).toEqual([
      [['microlog.endpoint', 'GET /cart']],
      undefined,
      [['microlog.endpoint', 'GET /cart']]
    ])
  })

  it('writes one profile for each kind of sample, with thread, period and time range', () => {
    const { profiles, dictionary } = decode(threadProfile())
    const types = profiles.map(({ sampleType }) => [
      dictionary.stringTable[sampleType.typeStrindex],
      dictionary.stringTable[sampleType.unitStrindex]
    ])
    expect(types).toEqual([
      ['wall', 'count'],
      ['log', 'count'],
      ['span', 'count']
    ])
    for (const profile of profiles) {
      expect(profile.attributeIndices.map(at => attribute(dictionary, at))).toEqual([
        ['thread.id', '0'],
        ['thread.name', 'main']
      ])
      expect(profile.period).toBe('10000000')
      expect(dictionary.stringTable[profile.periodType.typeStrindex]).toBe('wall')
      expect(dictionary.stringTable[profile.periodType.unitStrindex]).toBe('nanoseconds')
      expect(profile.timeUnixNano).toBe('1795344000000000000')
      expect(profile.durationNano).toBe('2000000000')
    }
    expect(new Set(profiles.map(profile => profile.profileId)).size).toBe(3)
  })

  it('names the log record of a log call’s stack, and links the stack of a span’s start to that span', () => {
    const { profiles, dictionary } = decode(threadProfile())
    const log = profiles[1]!.samples[0]!
    expect(log.attributeIndices?.map(at => attribute(dictionary, at))).toEqual([['log.record.uid', 'uid-1']])
    const started = profiles[2]!.samples[0]!
    expect(dictionary.linkTable[started.linkIndex ?? 0]).toMatchObject({ spanId: base64(span.spanId) })
  })

  it('keeps stacks with the lines of calls apart from those with the lines of functions', () => {
    const recorded = threadProfile()
    const { frames, stacks } = recorded
    const { profiles } = decode({
      ...recorded,
      frames: {
        functionName: [...frames.functionName, 'started'],
        url: [...frames.url, 'file:///app/shop.js'],
        line: Int32Array.of(...frames.line, 40),
        column: Int32Array.of(...frames.column, 5),
        startLine: Int32Array.of(...frames.startLine, 0)
      },
      stacks: { frame: Int32Array.of(...stacks.frame, 4), parent: Int32Array.of(...stacks.parent, 0) },
      spanStarts: samples([
        [1, 0, 0, -1],
        [4, 10, 0, -1]
      ])
    })
    expect(profiles.slice(2).map(profile => profile.samples)).toHaveLength(2)
    expect(profiles.slice(2).map(profile => profile.samples.length)).toEqual([1, 1])
    expect(new Set(profiles.map(profile => profile.profileId)).size).toBe(4)
  })

  it('tells the name of the spans that a stack is the start of, and how many they are', () => {
    const spanStarts = { ...samples([[1, 0, -1, -1]]), spanName: ['query'], value: Float64Array.of(7) }
    const { profiles, dictionary } = decode({ ...threadProfile(), spanStarts })
    const started = profiles.at(-1)!.samples[0]!
    expect(started.values!.map(Number)).toEqual([7])
    expect(started.attributeIndices!.map(row => attribute(dictionary, row))).toContainEqual([
      'microlog.span.name',
      'query'
    ])
  })

  it('leaves out a kind that has no samples', () => {
    const { profiles } = decode({ ...threadProfile(), logs: samples([]), spanStarts: samples([]) })
    expect(profiles).toHaveLength(1)
  })
})

function threadProfile(): ThreadProfile {
  return {
    id: '00112233445566778899aabbccddeeff',
    threadId: 0,
    threadName: 'main',
    intervalUs: 10_000,
    startUnixUs: startUs,
    endUnixUs: startUs + 2_000_000,
    frames: {
      functionName: ['(root)', 'main', 'handler', '(idle)'],
      url: ['', 'file:///app/shop.js', 'file:///app/shop.js', ''],
      line: Int32Array.of(0, 3, 12, 0),
      column: Int32Array.of(0, 1, 7, 0),
      startLine: Int32Array.of(0, 3, 12, 0)
    },
    stacks: { frame: Int32Array.of(0, 1, 2, 3), parent: Int32Array.of(-1, 0, 1, 0) },
    links: [span],
    endpoints: ['GET /cart'],
    wall: samples([
      [2, 1, 0, 0],
      [3, 10_001, -1, -1],
      [2, 20_001, 0, 0],
      [1, 30_001, -1, 0]
    ]),
    logs: { ...samples([[2, 15_000, 0, -1]]), uid: ['uid-1'] },
    spanStarts: samples([[1, 0, 0, -1]])
  }
}

/** Rows of [stack, µs since the start, link, endpoint]. */
function samples(rows: [number, number, number, number][]): ThreadSamples {
  return {
    stack: Int32Array.from(rows, row => row[0]),
    timeUnixUs: Float64Array.from(rows, row => startUs + row[1]),
    link: Int32Array.from(rows, row => row[2]),
    endpoint: Int32Array.from(rows, row => row[3])
  }
}

function decode(profile: ThreadProfile) {
  const bytes = writeProfiles({
    resource: { 'service.name': 'shop' },
    scopeName: 'microlog',
    scopeVersion: '1.2.3',
    profiles: [profile]
  })
  const type = schema.root.lookupType('Request')
  const decoded = type.toObject(type.decode(bytes), { longs: String, bytes: String }) as Decoded
  const [resource] = decoded.resourceProfiles
  expect(resource!.resource.attributes).toEqual([{ key: 'service.name', value: { stringValue: 'shop' } }])
  expect(resource!.scopeProfiles[0]!.scope).toEqual({ name: 'microlog', version: '1.2.3' })
  const { profiles } = resource!.scopeProfiles[0]!
  return { profiles, wall: profiles[0]!, dictionary: decoded.dictionary }
}

function describeLocation(dictionary: Decoded['dictionary'], at: number): string {
  const line = dictionary.locationTable[at]!.lines![0]!
  const called = dictionary.functionTable[line.functionIndex]!
  expect(called.startLine ?? '0').toBe(line.line ?? '0')
  const name = dictionary.stringTable[called.nameStrindex ?? 0]
  return `${name} ${dictionary.stringTable[called.filenameStrindex ?? 0]} ${line.line ?? 0}:${line.column ?? 0}`
}

function attribute(dictionary: Decoded['dictionary'], at: number): [string | undefined, unknown] {
  const { keyStrindex, value } = dictionary.attributeTable[at]!
  return [dictionary.stringTable[keyStrindex ?? 0], Object.values(value ?? {})[0]]
}

function base64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64')
}
