// A small OTLP/HTTP receiver for tests: real sockets, and a decoder that is not the one under test.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { decodeByOracle, encodeByOracle } from './otlp-oracle.ts'

export type Attributes = Record<string, unknown>

export interface ReceivedLog {
  /** Of the recorder's own entries; '' for the program's log calls. */
  eventName: string
  body: string
  severity: string
  severityNumber: number
  timeUnixNano: bigint
  traceId: string
  spanId: string
  attributes: Attributes
  resource: Attributes
  scope: string
}

export interface ReceivedSpan {
  name: string
  traceId: string
  spanId: string
  kind: number
  attributes: Attributes
  events: { name: string; attributes: Attributes }[]
  resource: Attributes
}

export interface ReceivedProfile {
  type: string
  samples: number
  endUnixMs: number
  /** Of the logs whose stacks they are. */
  uids: string[]
  strings: string[]
  stacks: ReceivedStack[]
  /** Its own. */
  attributes: Attributes
  resource: Attributes
}

/** What alike samples have in common. */
export interface ReceivedStack {
  /** Leaf first: 'name file:///app.js:12:3 package@1.2.3'. */
  frames: string[]
  samples: number
  /** '' outside of a span. */
  traceId: string
  spanId: string
  uid: string
  endpoint: string
}

export interface OtlpReceiver {
  readonly url: string
  readonly requests: { path: string; headers: IncomingHttpHeaders; bytes: number }[]
  /** Of the program. */
  readonly logs: ReceivedLog[]
  /** Of the recorder itself. */
  readonly ownEntries: ReceivedLog[]
  readonly spans: ReceivedSpan[]
  readonly points: {
    name: string
    timeUnixNano: bigint
    value: number
    attributes: Attributes
    resource: Attributes
  }[]
  /** Per profile: its sample type, how many samples, and the stacks they have. */
  readonly profiles: ReceivedProfile[]
  close(): Promise<void>
}

/** Answers instead of 200, until it gives undefined. */
export type Fault = (
  path: string
) => { status: number; headers?: Record<string, string> } | 'hang' | undefined

interface ReceiverOptions {
  port?: number
  fault?: Fault
  /** False keeps no stacks of profiles: of hundreds of processes they would fill this one's memory. */
  stacks?: boolean
}

