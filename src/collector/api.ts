// The shapes of the HTTP API on the UI's port, for the routes and the screens alike. Times are Unix ms (fractions
// allowed), durations ms, ids lower-case hex or the recording's 26 characters. docs/http-api.md explains each.

/** A page of a list; `cursor` is there when more follow. */
export interface Page<T> {
  items: T[]
  cursor?: string
}

/** The answer of GET /api/recordings. */
export interface RecordingPage extends Page<RecordingSummary> {
  /**
   * Collectors beside this one that share its catalog, where there are any: what they took and haven't sealed yet isn't in
   * the list.
   */
  others?: number
}

export interface RecordingSummary {
  id: string
  /** service.name, or the label it was run under. */
  label: string
  /** Of the service, where a label hides it. */
  service: string
  namespace: string
  instance: string
  /** Of its process, where the sender says it. */
  pid?: string
  /** Id of the recording of the process that started this one. */
  parent?: string
  start: number
  durationMs: number
  /** Stored bytes of its segments. */
  bytes: number
  samples: number
  spans: number
  logs: number
  statuses: number
  threads: number
  /** Logs of level error and above, and spans with an error. */
  errors: number
  /** Data came within the last seconds, by the clock of the collector. */
  live: boolean
}

export interface RecordingDetail extends RecordingSummary {
  /** What its times count from on the screens: its start, or where it began when the first of it has been deleted since. */
  origin: number
  /** Resource attributes as text: host, pid, runtime, command line … */
  resource: Record<string, string>
  /** Ids of the recordings of the processes that this one started, the earliest first. */
  children: string[]
}

export interface SegmentSummary {
  id: string
  from: number
  to: number
  bytes: number
  live: boolean
}

export interface TraceSummary {
  traceId: string
  /** Of the root span, or of the earliest span where the root is missing. */
  service: string
  name: string
  /** The route, else the path of its URL, where the name is an HTTP method alone and a span says it. */
  path?: string
  start: number
  durationMs: number
  spans: number
  errors: number
  logs: number
  samples: number
}

/** What a list of traces can be sorted by. */
export type TraceOrder = 'start' | 'duration' | 'spans' | 'errors' | 'logs' | 'samples'

export interface TraceDetail extends TraceSummary {
  /** Where its spans, logs and samples lie. */
  segments: { recording: string; segment: string }[]
}

export interface LogLine {
  recording: string
  label: string
  /** service.name, or the label where there is none. */
  service: string
  time: number
  /** 'trace' … 'fatal'. */
  level: string
  body: string
  uid?: string
  traceId?: string
  spanId?: string
}

/** A status over time, as columns: a row for each step that has any. */
export interface OverviewCurve {
  /** Where the step begins, Unix ms. */
  time: number[]
  min: number[]
  mean: number[]
  max: number[]
}

/** The answer of GET /api/recordings/:id/overview. */
export interface RecordingOverview {
  stepMs: number
  /** Of all that the recording holds, Unix ms. */
  from: number
  to: number
  /** By metric: process.cpu.utilization … */
  curves: Record<string, OverviewCurve>
}

/** The answer of GET /api/flame: one call tree over many recordings, as columns. */
export interface FlameGraph {
  /** Ids of the recordings whose samples are in it. */
  recordings: string[]
  /**
   * Functions; `line` is 1-based where the function begins, 0 unknown, `recording` the row of `recordings` that it was seen
   * in last.
   */
  frames: { name: string[]; url: string[]; line: number[]; recording: number[] }
  /** A row is a function as called by its callers, which come before it. Idle time is left out. */
  nodes: {
    /** Row of `frames`. */
    frame: number[]
    /** Row of `nodes`, -1 for the outermost. */
    parent: number[]
    /** Estimated from the gaps between samples; of it alone, and with all that it called. */
    selfMs: number[]
    totalMs: number[]
    samples: number[]
  }
  /** There were too many nodes: the innermost calls count as time of their callers. */
  truncated: boolean
  /** What there is to ask for in that time. */
  choices: {
    /** Those with samples. */
    services: string[]
    /** Of the service that was asked for. */
    versions: string[]
    /** Of the service and the version that were asked for; those with most time first. */
    endpoints: { name: string[]; selfMs: number[] }
  }
}

