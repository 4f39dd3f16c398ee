// What the sources hand to the sender. Plain structured-cloneable data: linking happens here in the thread that
// recorded, encoding, compressing and sending in the sender's worker.

/** Ids in lower-case hex, as the OpenTelemetry API gives them. */
export interface SpanReference {
  traceId: string
  spanId: string
  /** W3C trace flags; bit 0 is "sampled". */
  flags: number
}

/** Where in the program something was called. Line and column are 1-based, 0 unknown. */
export interface CodeLocation {
  functionName: string
  /** As V8 names the file: a file URL or an absolute path. */
  filePath: string
  line: number
  column: number
}

export interface LogRecord {
  timeUnixNano: bigint
  /** OpenTelemetry severity number, 1–24, and the level's name. */
  severityNumber: number
  severityText: string
  body: string
  uid: string
  threadId: number
  span: SpanReference | undefined
  attributes: Record<string, string | number | boolean>
}

/** Gauges read together, a batch of times by a few metrics. A value that wasn't measured is NaN. */
export interface StatusPoints {
  threadId: number
  timeUnixNano: BigInt64Array
  metrics: { name: string; unit: string; values: Float64Array }[]
}

/** Samples of one kind. Rows point into the tables of the profile; -1 is none. */
export interface LinkedSamples {
  /** Leaf row in `stacks`. */
  stack: Int32Array
  /** Microseconds since 1970, ascending. */
  timeUnixUs: Float64Array
  link: Int32Array
  endpoint: Int32Array
  /** `log.record.uid` per sample; only for log calls. */
  uid?: string[]
}

/** One thread's stacks over one rotation, tied to spans and in wall-clock time. */
export interface LinkedProfile {
  threadId: number
  threadName: string
  intervalUs: number
  startUnixUs: number
  endUnixUs: number
  /**
   * Parallel arrays. Line and column are 1-based, 0 unknown: where the function begins for what V8 sampled (`startLine`
   * says so), the line of the call for stacks captured in JavaScript (`startLine` 0).
   */
  frames: {
    functionName: string[]
    url: string[]
    line: Int32Array
    column: Int32Array
    startLine: Int32Array
  }
  /** A tree: a row's frame and its parent's row (-1: the stack's root). Parents come before children. */
  stacks: { frame: Int32Array; parent: Int32Array }
  links: SpanReference[]
  endpoints: string[]
  /** What the sampler saw, idle included. */
  wall: LinkedSamples
  /** Stacks of log calls. */
  logs: LinkedSamples
  /** Stacks at which spans were started. */
  spanStarts: LinkedSamples
}

/** Must not throw and must not block: the program is on the stack. */
export interface RecordSink {
  log(record: LogRecord): void
  statuses(points: StatusPoints): void
  profile(profile: LinkedProfile): void
}
