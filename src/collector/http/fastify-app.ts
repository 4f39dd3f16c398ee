import Fastify from 'fastify'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { messageOf } from '../../base/errors.ts'
import { limitConnections } from './connection-limits.ts'
import { codeOfStatus, problemOf } from './error-status.ts'
import type { HttpProblem } from './error-status.ts'
import type { HttpLimits } from './http-limits.ts'
import type { KeyCheck } from './key-check.ts'
import type { OriginGuard } from './origin-guard.ts'
import { methodsByPath } from './other-methods.ts'

/** Who is let in at a port, and how much. */
export interface Gate {
  guard: OriginGuard
  key: KeyCheck
  limits: HttpLimits
  /** Undefined: plain HTTP. */
  tls?: TlsIdentity | undefined
}

/** A server's certificate, with those of its issuers, and its key; PEM. */
export interface TlsIdentity {
  cert: Buffer
  key: Buffer
}

export interface PortManners {
  sendProblem(reply: FastifyReply, request: FastifyRequest, problem: HttpProblem): FastifyReply
  /** What to say to a request for nothing that is here. */
  nothingAt(request: FastifyRequest): string
  /** Takes errors that nobody expected. */
  onFailure(thrown: unknown): void
  /** Whether a route, as it was declared, is for holders of the key only. */
  isLocked(route: string): boolean
}

const longestParameter = 200

/** The settings that both ports share. It listens to nothing yet. */
export function createFastifyApp(
  { guard, key, limits, tls }: Gate,
  { sendProblem, nothingAt, onFailure, isLocked }: PortManners
): FastifyInstance {
  const timeouts = { headersTimeout: limits.headersMs, connectionsCheckingInterval: limits.checkMs }
  const options = {
    logger: false as const,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    routerOptions: { maxParamLength: longestParameter },
    return503OnClosing: true,
    // Of addresses that can't be decoded: no hook has seen these.
    frameworkErrors: (error: FastifyError, request: unknown, reply: unknown) => {
      const status = error.statusCode ?? 400
      const problem = { status, code: codeOfStatus(status), message: messageOf(error) }
      sendProblem(
        reply as FastifyReply,
        request as FastifyRequest,
        guard((request as FastifyRequest).headers) ?? problem
      )
    }
  }
  // Routes and hooks are the same on either; only the type of the server differs.
  const app = tls
    ? (Fastify({ ...options, https: { ...tls, ...timeouts } }) as unknown as FastifyInstance)
    : Fastify({ ...options, http: timeouts })
  limitConnections(app.server, limits)
  app.addHook('onRequest', async (request, reply) => {
    const locked = isLocked(request.routeOptions.url ?? '')
    const problem = guard(request.headers) ?? (locked ? key(request.headers) : undefined)
    if (problem?.status === 401) void reply.header('www-authenticate', 'Bearer')
    if (problem) await sendProblem(reply, request, problem)
  })
  app.setErrorHandler(async (thrown, request, reply) => {
    const problem = problemOf(thrown)
    if (problem.status === 500) onFailure(thrown)
    return sendProblem(reply, request, problem)
  })
  const methodsOf = methodsByPath(app)
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?')[0]!
    const methods = methodsOf(path).join(', ')
    if (methods === '') {
      return sendProblem(reply, request, { status: 404, code: 'not-found', message: nothingAt(request) })
    }
    void reply.header('allow', methods)
    const message = `Expected ${methods} ${path}`
    return sendProblem(reply, request, { status: 405, code: 'invalid-input', message })
  })
  return app
}
