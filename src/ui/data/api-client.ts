// The collector's HTTP API as the screens use it. Addresses are relative to the page, so that it also works below a
// path. Times are Unix ms.
import type {
  FlameGraph,
  Health,
  LogLine,
  Page,
  RecordingDetail,
  RecordingOverview,
  RecordingSummary,
  SegmentSummary,
  TraceDetail,
  TraceOrder,
  TraceSummary
} from '../../collector/api.ts'
import { readEventNames } from './read-event-names.ts'
import { authorized, RequestError, sendRequest } from './send-request.ts'

/** As the query of GET /api/traces has it; empty and missing ones don't filter. */
export interface TraceFilter {
  service?: string
  name?: string
  /** As operationOf has it. */
  operation?: string
  minDurationMs?: string
  maxDurationMs?: string
  /** 'true' for those with an error only. */
  error?: string
  /** 'key:value' */
  attr?: string
  q?: string
  from?: string
  to?: string
  /** Else by their start. */
  sort?: TraceOrder
  /** 'asc' for the smallest first. */
  order?: string
  limit?: string
  cursor?: string
}

/** As the query of GET /api/logs has it; missing ones don't filter. Times are Unix ms. */
export interface LogFilter {
  recording?: string
  service?: string
  /** With commas between. */
  level?: string
  /** Which of the recorder's own lines. */
  own?: string
  trace?: string
  q?: string
  from?: number
  to?: number
  order?: string
  limit?: number
  cursor?: string | undefined
}

/** As the query of GET /api/flame has it; missing ones don't filter. Times are Unix ms. */
export interface FlameFilter {
  service?: string
  endpoint?: string
  version?: string
  from?: number
  to?: number
}

/** What is needed of a segment; more may come along. Unix ms. */
export interface SegmentPart {
  readonly from: number
  readonly to: number
  /** What names this trace, also where it lies a while before or after. */
  readonly trace?: string
}

/** Of GET /api/live. */
export type LiveEvent = 'ready' | 'data'

/** What the collector asks of those who look at its recordings. */
export interface ViewAccess {
  /** Of the requests' header; undefined: none. */
  readonly authorization: string | undefined
  /** The collector wants a key, or another one. */
  onRefused(): void
}

export interface ApiClient {
  /** Not a collector, but one recording that was saved with its screens: there is nothing beside it. */
  readonly isCopy: boolean
  /** For requests that others send. */
  readonly authorization: string | undefined
  recordings(signal?: AbortSignal): Promise<RecordingSummary[]>
  recording(id: string, signal?: AbortSignal): Promise<RecordingDetail>
  removeRecording(id: string): Promise<void>
  segments(id: string, signal?: AbortSignal): Promise<SegmentSummary[]>
  /** One of its statuses over all its time, in steps of so long. */
  overview(
    id: string,
    query: { stepMs: number; metric: string },
    signal?: AbortSignal
  ): Promise<RecordingOverview>
  /** Where the bytes of a segment lie. @param part undefined: all of it */
  segmentUrl(recording: string, segment: string, part?: SegmentPart): string
  traces(filter: TraceFilter, signal?: AbortSignal): Promise<Page<TraceSummary>>
  trace(id: string, signal?: AbortSignal): Promise<TraceDetail>
  /** Its spans as one OTLP/JSON request. */
  traceAsOtlp(id: string): Promise<Blob>
  logs(filter: LogFilter, signal?: AbortSignal): Promise<Page<LogLine>>
  flame(filter: FlameFilter, signal?: AbortSignal): Promise<FlameGraph>
  /** Calls back once the collector listens, and for each time recordings got data; until the stream ends. */
  live(on: (event: LiveEvent) => void, signal: AbortSignal): Promise<void>
  /** Imports a file of any kind the collector reads; the ids of its recordings. */
  importFile(file: File): Promise<string[]>
  health(signal?: AbortSignal): Promise<Health>
}

const openAccess: ViewAccess = { authorization: undefined, onRefused() {} }

/** @param base address of the page, without its hash */
export function createApiClient(base: string, access: ViewAccess = openAccess): ApiClient {
  const { authorization } = access

  async function send(method: string, url: URL, init: RequestInit = {}): Promise<Response> {
    try {
      return await sendRequest(method, url, authorized(init, authorization))
    } catch (error) {
      if (error instanceof RequestError && error.status === 401) access.onRefused()
      throw error
    }
  }

  function urlOf(path: string, query: object = {}): URL {
    const url = new URL(path, base)
    for (const [name, value] of Object.entries(query)) if (value) url.searchParams.set(name, String(value))
    return url
  }

  async function get<T>(path: string, query?: object, signal?: AbortSignal): Promise<T> {
    const response = await send('GET', urlOf(path, query), { signal: signal ?? null })
    return (await response.json()) as T
  }

  async function getAll<T>(path: string, signal?: AbortSignal): Promise<T[]> {
    const all: T[] = []
    let cursor: string | undefined
    do {
      const page: Page<T> = await get(path, { limit: 1000, cursor }, signal)
      all.push(...page.items)
      cursor = page.cursor
    } while (cursor)
    return all
  }

  return {
    isCopy: false,
    authorization,
    recordings: signal => getAll('api/recordings', signal),
    recording: (id, signal) => get(`api/recordings/${id}`, {}, signal),
    async removeRecording(id) {
      await send('DELETE', urlOf(`api/recordings/${id}`))
    },
    segments: (id, signal) => getAll(`api/recordings/${id}/segments`, signal),
    overview: (id, query, signal) => get(`api/recordings/${id}/overview`, query, signal),
    segmentUrl(recording, segment, { from, to, trace }: Partial<SegmentPart> = {}) {
      const path = `api/recordings/${recording}/segments/${encodeURIComponent(segment)}`
      return urlOf(path, { from: from?.toString(), to: to?.toString(), trace }).href
    },
    traces: (filter, signal) => get('api/traces', filter, signal),
    trace: (id, signal) => get(`api/traces/${id}`, {}, signal),
    async traceAsOtlp(id) {
      return (await send('GET', urlOf(`api/traces/${id}`, { format: 'otlp' }))).blob()
    },
    logs: (filter, signal) => get('api/logs', filter, signal),
    flame: (filter, signal) => get('api/flame', filter, signal),
    async live(on, signal) {
      const { body } = await send('GET', urlOf('api/live'), { signal })
      await readEventNames(body!, name => {
        if (name === 'ready' || name === 'data') on(name)
      })
    },
    async importFile(file) {
      const headers = { 'content-type': 'application/octet-stream' }
      const url = urlOf('api/import', { name: file.name })
      const response = await send('POST', url, { body: file, headers })
      return ((await response.json()) as { ids: string[] }).ids
    },
    health: signal => get('healthz', {}, signal)
  }
}
