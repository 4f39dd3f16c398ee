import { nanosPerMs } from '../../base/units.ts'
import type { TraceDetail } from '../../collector/api.ts'
import type { ApiClient, SegmentPart } from '../data/api-client.ts'
import type { RecordingSource } from '../data/segment-worker-protocol.ts'
import type { Wanted } from '../data/use-recordings.ts'
import { epochOf } from './want-recording.ts'

/** How long after its end more of a trace may come: exports of its services, late spans. */
const settleMs = 30_000

/** Of a segment: what else ran meanwhile is needed, too, to tell who held up whom. In whole seconds, so that it seldom changes. */
function partOfTrace({ traceId, start, durationMs }: TraceDetail): SegmentPart {
  return {
    from: (Math.floor(start / 1000) - 1) * 1000,
    to: (Math.ceil((start + durationMs) / 1000) + 1) * 1000,
    trace: traceId
  }
}

/** Of the recordings a trace lies in what was while it ran, and a while before and after; times count from its start. */
export async function wantTrace(
  api: ApiClient,
  traceId: string,
  signal: AbortSignal
): Promise<Wanted<TraceDetail>> {
  const detail = await api.trace(traceId, signal)
  const sources = new Map<string, RecordingSource>()
  const part = partOfTrace(detail)
  for (const { recording, segment } of detail.segments) {
    const source = sources.get(recording) ?? { recording, segments: [] }
    source.segments.push({
      // While the trace grows, more of the same segment may be needed.
      id: `${segment} ${part.from}-${part.to}`,
      url: api.segmentUrl(recording, segment, part),
      live: false
    })
    sources.set(recording, source)
  }
  return {
    detail,
    live: Date.now() - (detail.start + detail.durationMs) < settleMs,
    request: {
      epoch: epochOf(detail.start),
      // Services may log about it after its end, and while it is young more of it comes: both within this.
      window: { from: -settleMs * nanosPerMs, to: (detail.durationMs + settleMs) * nanosPerMs },
      sources: [...sources.values()],
      authorization: api.authorization
    }
  }
}
