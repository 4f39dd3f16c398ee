// The OTLP port: POST /v1/traces and its siblings, and what tells senders that the collector is one of ours.
import { getHeapStatistics } from 'node:v8'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { MicrologError } from '../../base/errors.ts'
import type { OtlpSignal } from '../../otlp/sink.ts'
import { ByteBudget } from '../ingest/byte-budget.ts'
import type { Ingest } from '../ingest/ingest.ts'
import { codingOf, defaultBodyLimits, readStream } from '../ingest/read-body.ts'
import type { HttpProblem } from './error-status.ts'
import { createFastifyApp } from './fastify-app.ts'
import type { Gate } from './fastify-app.ts'
import type { HealthFacts } from './health-facts.ts'
import { addHealthRoute, healthPath } from './health-routes.ts'
import { contentTypes, encodeExportResponse, encodeStatus } from './otlp-response.ts'
import type { Encoding } from './otlp-response.ts'

const paths: Record<string, OtlpSignal> = {
  '/v1/traces': 'traces',
  '/v1/logs': 'logs',
  '/v1/metrics': 'metrics',
  '/v1development/profiles': 'profiles',
  '/v1/profiles': 'profiles'
}

export function createOtlpApp(
  ingest: Ingest,
  health: HealthFacts,
  gate: Gate,
  onFailure: (thrown: unknown) => void
): FastifyInstance {
  const refuse = (reply: FastifyReply, request: FastifyRequest, problem: HttpProblem): FastifyReply => {
    ingest.countRefused(problem)
    return sendProblem(reply, request, problem)
  }
  const app = createFastifyApp(gate, {
    sendProblem: refuse,
    nothingAt: () => `Expected one of ${Object.keys(paths).join(', ')}`,
    onFailure,
    isLocked: route => route !== healthPath
  })
  const budget = new ByteBudget(gate.limits.inFlightBytes)
  app.addHook('preHandler', async (request, reply) => {
    if (!heapIsCrowded(gate.limits.heapShare)) return
    const message = 'The collector is short of memory: send this request again later'
    await refuse(reply, request, { status: 429, code: 'unavailable', message, retryAfter: 1 })
  })
  // Bodies are read by the handler, under its own limits.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))

  addHealthRoute(app, health, () => false)
  for (const [path, signal] of Object.entries(paths)) {
    app.post(path, { bodyLimit: Number.MAX_SAFE_INTEGER }, async (request, reply) => {
      const encoding = encodingOf(request)
      if (encoding === undefined) {
        const found = JSON.stringify((request.headers['content-type'] ?? '').slice(0, 100))
        throw new MicrologError(
          'unsupported',
          `Expected application/x-protobuf or application/json, found ${found}`
        )
      }
      const share = budget.open()
      try {
        const coding = codingOf(request.headers['content-encoding'])
        const body = await readStream(request.raw, defaultBodyLimits.receivedBytes, share)
        const outcome = await ingest.accept({ signal, encoding, coding, body }, share)
        const answer = encodeExportResponse(signal, encoding, outcome)
        return await reply.type(contentTypes[encoding]).send(Buffer.from(answer))
      } finally {
        share.release()
      }
    })
  }
  return app
}

function heapIsCrowded(share: number): boolean {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics()
  return used > limit * share
}

function sendProblem(reply: FastifyReply, request: FastifyRequest, problem: HttpProblem): FastifyReply {
  const encoding = encodingOf(request) ?? 'json'
  if (problem.retryAfter !== undefined) void reply.header('retry-after', String(problem.retryAfter))
  return reply
    .code(problem.status)
    .type(contentTypes[encoding])
    .send(Buffer.from(encodeStatus(encoding, problem.status, problem.message)))
}

/** Undefined for a type that OTLP doesn't have. */
function encodingOf(request: FastifyRequest): Encoding | undefined {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf'
  return type === 'application/json' ? 'json' : undefined
}
