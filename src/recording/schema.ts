// The tables of a recording, named once: builders, merging, the file format and its documentation all walk this.
// A table is a struct of arrays; a row is an index. Kinds of column:
//
//   time        f64  ns since the recording's epoch, exact below 2^53 (104 days); NaN: not set
//   f64, u32, u8     numbers
//   id16, id8   16 or 8 bytes a row (trace and span ids); all zero: not set
//   string      row of `strings`; 0 is ''
//   blob        row of `blobs`; -1: none
//   set         row of `sets`, a set of attributes; 0 is the empty set
//   any table's name: a row of that table; -1: none

export const schema = {
  /**
   * Functions as the sampler names them; line and column are 1-based where the function begins, 0 unknown. `packageId` is
   * the package that the file belongs to, e.g. 'fastify@5.12.8'; '' unknown.
   */
  frames: { name: 'string', url: 'string', line: 'u32', column: 'u32', packageId: 'string' },
  /** A stack is its leaf frame and the stack that called it. `parent` is a smaller row. */
  stacks: { frame: 'frames', parent: 'stacks' },
  /** A reference to a span that needn't be here. Row 0 is the zero link. */
  links: { traceId: 'id16', spanId: 'id8' },
  resources: { attributes: 'set', droppedAttributes: 'u32', schemaUrl: 'string' },
  scopes: {
    name: 'string',
    version: 'string',
    attributes: 'set',
    droppedAttributes: 'u32',
    schemaUrl: 'string'
  },
  /** `id` is 0 for the main thread, else the worker's threadId. */
  threads: { id: 'u32', name: 'string', resource: 'resources' },
  /** Heads of the OTLP profiles that the samples came in: one sample type on one thread over one stretch of time. */
  profiles: {
    resource: 'resources',
    scope: 'scopes',
    thread: 'threads',
    time: 'time',
    duration: 'f64',
    /** 'wall' (the sampler), 'log' (a log call's stack), 'span' (where a span was started), 'heap'; others of other profilers. */
    sampleType: 'string',
    sampleUnit: 'string',
    periodType: 'string',
    periodUnit: 'string',
    /** In periodUnit; nanoseconds for 'wall'. */
    period: 'f64',
    profileId: 'blob',
    attributes: 'set',
    droppedAttributes: 'u32',
    /** The OTLP request it came in where the tables can't hold all of it; export gives this back and skips its samples. */
    original: 'blob'
  },
  samples: {
    time: 'time',
    stack: 'stacks',
    link: 'links',
    profile: 'profiles',
    /** In the profile's sampleUnit; 1 for counts. */
    value: 'f64',
    attributes: 'set'
  },
  spans: {
    traceId: 'id16',
    spanId: 'id8',
    parentSpanId: 'id8',
    traceState: 'string',
    flags: 'u32',
    name: 'string',
    /** As in OTLP: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
    kind: 'u8',
    start: 'time',
    end: 'time',
    /** As in OTLP: 0 unset, 1 ok, 2 error. */
    statusCode: 'u8',
    statusMessage: 'string',
    attributes: 'set',
    droppedAttributes: 'u32',
    /** Its events are eventCount rows of `events` from eventStart on; -1 where it has none. The same for links. */
    eventStart: 'events',
    eventCount: 'u32',
    droppedEvents: 'u32',
    linkStart: 'spanLinks',
    linkCount: 'u32',
    droppedLinks: 'u32',
    resource: 'resources',
    scope: 'scopes'
  },
  events: { time: 'time', name: 'string', attributes: 'set', droppedAttributes: 'u32' },
  spanLinks: {
    link: 'links',
    traceState: 'string',
    flags: 'u32',
    attributes: 'set',
    droppedAttributes: 'u32'
  },
  logs: {
    time: 'time',
    observedTime: 'time',
    /** OTLP severity number: 1–4 trace, 5–8 debug, 9–12 info, 13–16 warn, 17–20 error, 21–24 fatal. */
    severity: 'u8',
    severityText: 'string',
    eventName: 'string',
    /** A set of one attribute without a key; 0 where there is no body. */
    body: 'set',
    link: 'links',
    flags: 'u32',
    attributes: 'set',
    droppedAttributes: 'u32',
    resource: 'resources',
    scope: 'scopes'
  },
  /** A metric with one set of attributes: gauges and sums of numbers. Everything else is in `opaque`. */
  series: {
    name: 'string',
    description: 'string',
    unit: 'string',
    /** 0 gauge, 1 sum. */
    kind: 'u8',
    temporality: 'u8',
    monotonic: 'u8',
    attributes: 'set',
    /** 0 int, 1 double. */
    valueType: 'u8',
    resource: 'resources',
    scope: 'scopes'
  },
  points: { series: 'series', time: 'time', startTime: 'time', value: 'f64', flags: 'u32' },
  /** What the tables can't hold, kept as it came: one OTLP export request (protobuf) each. */
  opaque: {
    /** 0 traces, 1 logs, 2 metrics, 3 profiles. */
    signal: 'u8',
    request: 'blob',
    from: 'time',
    to: 'time'
  }
} as const satisfies Record<string, Record<string, ColumnKind>>

