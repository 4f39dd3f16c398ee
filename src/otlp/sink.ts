// Where the OTLP readers (protobuf and JSON) put what they find. Rows are structs that the reader fills anew for
// each item: take what you need before you return. All strings are rows of the sink's own string table, so that a
// reader can intern straight from bytes.

/** 64 bits as two unsigned halves: JavaScript's numbers would lose nanoseconds. Both 0: not set. */
export interface U64 {
  high: number
  low: number
}

/** A value's type; the same numbers as the recording's attribute types. */
export type ValueType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7

/** Chooses the sink for a resource and all that it holds, by its attributes as text. */
export type OtlpRoute = (resource: ReadonlyMap<string, string>) => OtlpSink

/** One resource of a request comes first, then its scopes, each followed by its items. */
export interface OtlpSink {
  /** A new resource: everything after it belongs to it. */
  resource(row: ResourceRow): void
  scope(row: ScopeRow): void
  item(item: OtlpItem): void
  /** Whether a set time can be kept to the nanosecond beside the time that the sink counts from. */
  admits(time: U64): boolean
  /** The times admitted last are kept, though their item comes later. */
  settleTimes(): void
  /** They are not: the next item may be of another time. */
  dropTimes(): void
  readonly texts: TextSink
  readonly attributes: AttributeSink
}

export interface TextSink {
  intern(text: string): number
  /** Invalid UTF-8 becomes U+FFFD. */
  internUtf8(bytes: Uint8Array, from: number, to: number): number
  addBlob(bytes: Uint8Array): number
}

/** Takes the entries of one set, then closes it; sets never interleave. */
export interface AttributeSink {
  /** @param value as the type says: row of a string or blob, 0 or 1, a number */
  add(key: number, type: ValueType, value: number): void
  /** The set of the entries since the last one was closed; 0 when there were none. */
  close(): number
}

export interface ResourceRow {
  /** Entity references, which sets can't hold, are an entry of their own: see `entityRefsKey`. */
  attributes: number
  droppedAttributes: number
  schemaUrl: number
}

export interface ScopeRow {
  name: number
  version: number
  attributes: number
  droppedAttributes: number
  schemaUrl: number
}

export type OtlpItem = SpanRow | LogRow | NumberPointRow | OpaqueRow | ProfileRow

export interface SpanRow {
  kind: 'span'
  traceId: Uint8Array
  spanId: Uint8Array
  /** All zero: none. */
  parentSpanId: Uint8Array
  traceState: number
  flags: number
  name: number
  spanKind: number
  start: U64
  end: U64
  statusCode: number
  statusMessage: number
  attributes: number
  droppedAttributes: number
  /** Only the first eventCount rows are its own; those behind are kept for the next span. The same for links. */
  events: EventRow[]
  eventCount: number
  droppedEvents: number
  links: SpanLinkRow[]
  linkCount: number
  droppedLinks: number
}

export interface EventRow {
  time: U64
  name: number
  attributes: number
  droppedAttributes: number
}

export interface SpanLinkRow {
  traceId: Uint8Array
  spanId: Uint8Array
  traceState: number
  flags: number
  attributes: number
  droppedAttributes: number
}

export interface LogRow {
  kind: 'log'
  time: U64
  observedTime: U64
  severity: number
  severityText: number
  eventName: number
  /** A set of one entry without a key (0 is the key ''); 0 where there is no body. */
  body: number
  traceId: Uint8Array
  spanId: Uint8Array
  flags: number
  attributes: number
  droppedAttributes: number
}

/** A data point of a gauge or sum whose value is a double or a safe integer, without exemplars. */
export interface NumberPointRow {
  kind: 'point'
  name: number
  description: number
  unit: number
  /** 0 gauge, 1 sum. */
  metricKind: 0 | 1
  temporality: number
  monotonic: boolean
  attributes: number
  time: U64
  startTime: U64
  value: number
  isInteger: boolean
  flags: number
}

/** Items that the rows above can't hold, whole: a protobuf export request with one resource, one scope and them. */
export interface OpaqueRow {
  kind: 'opaque'
  signal: 'traces' | 'logs' | 'metrics' | 'profiles'
  request: Uint8Array
  /** Of its items; both 0 when they have no time. */
  from: U64
  to: U64
}

/** Key of the bytes entry that keeps a resource's entity references: a Resource message with nothing else. */
export const entityRefsKey = 'microlog.otlp.entity_refs'

/** One profile with its samples; links and attributes are resolved from the request's dictionary. */
export interface ProfileRow {
  kind: 'profile'
  time: U64
  durationNano: number
  sampleType: number
  sampleUnit: number
  periodType: number
  periodUnit: number
  period: number
  profileId: Uint8Array
  /** Of `thread.id` and `thread.name` among its attributes; 0 where it has none. */
  threadId: number
  threadName: number
  attributes: number
  droppedAttributes: number
  /**
   * A request with this profile, where rows can't hold all of it (mappings, addresses, units, inlined calls …); the
   * same bytes for all such profiles of a scope.
   */
  original: Uint8Array | undefined
  samples: SampleRow[]
  tables: StackTables
}

/** The stacks of a request's dictionary, as far as samples of one sink name them. */
export interface StackTables {
  /** Root first, as rows of `frames`. */
  stacks: ReadonlyMap<number, Uint32Array>
  frames: FrameRow[]
}

/** Observations of one stack that share all but time and value: numbers side by side, as there are so many. */
export interface SampleRow {
  /** Key of `stacks`; -1: none. */
  stack: number
  attributes: number
  /** Samples of one link share the arrays of its ids. */
  traceId: Uint8Array
  spanId: Uint8Array
  /** How many. */
  count: number
  /** The low half of each, then its high half; none for an aggregated sample, which has one without time. */
  times: readonly number[]
  /** Of each; none where each counts 1. */
  values: readonly number[]
}

export interface FrameRow {
  name: number
  url: number
  line: number
  column: number
  /** Of the text that says which package it belongs to. */
  packageId: number
}

/** Key of the attribute of a location that says which package its file belongs to, e.g. 'fastify@5.12.8'. */
export const packageKey = 'microlog.package'

/** Key of the entry (true) of a profile whose lines are those of calls: not where the functions begin. */
export const callLinesKey = 'microlog.otlp.call_lines'

/** What became of a request: rejected items are reported to the sender as a partial success. */
export interface ReadOutcome {
  accepted: number
  rejected: number
  /** Why, for the first one rejected; '' when none was. */
  message: string
}

export type OtlpSignal = 'traces' | 'logs' | 'metrics' | 'profiles'

/** Bounds on what a request may hold; a request beyond them is refused whole (`too-large`). */
export interface OtlpLimits {
  /** Spans, events, links, logs, points and samples together. */
  items: number
  /** Nesting of values. */
  depth: number
  /** Attributes of one record; the rest is counted as dropped. */
  attributes: number
  /** Bytes of a string or bytes value; longer ones are cut and end in '…'. */
  valueBytes: number
}

export const defaultLimits: OtlpLimits = { items: 100_000, depth: 64, attributes: 128, valueBytes: 65_536 }
