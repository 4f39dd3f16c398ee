// What the sources hand to the sender. Plain structured-cloneable data: linking happens here in the thread that
// recorded, encoding, compressing and sending in the sender's worker.
import type { SpanReference, ThreadProfile } from '../otlp/thread-profile.ts'
import type { ItemCounts } from './send/item-ledger.ts'

export type { SpanReference }

/** One thread's stacks over one rotation. */
export type LinkedProfile = ThreadProfile

/** Where in the program something was called. Line and column are 1-based, 0 unknown. */
export interface CodeLocation {
  functionName: string
  /** As V8 names the file: a file URL or an absolute path. */
  filePath: string
  line: number
  column: number
}

export type LogAttributes = Record<string, string | number | boolean>

/** Names that a logger gives the text and the error in its lines of JSON. */
export interface LineKeys {
  readonly message: string
  readonly error: string
}

interface Logged {
  /** OpenTelemetry severity number, 1–24, and the level's name. */
  severityNumber: number
  severityText: string
  body: string
  uid: string
  threadId: number
  span: SpanReference | undefined
}

/** A log call as its thread hands it over: texts are cut, and not redacted yet. */
export interface CapturedLog extends Logged {
  timeUnixUs: number
  site: CodeLocation | undefined
  /** May be shared between calls. */
  attributes: LogAttributes
  /** Further attributes, and the body where that is empty, as the logger's own JSON. */
  line: { text: string; keys: LineKeys } | undefined
}

export interface LogRecord extends Logged {
  timeUnixNano: bigint
  attributes: Record<string, string | number | boolean | readonly string[]>
  /** Of our own entries; the program's log calls have none. */
  eventName?: string
}

/** Gauges read together, a batch of times by a few metrics. A value that wasn't measured is NaN. */
export interface StatusPoints {
  threadId: number
  /** Where it isn't known already: of a thread that may never hand over a profile. */
  threadName?: string
  timeUnixNano: BigInt64Array
  metrics: { name: string; unit: string; values: Float64Array }[]
}

/** The source map of a file that was compiled in memory, where only the thread that runs it has one. */
export interface GivenMap {
  url: string
  /** Version 3 of https://tc39.es/ecma426/ */
  map: { mappings: string } & Record<string, unknown>
}

/** Must not throw and must not block: the program is on the stack. */
export interface RecordSink {
  /** An entry of our own. */
  log(record: LogRecord): void
  /** A call of the program's. */
  logCall(log: CapturedLog): void
  statuses(points: StatusPoints): void
  profile(profile: LinkedProfile): void
  sourceMap(map: GivenMap): void
  /** Counts what was lost before it could be handed over. */
  lose(counts: ItemCounts): void
}
