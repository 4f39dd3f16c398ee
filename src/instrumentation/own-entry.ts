import { randomBytes } from 'node:crypto'
import type { LogRecord, SpanReference } from './record-sink.ts'

export interface OwnEntry {
  timeUnixUs: number
  severity: 'INFO' | 'WARN'
  eventName: `microlog.${string}`
  body: string
  threadId: number
  attributes: LogRecord['attributes']
  span?: SpanReference | undefined
  uid?: string
}

/** An entry that the recorder itself puts into the log. Its event name tells it from the program's log calls. */
export function ownEntry(entry: OwnEntry): LogRecord {
  const { timeUnixUs, severity, eventName, body, threadId, attributes, span } = entry
  return {
    timeUnixNano: BigInt(Math.round(timeUnixUs)) * 1000n,
    severityNumber: severity === 'WARN' ? 13 : 9,
    severityText: severity,
    eventName,
    body,
    uid: entry.uid ?? ownUid(),
    threadId,
    span,
    attributes
  }
}

export function ownUid(): string {
  return `own-${BigInt(`0x${randomBytes(8).toString('hex')}`).toString(36)}`
}
