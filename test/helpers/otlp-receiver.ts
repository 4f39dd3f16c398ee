// A small OTLP/HTTP receiver for tests: real sockets, and a decoder that is not the one under test.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { decodeByOracle } from './otlp-oracle.ts'

export type Attributes = Record<string, unknown>

export interface ReceivedLog {
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

export interface OtlpReceiver {
  readonly url: string
  readonly requests: { path: string; headers: IncomingHttpHeaders; bytes: number }[]
  readonly logs: ReceivedLog[]
  readonly spans: ReceivedSpan[]
  readonly points: { name: string; value: number; attributes: Attributes; resource: Attributes }[]
  /** Per profile: its sample type and how many samples. */
  readonly profiles: { type: string; samples: number; strings: string[]; resource: Attributes }[]
  close(): Promise<void>
}

/** Answers instead of 200, until it gives undefined. */
export type Fault = (
  path: string
) => { status: number; headers?: Record<string, string> } | 'hang' | undefined

export async function createOtlpReceiver(
  options: { port?: number; fault?: Fault } = {}
): Promise<OtlpReceiver> {
  const received: Omit<OtlpReceiver, 'url' | 'close'> = {
    requests: [],
    logs: [],
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
    take(received, path, body)
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
  }
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

function take(received: Omit<OtlpReceiver, 'url' | 'close'>, path: string, body: Uint8Array): void {
  const signal = signals[path as keyof typeof signals]
  if (signal === undefined) return
  const request = decodeByOracle(signal, body)
  const strings = list((request.dictionary as Item | undefined)?.stringTable).map(String)
  for (const outer of list(Object.values(request).find(Array.isArray))) {
    const resource = readAttributes((outer.resource as Item | undefined)?.attributes)
    for (const { scope, schemaUrl: _, ...items } of list(Object.values(outer).find(Array.isArray))) {
      for (const item of list(Object.values(items)[0])) {
        if (signal === 'logs') received.logs.push(readLog(item, resource, String((scope as Item).name)))
        if (signal === 'traces') received.spans.push(readSpan(item, resource))
        if (signal === 'metrics') received.points.push(...readPoints(item, resource))
        if (signal === 'profiles') received.profiles.push(readProfile(item, resource, strings))
      }
    }
  }
}

function list(value: unknown): Item[] {
  return Array.isArray(value) ? (value as Item[]) : []
}

function readLog(item: Item, resource: Attributes, scope: string): ReceivedLog {
  return {
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
  return list((item.gauge as Item | undefined)?.dataPoints).map(point => ({
    name: String(item.name),
    value: Number(point.asDouble ?? point.asInt),
    attributes: readAttributes(point.attributes),
    resource
  }))
}

function readProfile(item: Item, resource: Attributes, strings: string[]): OtlpReceiver['profiles'][number] {
  const type = (item.sampleType as Item | undefined)?.typeStrindex
  return {
    type: strings[Number(type ?? 0)] ?? '',
    samples: list(item.samples).reduce((sum, sample) => sum + list(sample.timestampsUnixNano).length, 0),
    strings,
    resource
  }
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
