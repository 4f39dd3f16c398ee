// A small OTLP/HTTP endpoint that keeps the spans sent to it as JSON, and says yes to everything else.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'

export interface ReceivedSpan {
  service: string
  /** service.instance.id of whoever sent it. */
  instance: string
  name: string
  traceId: string
  spanId: string
  parentSpanId: string | undefined
  attributes: Record<string, unknown>
  events: { name: string }[]
}

export interface TraceReceiver {
  url: string
  spans: ReceivedSpan[]
  close(): void
}

interface OtlpAttribute {
  key: string
  value: Record<string, unknown>
}
interface OtlpTraces {
  resourceSpans: {
    resource: { attributes: OtlpAttribute[] }
    scopeSpans: {
      spans: (Omit<ReceivedSpan, 'service' | 'instance' | 'attributes'> & { attributes: OtlpAttribute[] })[]
    }[]
  }[]
}

export async function createTraceReceiver(): Promise<TraceReceiver> {
  const spans: ReceivedSpan[] = []
  const server = createServer(async (request, response) => {
    const isTraces = request.url === '/v1/traces' && request.headers['content-type'] === 'application/json'
    if (isTraces) {
      const packed = request.headers['content-encoding'] === 'gzip'
      const body = packed ? gunzipSync(await bytesOf(request)).toString() : await text(request)
      spans.push(...spansOf(JSON.parse(body)))
    } else {
      request.resume()
    }
    response.setHeader('content-type', request.headers['content-type'] ?? 'application/json')
    response.end(isTraces ? '{}' : '')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    close() {
      server.close()
      server.closeAllConnections()
    }
  }
}

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function spansOf({ resourceSpans }: OtlpTraces): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(scope =>
      scope.spans.map(span => ({
        ...span,
        service: String(valuesOf(resource.attributes)['service.name']),
        instance: String(valuesOf(resource.attributes)['service.instance.id']),
        attributes: valuesOf(span.attributes)
      }))
    )
  )
}

function valuesOf(attributes: OtlpAttribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}
