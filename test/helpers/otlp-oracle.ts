// What a request of OTLP means, found without the code under test: protobufjs decodes it by the field numbers of PyPI's
// opentelemetry-proto 1.45.0 (otlp-1.11.json), then everything gets one form, so that two requests can be compared.
import { readFileSync } from 'node:fs'
import protobuf from 'protobufjs'
import type { OtlpSignal } from '../../src/otlp/sink.ts'

type Fields = Record<string, [number: number, type: string, rule?: 'repeated' | 'optional']>
type Value = Record<string, unknown>

const schema = JSON.parse(readFileSync(new URL('otlp-1.11.json', import.meta.url), 'utf8')) as Record<
  string,
  Fields
>
const ids = new Set(['traceId', 'spanId', 'parentSpanId', 'profileId'])
const packedRoot = createRoot(true)
const unpackedRoot = createRoot(false)

function createRoot(packed: boolean): protobuf.Root {
  const root = new protobuf.Root()
  for (const [name, fields] of Object.entries(schema)) {
    const type = new protobuf.Type(flat(name))
    for (const [field, [number, kind, rule]] of Object.entries(fields)) {
      const options = rule === 'repeated' && !schema[kind] ? { packed } : undefined
      type.add(new protobuf.Field(field, number, schema[kind] ? flat(kind) : kind, rule, undefined, options))
    }
    root.add(type)
  }
  return root
}

export const requestNames: Record<OtlpSignal, string> = {
  traces: 'collector.trace.v1.ExportTraceServiceRequest',
  logs: 'collector.logs.v1.ExportLogsServiceRequest',
  metrics: 'collector.metrics.v1.ExportMetricsServiceRequest',
  profiles: 'collector.profiles.v1development.ExportProfilesServiceRequest'
}

/** OTLP/JSON → protobuf, by protobufjs. @param packed whether lists of numbers are packed, as proto3 does */
export function encodeByOracle(signal: OtlpSignal, json: unknown, packed = true): Uint8Array {
  const type = (packed ? packedRoot : unpackedRoot).lookupType(flat(requestNames[signal]))
  return type
    .encode(type.fromObject(normalise(requestNames[signal], json as Value, toBytes) as Value))
    .finish()
}

/** Protobuf → OTLP/JSON, by protobufjs. */
export function decodeByOracle(signal: OtlpSignal, bytes: Uint8Array): Value {
  const type = packedRoot.lookupType(flat(requestNames[signal]))
  const object = type.toObject(type.decode(bytes), { longs: String, bytes: Uint8Array })
  return normalise(requestNames[signal], object, fromBytes) as Value
}

/**
 * Every item of the requests with all that is said of it, as sorted text: what the requests mean, however it is
 * distributed over requests, resources and scopes. Metrics are taken apart into points, profiles into samples.
 */
export function meaningOf(signal: OtlpSignal, requests: readonly unknown[]): string[] {
  const texts: string[] = []
  for (const request of requests) {
    const { dictionary, ...rest } = normalise(requestNames[signal], request as Value) as Value
    for (const outer of only(rest)) {
      for (const inner of inside(outer)) {
        const { scope, schemaUrl, ...items } = inner
        const around = { resource: outer.resource, resourceSchema: outer.schemaUrl, scope, schemaUrl }
        for (const item of only(items))
          for (const part of partsOf(signal, item, (dictionary ?? {}) as Value))
            texts.push(sorted({ ...around, part }))
      }
    }
  }
  return texts.sort()
}

/** JSON with its keys in order. */
export function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner
  )
}

function flat(name: string): string {
  return name.replaceAll('.', '_')
}

function inside(outer: Value): Value[] {
  const { resource: _resource, schemaUrl: _schemaUrl, ...scopes } = outer
  return only(scopes)
}

/** The one list in an object that has one. */
function only(object: Value): Value[] {
  return (Object.values(object)[0] ?? []) as Value[]
}

function partsOf(signal: OtlpSignal, item: Value, dictionary: Value): unknown[] {
  if (signal === 'profiles') return [profileOf(item, dictionary)]
  if (signal !== 'metrics') return [item]
  for (const kind of ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary']) {
    if (!item[kind]) continue
    const { dataPoints = [], ...data } = item[kind] as Value
    const points = dataPoints as Value[]
    return points.length === 0 ? [item] : points.map(point => ({ ...item, [kind]: { ...data, point } }))
  }
  return [item]
}

