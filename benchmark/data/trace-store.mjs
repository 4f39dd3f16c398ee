// A store of a million traces and 800,000 logs, in segments of two services by the minute: names, durations and attributes as
// skewed as those of real services.
import { randomBytes } from 'node:crypto'
import { encodeRecording } from '../../dist/format/index.js'
import { RecordingBuilder } from '../../dist/recording/recording-builder.js'
import { attributeType } from '../../dist/recording/schema.js'
import { nodeCodec } from '../../dist/collector/store/node-codec.js'

export const startMs = 1_700_000_000_000
const tracesEach = 50_000
const logsEach = 40_000
const routes = ['/', '/products/:id', '/search', '/cart', '/checkout', '/orders/:id', '/login', '/report']

/** Puts all segments; gives the id of a trace in the midst of them. */
export async function fillTraceStore(catalog, segments) {
  let known = ''
  for (let number = 0; number < segments; number++) {
    const service = number % 2 === 0 ? 'shop' : 'stock'
    const recording = `traces${number % 2}`.padEnd(26, '0')
    const tables = segmentOf(number, service)
    if (number === segments >> 1) known = Buffer.from(tables.spans.traceId.subarray(0, 16)).toString('hex')
    const journals = [{ file: 'traces', from: number + 1, to: number + 2 }]
    const meta = { recording, label: service, resource: { 'service.name': service }, journals }
    await catalog.addSegment(
      recording,
      `traces-${number + 1}-${number + 2}`,
      await encodeRecording(tables, meta, nodeCodec)
    )
  }
  return { known, traces: segments * tracesEach, logs: segments * logsEach }
}

function segmentOf(number, service) {
  const builder = new RecordingBuilder(BigInt(startMs + number * 60_000) * 1_000_000n)
  const { strings, sets } = builder
  const set = entries => {
    for (const [key, value] of Object.entries(entries)) {
      if (typeof value === 'number') sets.add(strings.intern(key), attributeType.int, value)
      else sets.add(strings.intern(key), attributeType.string, strings.intern(value))
    }
    return sets.close()
  }
  const resource = builder.intern('resources', {
    attributes: set({ 'service.name': service }),
    droppedAttributes: 0,
    schemaUrl: 0
  })
  const none = new Uint8Array(8)
  const zero = { droppedAttributes: 0, droppedEvents: 0, linkCount: 0, droppedLinks: 0, eventCount: 0 }
  for (let i = 0; i < tracesEach; i++) {
    const route = routes[Math.floor(Math.random() ** 3 * routes.length)]
    const failed = Math.random() < 0.01
    const start = Math.floor((i / tracesEach) * 60e9)
    const traceId = randomBytes(16)
    const spanId = randomBytes(8)
    builder.push('spans', {
      ...zero,
      traceId,
      spanId,
      parentSpanId: none,
      traceState: 0,
      flags: 1,
      name: strings.intern(`GET ${route}`),
      kind: 2,
      start,
      end: start + Math.floor(1e6 / (Math.random() + 0.0005)),
      statusCode: failed ? 2 : 0,
      statusMessage: 0,
      attributes: set({
        'http.route': route,
        'http.response.status_code': failed ? 500 : 200,
        'user.id': `user-${Math.floor(Math.random() ** 2 * 20_000)}`
      }),
      eventStart: -1,
      linkStart: -1,
      resource,
      scope: -1
    })
    if (i >= logsEach) continue
    builder.push('logs', {
      time: start,
      observedTime: start,
      severity: failed ? 17 : 9,
      severityText: 0,
      eventName: 0,
      body: set({ '': `order ${i * 7} of user-${Math.floor(Math.random() * 20_000)} is placed` }),
      link: builder.intern('links', { traceId, spanId }),
      flags: 0,
      attributes: 0,
      droppedAttributes: 0,
      resource,
      scope: -1
    })
  }
  return builder.finish()
}
