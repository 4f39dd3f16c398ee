// What the program's threads say to the sender's worker, and the few words of memory they share with it.
import type { AttributeMap } from '../otlp/protobuf-writer.ts'
import type { WritableSpan } from '../otlp/write-traces.ts'
import type { DestinationSettings } from './destinations.ts'
import type { LinkedProfile, LogRecord, StatusPoints } from './record-sink.ts'
import type { Identity } from './resource.ts'
import type { SignalName } from './send-queue.ts'

export interface Records {
  logs: LogRecord[]
  statuses: StatusPoints[]
  profiles: LinkedProfile[]
  spans: WritableSpan[]
  /** About how much memory they take. */
  bytes: number
  /** Given up before they came this far. */
  dropped: Partial<Record<SignalName, number>>
}

export type SenderMessage =
  /** Who sends: nothing leaves before this is known. */
  | { kind: 'resource'; attributes: AttributeMap }
  /** Who sends if the program's loop never turns to tell us. */
  | { kind: 'assume'; attributes: AttributeMap }
  | { kind: 'records'; records: Records }
  /** Send all there is; `words.flushed` gets this number when that is done, or can't be. */
  | { kind: 'flush'; number: number }
  /** Measure process figures, or no longer. */
  | { kind: 'measure'; on: boolean }

export interface SenderWorkerData {
  words: Int32Array<SharedArrayBuffer>
  destinations: DestinationSettings
  version: string
  statusIntervalMs: number
  memoryIntervalMs: number
  /** Worker threads of the program send their records here. */
  channel: string
  /** Says on stderr, once, that nobody takes the records. */
  notices: boolean
  queueLimitBytes: number
}

/** Places in the shared words. */
export const word = {
  /** Bytes posted and not yet received by the worker. */
  inFlight: 0,
  /** The last flush that is done. */
  flushed: 1,
  /** 0 not known, 1 the collector answers, 2 it doesn't. */
  collector: 2
} as const

export const collectorAbsent = 2
export const collectorPresent = 1
export const wordCount = 4

/** Name of the channel on which this process's threads meet its sender. */
export function channelName(instanceId: string): string {
  return `microlog ${instanceId}`
}

export function noRecords(): Records {
  return { logs: [], statuses: [], profiles: [], spans: [], bytes: 0, dropped: {} }
}

/** What worker threads of the program learn from the main thread, as environment data. */
export interface ThreadData {
  channel: string
  /** Who the process is: a thread's own SDK has to say the same. */
  identity: Identity
}

export const threadDataKey = 'microlog'