/** With the tables' entries in place of their indices. */
function profileOf(profile: Value, dictionary: Value): Value {
  const entry = (table: string, index: unknown) =>
    ((dictionary[table] ?? []) as unknown[])[Number(index ?? 0)] ?? {}
  const text = (index: unknown) => {
    const found = entry('stringTable', index)
    return typeof found === 'string' ? found : ''
  }
  const list = (indices: unknown) => (indices ?? []) as unknown[]
  const attributes = (indices: unknown) =>
    list(indices).map(index => {
      const { keyStrindex, value, unitStrindex } = entry('attributeTable', index) as Value
      return { key: text(keyStrindex), value, unit: text(unitStrindex) }
    })
  const valueType = (type: unknown) => {
    const { typeStrindex, unitStrindex } = (type ?? {}) as Value
    return [text(typeStrindex), text(unitStrindex)]
  }
  const mapping = (index: unknown) => {
    const { filenameStrindex, attributeIndices, ...rest } = entry('mappingTable', index) as Value
    return { ...rest, filename: text(filenameStrindex), attributes: attributes(attributeIndices) }
  }
  const line = ({ functionIndex, ...rest }: Value) => {
    const { nameStrindex, systemNameStrindex, filenameStrindex, startLine } = entry(
      'functionTable',
      functionIndex
    ) as Value
    return {
      ...rest,
      name: text(nameStrindex),
      system: text(systemNameStrindex),
      file: text(filenameStrindex),
      startLine
    }
  }
  const location = (index: unknown) => {
    const { mappingIndex, lines, attributeIndices, address } = entry('locationTable', index) as Value
    return {
      address,
      mapping: mapping(mappingIndex),
      lines: (list(lines) as Value[]).map(line),
      attributes: attributes(attributeIndices)
    }
  }
  const samples = (list(profile.samples) as Value[]).map(sample => {
    const { stackIndex, attributeIndices, linkIndex, ...rest } = sample
    const stack = list((entry('stackTable', stackIndex) as Value).locationIndices).map(location)
    return sorted({
      ...rest,
      stack,
      link: entry('linkTable', linkIndex),
      attributes: attributes(attributeIndices)
    })
  })
  return {
    ...profile,
    sampleType: valueType(profile.sampleType),
    periodType: valueType(profile.periodType),
    attributeIndices: attributes(profile.attributeIndices),
    samples: samples.sort()
  }
}

type Convert = (name: string, kind: string, value: unknown) => unknown

/** One form for all ways to write a message; what has proto3's default is left out, but not within a oneof. */
function normalise(typeName: string, object: Value, convert: Convert = canonical): Value {
  const result: Value = {}
  for (const [name, [, kind, rule]] of Object.entries(schema[typeName]!)) {
    const value = object[name]
    if (value === undefined || value === null) continue
    const one = (item: unknown) =>
      schema[kind] ? normalise(kind, item as Value, convert) : convert(name, kind, item)
    const normal = rule === 'repeated' ? [...(value as Iterable<unknown>)].map(one) : one(value)
    if (rule === 'optional' || name === 'body' || !isDefault(normal)) result[name] = normal
  }
  return result
}

function isDefault(value: unknown): boolean {
  if (Object.is(value, 0) || value === false || value === '' || value === '0') return true
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Uint8Array) &&
    Object.keys(value).length === 0
  )
}

function canonical(name: string, kind: string, value: unknown): unknown {
  if (kind === 'bytes') return ids.has(name) ? String(value).toLowerCase().replace(/^0+$/, '') : value
  if (kind.endsWith('64')) return typeof value === 'number' ? BigInt(value).toString() : String(value)
  if (kind === 'double') return Object.is(Number(value), -0) ? '-0' : String(Number(value))
  return value
}

function toBytes(name: string, kind: string, value: unknown): unknown {
  if (kind === 'bytes') return Buffer.from(String(value), ids.has(name) ? 'hex' : 'base64')
  return kind === 'double' ? Number(value) : kind.endsWith('64') ? String(value) : value
}

function fromBytes(name: string, kind: string, value: unknown): unknown {
  if (kind !== 'bytes') return value
  return Buffer.from(value as Uint8Array).toString(ids.has(name) ? 'hex' : 'base64')
}