/** Tables whose rows are interned: equal rows are one row, and other tables point at them. */
export const internedTables = [
  'frames',
  'stacks',
  'links',
  'resources',
  'scopes',
  'threads',
  'series'
] as const

export type NumberKind = 'time' | 'f64' | 'u32' | 'u8' | 'id16' | 'id8'
export type ReferenceKind =
  | 'string'
  | 'blob'
  | 'set'
  | 'frames'
  | 'stacks'
  | 'links'
  | 'resources'
  | 'scopes'
  | 'threads'
  | 'profiles'
  | 'events'
  | 'spanLinks'
  | 'series'
export type ColumnKind = NumberKind | ReferenceKind

export type TableName = keyof typeof schema
export type InternedTableName = (typeof internedTables)[number]

/** The array that holds a column of a kind; id16 and id8 take 16 and 8 elements a row. */
export type ColumnArray<K extends ColumnKind> = K extends 'time' | 'f64'
  ? Float64Array
  : K extends 'u32'
    ? Uint32Array
    : K extends 'u8' | 'id16' | 'id8'
      ? Uint8Array
      : Int32Array

/** What a row holds for a column when it is pushed: numbers, or the bytes of an id. */
export type CellOf<K extends ColumnKind> = K extends 'id16' | 'id8' ? Uint8Array : number

export type Table<Name extends TableName> = { readonly length: number } & {
  readonly [Column in keyof (typeof schema)[Name]]: ColumnArray<(typeof schema)[Name][Column] & ColumnKind>
}
export type Row<Name extends TableName> = {
  [Column in keyof (typeof schema)[Name]]: CellOf<(typeof schema)[Name][Column] & ColumnKind>
}

/** The type of an attribute's value, and what its number means. */
export const attributeType = {
  /** No value at all. */
  empty: 0,
  /** Row of `strings`. */
  string: 1,
  /** 0 or 1. */
  bool: 2,
  /** A safe integer. */
  int: 3,
  double: 4,
  /** An integer beyond 2^53: row of `strings`, in decimal. */
  bigint: 5,
  /** Row of `blobs`. */
  bytes: 6,
  /** An array or a key-value list: row of `blobs`, the protobuf of its AnyValue. */
  nested: 7
} as const
export type AttributeType = (typeof attributeType)[keyof typeof attributeType]

/** Sets of attributes: set s holds the entries from start[s] to start[s + 1]. Set 0 is empty. */
export interface AttributeSets {
  readonly length: number
  readonly start: Uint32Array
  /** Row of `strings`. */
  readonly key: Int32Array
  readonly type: Uint8Array
  readonly value: Float64Array
}

export type Tables = { readonly [Name in TableName]: Table<Name> }

/** What one process told from its start to its end, or a slice of that: frozen tables. */
export interface Recording extends Tables {
  /** Unix time in ns that the time columns count from. */
  readonly epoch: bigint
  /** Row 0 is ''. */
  readonly strings: readonly string[]
  readonly blobs: readonly Uint8Array[]
  readonly sets: AttributeSets
}