export async function createOtlpReceiver(options: ReceiverOptions = {}): Promise<OtlpReceiver> {
  const received: Omit<OtlpReceiver, 'url' | 'close'> = {
    requests: [],
    logs: [],
    ownEntries: [],
    spans: [],
    points: [],
    profiles: []
  }
  const server = createServer((request, response) => void answer(request, response))
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const path = request.url ?? ''
    const fault = options.fault?.(path)
    if (fault === 'hang') return
    if (fault !== undefined) {
      response.writeHead(fault.status, fault.headers).end()
      return
    }
    if (request.method !== 'POST') {
      response.writeHead(404).end()
      return
    }
    const raw = Buffer.concat(chunks)
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
    received.requests.push({ path, headers: request.headers, bytes: raw.length })
    const isJson = request.headers['content-type'] === 'application/json'
    take(received, path, body, isJson, options.stacks ?? true)
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
  }
  // A sender that had nothing to say for a while must not meet a socket that is just being closed.
  server.keepAliveTimeout = 120_000
  await new Promise<void>(resolve => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  return {
    ...received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}

type Item = Record<string, unknown>
interface KeyValue {
  key: string
  value?: Item
}

const signals = {
  '/v1/logs': 'logs',
  '/v1/traces': 'traces',
  '/v1/metrics': 'metrics',
  '/v1development/profiles': 'profiles'
} as const

function take(
  received: Omit<OtlpReceiver, 'url' | 'close'>,
  path: string,
  body: Buffer,
  isJson: boolean,
  withStacks: boolean
): void {
  const signal = signals[path as keyof typeof signals]
  if (signal === undefined) return
  const bytes = isJson ? encodeByOracle(signal, JSON.parse(body.toString())) : body
  const request = decodeByOracle(signal, bytes)
  const dictionary = request.dictionary as Item | undefined
  const strings = list(dictionary?.stringTable).map(String)
  for (const outer of list(Object.values(request).find(Array.isArray))) {
    const resource = readAttributes((outer.resource as Item | undefined)?.attributes)
    for (const { scope, schemaUrl: _, ...items } of list(Object.values(outer).find(Array.isArray))) {
      for (const item of list(Object.values(items)[0])) {
        if (signal === 'logs') {
          const log = readLog(item, resource, String((scope as Item).name))
          if (log.eventName.startsWith('microlog.')) received.ownEntries.push(log)
          else received.logs.push(log)
        }
        if (signal === 'traces') received.spans.push(readSpan(item, resource))
        if (signal === 'metrics') received.points.push(...readPoints(item, resource))
        if (signal === 'profiles') {
          const profile = readProfile(item, resource, strings, request.dictionary as Item)
          received.profiles.push(withStacks ? profile : { ...profile, stacks: [], strings: [], uids: [] })
        }
      }
    }
  }
}

function list(value: unknown): Item[] {
  return Array.isArray(value) ? (value as Item[]) : []
}

function readLog(item: Item, resource: Attributes, scope: string): ReceivedLog {
  return {
    eventName: String(item.eventName ?? ''),
    body: String(anyValue(item.body)),
    severity: String(item.severityText ?? ''),
    severityNumber: Number(item.severityNumber ?? 0),
    timeUnixNano: BigInt(String(item.timeUnixNano ?? 0)),
    traceId: String(item.traceId ?? ''),
    spanId: String(item.spanId ?? ''),
    attributes: readAttributes(item.attributes),
    resource,
    scope
  }
}

function readSpan(item: Item, resource: Attributes): ReceivedSpan {
  return {
    name: String(item.name),
    traceId: String(item.traceId),
    spanId: String(item.spanId),
    kind: Number(item.kind),
    attributes: readAttributes(item.attributes),
    events: list(item.events).map(event => ({
      name: String(event.name),
      attributes: readAttributes(event.attributes)
    })),
    resource
  }
}

function readPoints(item: Item, resource: Attributes): OtlpReceiver['points'] {
  const data = (item.gauge ?? item.sum) as Item | undefined
  return list(data?.dataPoints).map(point => ({
    name: String(item.name),
    timeUnixNano: BigInt(String(point.timeUnixNano ?? 0)),
    value: Number(point.asDouble ?? point.asInt),
    attributes: readAttributes(point.attributes),
    resource
  }))
}

function readProfile(item: Item, resource: Attributes, strings: string[], dictionary: Item): ReceivedProfile {
  const type = (item.sampleType as Item | undefined)?.typeStrindex
  const samples = list(item.samples)
  const stacks = samples.map(sample => readStack(sample, strings, dictionary))
  return {
    endUnixMs: (Number(item.timeUnixNano ?? 0) + Number(item.durationNano ?? 0)) / 1e6,
    type: strings[Number(type ?? 0)] ?? '',
    samples: samples.reduce((sum, sample) => sum + list(sample.timestampsUnixNano).length, 0),
    uids: stacks.flatMap(({ uid }) => uid || []),
    strings,
    stacks,
    attributes: Object.fromEntries(
      list(item.attributeIndices).map(index => {
        const { keyStrindex, value } = list(dictionary.attributeTable)[Number(index)] ?? {}
        return [strings[Number(keyStrindex ?? 0)] ?? '', anyValue(value)]
      })
    ),
    resource
  }
}

function readStack(sample: Item, strings: string[], dictionary: Item): ReceivedStack {
  const row = (table: string, index: unknown): Item => list(dictionary[table])[Number(index ?? 0)] ?? {}
  const text = (index: unknown): string => strings[Number(index ?? 0)] ?? ''
  const attribute = (indices: unknown, key: string): string => {
    const found = list(indices)
      .map(index => row('attributeTable', index))
      .find(({ keyStrindex }) => text(keyStrindex) === key)
    return String(anyValue(found?.value) ?? '')
  }
  const frames = list(row('stackTable', sample.stackIndex).locationIndices).map(index => {
    const { lines, attributeIndices } = row('locationTable', index)
    const [line = {}] = list(lines)
    const called = row('functionTable', line.functionIndex)
    const place = `${text(called.filenameStrindex)}:${Number(line.line ?? 0)}:${Number(line.column ?? 0)}`
    return `${text(called.nameStrindex)} ${place} ${attribute(attributeIndices, 'microlog.package')}`
  })
  return {
    frames,
    samples: list(sample.timestampsUnixNano).length,
    traceId: idOf(row('linkTable', sample.linkIndex).traceId),
    spanId: String(row('linkTable', sample.linkIndex).spanId ?? ''),
    endpoint: attribute(sample.attributeIndices, 'microlog.endpoint'),
    uid: attribute(sample.attributeIndices, 'log.record.uid')
  }
}

/** The first link of a dictionary is none. */
function idOf(id: unknown): string {
  return String(id ?? '').replace(/^0+$/, '')
}

function readAttributes(attributes: unknown): Attributes {
  return Object.fromEntries(
    (list(attributes) as unknown as KeyValue[]).map(({ key, value }) => [key, anyValue(value)])
  )
}

function anyValue(value: unknown): unknown {
  const { stringValue, boolValue, intValue, doubleValue, arrayValue } = (value ?? {}) as Item
  if (arrayValue !== undefined) return list((arrayValue as Item).values).map(anyValue)
  return stringValue ?? boolValue ?? (intValue === undefined ? doubleValue : Number(intValue))
}
