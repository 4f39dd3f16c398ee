// What both services have in common: a Fastify application whose server spans are named after the route, and whose
// errors are logged, put on the span and answered as JSON.
import { SpanStatusCode, trace } from '@opentelemetry/api'
import Fastify, { LogController } from 'fastify'

export function createService(name) {
  const app = Fastify({
    logger: { name, level: process.env.LOG_LEVEL ?? 'trace' },
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 30_000
  })
  app.addHook('onRequest', nameSpanAfterRoute)
  app.setErrorHandler(answerError)
  app.get('/healthz', async () => ({ ok: true }))
  return app
}

/** The HTTP instrumentation can't know Fastify's routes: it would call every span just GET or POST. */
async function nameSpanAfterRoute(request) {
  const route = request.routeOptions.url
  if (route === undefined) return
  trace.getActiveSpan()?.setAttribute('http.route', route).updateName(`${request.method} ${route}`)
}

function answerError(error, request, reply) {
  const status = error.statusCode ?? 500
  if (status >= 500) {
    request.log.error(error, 'request failed')
    const span = trace.getActiveSpan()
    span?.recordException(error)
    span?.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
  }
  reply.code(status).send({ error: error.message })
}