/** The answer of GET /healthz. */
export interface Health {
  status: 'ok' | 'degraded'
  version: string
  /** Where to send OTLP, e.g. http://127.0.0.1:4318 */
  otlp: string
  /** Wire versions it reads (header x-microlog-wire). */
  wire: number[]
  /** Where recordings are; '' for those without the view key, as `problems` is empty. */
  store: string
  /** The PostgreSQL that names what is in the store, where there is one; without user and password. */
  catalog?: string
  catalogState?: {
    /** It answered what it was asked last. */
    answers: boolean
    /** Collectors beside this one that said lately that they are alive. */
    others: number
    /** When objects that nothing names were last looked for, Unix ms; not yet where it isn't there. */
    swept?: number
  }
  /** Why it is degraded. */
  problems: string[]
}

/** Every error on the UI's port. */
export interface ApiError {
  error: { code: string; message: string }
}

/** What createCollector takes; docs/configuration.md has the environment variable of each. */
export interface CollectorOptions {
  /** A folder or s3://bucket/prefix; default MICROLOG_STORE, MICROLOG_S3_ROOT, else ~/.microlog */
  store?: string
  /** Of a bucket: its region, and the URL of a server that isn't Amazon's; default MICROLOG_S3_REGION, MICROLOG_S3_ENDPOINT */
  s3?: { region?: string; endpoint?: string }
  /** postgres://…: names what is in the bucket, so that any number of machines share it. Default MICROLOG_CATALOG. */
  catalog?: string
  /** How long who shares a catalog may say nothing before others take over its journal, ms. Default 30 000. */
  adoptAfterMs?: number
  host?: string
  /** UI and API; 0 picks a free one. Default 7777. */
  port?: number
  /** OTLP/HTTP; 0 picks a free one. Default 4318. */
  otlpPort?: number
  /** Extra names the Host header may have. */
  allowedHosts?: string[]
  /** Files in PEM: the certificate (with those of its issuers) and its key. Both ports then speak HTTPS. */
  tls?: { cert: string; key: string }
  /** How long a recording's head stays open, ms. Default 30 000. */
  sealAfterMs?: number
  /** Senders have to give it as a bearer token; undefined: none is asked for. */
  ingestKey?: string
  /** The same for the API and the metrics. */
  viewKey?: string
  /** Recordings that ended so long ago are deleted, ms; 0: none. Default MICROLOG_RETENTION, else 7 days. */
  retentionMs?: number
  /** The same for recordings of single labels, in place of that. */
  retentionMsByLabel?: Record<string, number>
  /** The oldest recordings are deleted beyond so many bytes; 0: none. Default MICROLOG_MAX_BYTES, else 10 GiB. */
  maxBytes?: number
  /** What the recordings of a label may take together, beside that. */
  maxBytesByLabel?: Record<string, number>
  /** When segments are put together, and how long those that larger ones stand for stay; see docs/decisions/0012-compaction.md. */
  compaction?: {
    /** ms between two looks at the store. Default 60 000. */
    everyMs?: number
    /** For those who are reading them, ms. Default 300 000. */
    keepReplacedMs?: number
    limits?: {
      /** Sealed segments of an hour that aren't left lying until it is over. Default 32. */
      sealedSegments?: number
      /** ms without data after which an hour is over (default 300 000), and a day (default 7 200 000). */
      hourQuietMs?: number
      dayQuietMs?: number
    }
  }
  /** Whether to serve the screens at /. Default true. */
  ui?: boolean
  /** Of what it tells on stderr: problems as lines of text, or everything as lines of JSON. Default text. */
  logFormat?: 'text' | 'json'
}

export interface Collector {
  /** e.g. http://127.0.0.1:7777 */
  readonly uiUrl: string
  /** e.g. http://127.0.0.1:4318 */
  readonly otlpUrl: string
  /** Recordings of a process, by its service.instance.id. */
  recordingsOf(instance: string): Promise<RecordingSummary[]>
  /** Seals everything and ends; safe to call twice. */
  close(): Promise<void>
}
