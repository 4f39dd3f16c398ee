import type { FastifyInstance } from 'fastify'
import type { FlameGraph } from '../api.ts'
import { buildFlameGraph } from '../query/flame-graph.ts'
import { KnownCounts } from '../query/known-counts.ts'
import type { Library } from '../query/library.ts'
import type { SegmentSearch } from '../query/segment-search.ts'
import { readNumber } from '../query/page.ts'
import { queryTexts } from './query-texts.ts'

/** GET /api/flame: one merged flame graph over all recordings. */
export function addFlameRoute(
  app: FastifyInstance,
  { library, search }: { library: Library; search: SegmentSearch }
): void {
  const known = new KnownCounts()
  app.get('/api/flame', async (request, reply): Promise<FlameGraph> => {
    const query = queryTexts(request)
    const filter = {
      service: query.get('service') || undefined,
      endpoint: query.get('endpoint') || undefined,
      version: query.get('version') || undefined,
      from: readNumber(query, 'from'),
      to: readNumber(query, 'to')
    }
    void reply.header('cache-control', 'no-store')
    return buildFlameGraph(search, await library.open(), filter, known)
  })
}
