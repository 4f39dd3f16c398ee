/** One thread's stacks over a stretch of time, tied to spans, in wall-clock time: what `writeProfiles` takes. */
export interface ThreadProfile {
  /** 32 hex digits, its own for every profile: a request that is sent twice can be told. */
  id: string
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
    /** The package that each file belongs to, e.g. 'fastify@5.12.8'; '' unknown. Absent where nobody looked. */
    packageId?: string[]
  }
  /** A tree: a row's frame and its parent's row (-1: the stack's root). Parents come before children. */
  stacks: { frame: Int32Array; parent: Int32Array }
  links: SpanReference[]
  endpoints: string[]
  /** What the sampler saw, idle included. */
  wall: ThreadSamples
  /** Stacks of log calls. */
  logs: ThreadSamples
  /** Stacks at which spans were started: linked to the started span, or one for all that have a name, which `spanName` says. */
  spanStarts: ThreadSamples
  /** What lives in the heap, by the stack that allocated it. */
  heap?: ThreadSamples & { value: Float64Array; intervalBytes: number }
}

/** Samples of one kind. Rows point into the tables of the profile; -1 is none. */
export interface ThreadSamples {
  /** Leaf row in `stacks`. */
  stack: Int32Array
  /** Microseconds since 1970, ascending. */
  timeUnixUs: Float64Array
  link: Int32Array
  endpoint: Int32Array
  /** Bytes, for the heap; how many spans of that name, for their starts; others count 1 each. */
  value?: Float64Array
  /** `log.record.uid` per sample; only for log calls. */
  uid?: string[]
  /** `microlog.span.name` per sample, '' where the link says which span; only for starts of spans. */
  spanName?: string[]
}

/** Ids in lower-case hex, as the OpenTelemetry API gives them. */
export interface SpanReference {
  traceId: string
  spanId: string
  /** W3C trace flags; bit 0 is "sampled". */
  flags: number
}
