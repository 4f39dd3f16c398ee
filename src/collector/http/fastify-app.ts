import Fastify from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { HttpProblem } from './error-status.ts'
import type { OriginGuard } from './origin-guard.ts'

/** ms; a client that is slower than this is cut off. */
const requestTimeoutMs = 30_000
const headersTimeoutMs = 5_000
const keepAliveTimeoutMs = 10_000
const mostConnections = 10_000
const longestParameter = 200

/** The settings that both ports share. It listens to nothing yet. */
export function createFastifyApp(
  guard: OriginGuard,
  sendProblem: (reply: FastifyReply, request: FastifyRequest, problem: HttpProblem) => FastifyReply
): FastifyInstance {
  const app = Fastify({
    logger: false,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    routerOptions: { maxParamLength: longestParameter },
    http: { headersTimeout: headersTimeoutMs },
    return503OnClosing: true
  })
  app.server.maxConnections = mostConnections
  app.addHook('onRequest', async (request, reply) => {
    const problem = guard(request.headers)
    if (problem) await sendProblem(reply, request, problem)
  })
  return app
}
