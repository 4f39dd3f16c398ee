// The UI's port: the screens, what they ask for, and the collector's own health.
import helmet from '@fastify/helmet'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiError } from '../api.ts'
import type { CompactionStatistics } from '../compaction/compactor.ts'
import type { Ingest } from '../ingest/ingest.ts'
import type { Library } from '../query/library.ts'
import type { SegmentSearch } from '../query/segment-search.ts'
import type { Catalog } from '../store/catalog.ts'
import type { HttpProblem } from './error-status.ts'
import { createFastifyApp } from './fastify-app.ts'
import type { Gate } from './fastify-app.ts'
import { addFlameRoute } from './flame-route.ts'
import { addHealthRoutes } from './health-routes.ts'
import type { HealthFacts } from './health-facts.ts'
import type { OnChange } from './on-change.ts'
import { addImportRoute } from './import-route.ts'
import { addLiveRoute } from './live-route.ts'
import { addRecordingRoutes } from './recording-routes.ts'
import { addScreens } from './screens.ts'
import { addSearchRoutes } from './search-routes.ts'

export interface ApiParts {
  catalog: Catalog
  library: Library
  search: SegmentSearch
  ingest: Ingest
  /** How much was compacted, for the metrics. */
  compaction: Readonly<CompactionStatistics>
  /** Its key is for the API and the metrics. */
  gate: Gate
  health: HealthFacts
  /** Whether to serve the screens. */
  ui: boolean
  /** Hears of what somebody did to the recordings. */
  onChange?: OnChange
  /** Takes errors that nobody expected. */
  onFailure(thrown: unknown): void
}

const nowhere = ["'none'"]
const ourselves = ["'self'"]

export async function createApiApp(parts: ApiParts): Promise<FastifyInstance> {
  const { onFailure } = parts
  const app = createFastifyApp(parts.gate, { sendProblem, nothingAt, onFailure, isLocked })
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: nowhere,
        scriptSrc: ourselves,
        styleSrc: ourselves,
        imgSrc: [...ourselves, 'data:'],
        connectSrc: ourselves,
        fontSrc: ourselves,
        baseUri: nowhere,
        formAction: ourselves,
        frameAncestors: nowhere
      }
    },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: false
  })
  addHealthRoutes(app, parts)
  addRecordingRoutes(app, parts)
  addSearchRoutes(app, parts)
  addFlameRoute(app, parts)
  addImportRoute(app, parts)
  addLiveRoute(app, parts.ingest)
  if (parts.ui) await addScreens(app)
  return app
}

/** The page itself holds nothing that is worth a key; /healthz says little to those without one. */
function isLocked(route: string): boolean {
  return route.startsWith('/api/') || route === '/metrics'
}

function nothingAt({ method, url }: FastifyRequest): string {
  return `Nothing at ${method} ${url.split('?')[0]}`
}

function sendProblem(reply: FastifyReply, _request: FastifyRequest, problem: HttpProblem): FastifyReply {
  const { status, code, message, retryAfter } = problem
  if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter))
  const body: ApiError = { error: { code, message } }
  return reply.code(status).header('cache-control', 'no-store').send(body)
}
