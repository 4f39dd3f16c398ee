// What the sources hand to the sender. Plain structured-cloneable data: linking happens here in the thread that
// recorded, encoding, compressing and sending in the sender's worker.
import type { SpanReference, ThreadProfile } from '../otlp/thread-profile.ts'

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

/** Must not throw and must not block: the program is on the stack. */
export interface RecordSink {
  log(record: LogRecord): void
  statuses(points: StatusPoints): void
  profile(profile: LinkedProfile): void
}
