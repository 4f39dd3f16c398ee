// What the program's threads say to the sender's worker, and the few words of memory they share with it.
import type { AttributeMap } from '../../otlp/protobuf-writer.ts'
import type { WritableSpan } from '../../otlp/write-traces.ts'
import { noLogs, type LogColumns } from '../logs/log-columns.ts'
import type { RedactPattern } from '../logs/redaction.ts'
import type { DestinationSettings } from './destinations.ts'
import type { GivenMap, LinkedProfile, LogRecord, StatusPoints } from '../record-sink.ts'
import type { ItemCounts } from './item-ledger.ts'

export interface Records {
  /** Entries of our own. */
  logs: LogRecord[]
  /** The program's log calls, not redacted yet. */
  logCalls: LogColumns
  statuses: StatusPoints[]
  profiles: LinkedProfile[]
  spans: WritableSpan[]
  sourceMaps: GivenMap[]
  /** About how much memory they take. */
  bytes: number
}

export type SenderMessage =
  /** Who sends: nothing leaves before this is known. */
  | { kind: 'resource'; attributes: AttributeMap }
  /** Who sends if the program's loop never turns to tell us. */
  | { kind: 'assume'; attributes: AttributeMap }
  | { kind: 'records'; records: Records }
  /** Send all there is, within a time; `words.flushed` gets this number when that is done, or can't be. */
  | { kind: 'flush'; number: number; limitMs: number }
  /** Measure process figures, or no longer. */
  | { kind: 'measure'; on: boolean }

export type SenderWords = Int32Array<SharedArrayBuffer>

export interface SenderWorkerData {
  words: SenderWords
  /** Memory of the process's ItemLedger. */
  ledger: SharedArrayBuffer
  destinations: DestinationSettings
  version: string
  /** process.argv[1] of the program. */
  script?: string | undefined
  statusIntervalMs: number
  /** Worker threads of the program send their records here. */
  channel: string
  /** Says on stderr, once, that nobody takes the records. */
  notices: boolean
  queueLimitBytes: number
  /** What is a secret beyond what always is. */
  redact: readonly RedactPattern[]
}

/** Places in the shared words. */
export const word = {
  /** Bytes posted and not yet received by the worker. */
  inFlight: 0,
  /** The last flush that is done. */
  flushed: 1,
  /** 0 not known, 1 the collector answers, 2 it doesn't. */
  collector: 2,
  /** 1: the worker has said that nobody takes the records. */
  told: 3,
  /** 1: what threads of the program send is heard. */
  listening: 4
} as const

export const collectorAbsent = 2
export const collectorPresent = 1
export const wordCount = 5

/** Name of the channel on which this process's threads meet its sender. */
export function channelName(instanceId: string): string {
  return `microlog ${instanceId}`
}

export function noRecords(): Records {
  return { logs: [], logCalls: noLogs(), statuses: [], profiles: [], spans: [], sourceMaps: [], bytes: 0 }
}

export function countRecords({
  logs,
  logCalls,
  statuses,
  profiles,
  spans
}: Omit<Records, 'sourceMaps'>): Required<ItemCounts> {
  const counts = {
    logs: logs.length + logCalls.uid.length,
    samples: 0,
    spans: spans.length,
    stacks: 0,
    statuses: 0
  }
  for (const { timeUnixNano } of statuses) counts.statuses += timeUnixNano.length
  for (const { wall, logs, spanStarts } of profiles) {
    counts.samples += wall.stack.length
    counts.stacks += logs.stack.length + spanStarts.stack.length
  }
  return counts
}
