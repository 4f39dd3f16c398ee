import { context, createContextKey, type Span } from '@opentelemetry/api'
import { randomBytes } from 'node:crypto'
import type { LogEmission } from './options.ts'
import type { CodeLocation, LogRecord } from './record-sink.ts'
import { redactText, redactValue } from './redaction.ts'
import { activeSpan, type ActiveSpan } from './span-state.ts'
import { captureCallSite } from './stack-capture.ts'

/** One call of a logger, as its source saw it. */
export interface LogCall {
  severity: Severity
  body: string
  attributes: Record<string, string | number | boolean>
  /** The function the program called: the caller is the frame under it. */
  below: ((...args: never[]) => unknown) | undefined
}

export type Severity = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL'

export interface LogCapture {
  record(call: LogCall): void
  /** Tells what was lost since the last entry. */
  finish(): void
}

export interface LogCaptureOptions {
  emit: LogEmission
  threadId: number
  sendLog(record: LogRecord): void
  /** Keeps the stack of the call that is running now, under the record's uid. */
  markStack(uid: string): void
  unixUs(): number
}

const severityNumbers: Record<Severity, number> = {
  TRACE: 1,
  DEBUG: 5,
  INFO: 9,
  WARN: 13,
  ERROR: 17,
  FATAL: 21
}

/** Texts are cut here, in UTF-16 units; a collector cuts at 64 KiB. */
const longestBody = 32 * 1024
const longestEventBody = 2 * 1024
const mostEventsPerSpan = 100
const mostEventBytesPerSpan = 64 * 1024
/** A program that logs more than this for long loses the rest, counted: each call costs it 10 to 20 µs. */
const burstOfLogs = 20_000
const logsPerSecond = 4_000

const suppressTracing = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING')

/** Turns calls of console and loggers into log records and span events. Never throws into the program. */
export function createLogCapture(options: LogCaptureOptions): LogCapture {
  const uids = createUids()
  const eventRoom = createEventRoom()
  const rate = createRateLimit()
  let busy = false

  const write = (call: LogCall, span: ActiveSpan | undefined): void => {
    const uid = uids()
    const unixUs = options.unixUs()
    const site = call.below === undefined ? undefined : captureCallSite(call.below)
    const body = redactText(cut(call.body, longestBody))
    const code = codeAttributes(site)
    const attributes = Object.assign(redacted(call.attributes), code)
    const onSpan = span?.recording === true && options.emit !== 'log-record'
    options.markStack(uid)
    if (!onSpan || options.emit === 'both') {
      options.sendLog({
        timeUnixNano: BigInt(Math.round(unixUs)) * 1000n,
        severityNumber: severityNumbers[call.severity],
        severityText: call.severity,
        body,
        uid,
        threadId: options.threadId,
        span: span && { traceId: span.traceId, spanId: span.spanId, flags: span.flags },
        attributes
      })
    }
    if (!onSpan) return
    const eventBody = cut(body, longestEventBody)
    if (eventRoom(span.span, eventBody.length + 200)) {
      span.span.addEvent(
        'log',
        {
          'log.severity': call.severity,
          'log.body': eventBody,
          'log.record.uid': uid,
          ...code
        },
        unixUs / 1000
      )
    }
  }

  const record = (call: LogCall): void => {
    // What formatting, redaction or a span's listeners log meanwhile would never end.
    if (busy || context.active().getValue(suppressTracing) === true) return
    busy = true
    try {
      const lost = rate()
      if (lost === undefined) return
      if (lost > 0) write(lossCall(lost), undefined)
      write(call, activeSpan())
    } catch {
      // A log call that can't be recorded is still the program's log call.
      rate.lose()
    } finally {
      busy = false
    }
  }
  return {
    record,
    finish() {
      const lost = rate.takeLost()
      if (lost > 0) write(lossCall(lost), undefined)
    }
  }
}

function lossCall(lost: number): LogCall {
  const body = `microlog did not record ${lost} log calls: more than ${logsPerSecond} a second`
  return { severity: 'WARN', body, attributes: { 'microlog.dropped.logs': lost }, below: undefined }
}

function codeAttributes(site: CodeLocation | undefined): Record<string, string | number> {
  const attributes: Record<string, string | number> = {}
  if (site === undefined || site.filePath === '' || site.filePath.startsWith('node:')) return attributes
  if (site.functionName !== '') attributes['code.function.name'] = site.functionName
  attributes['code.file.path'] = site.filePath
  attributes['code.line.number'] = site.line
  attributes['code.column.number'] = site.column
  return attributes
}

function redacted(attributes: LogCall['attributes']): LogCall['attributes'] {
  const result: LogCall['attributes'] = {}
  for (const [name, value] of Object.entries(attributes)) {
    // Assigned, it would become the prototype.
    if (name === '__proto__') continue
    result[name] = redactValue(name, typeof value === 'string' ? cut(value, longestBody) : value)
  }
  return result
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`
}

/** Short, and its own in every thread of every process: random, then counted. */
function createUids(): () => string {
  const prefix = BigInt(`0x${randomBytes(6).toString('hex')}`).toString(36)
  let count = 0
  return () => `${prefix}-${(count++).toString(36)}`
}

/** An SDK keeps 128 events per span and loses the oldest: ours never crowd out the program's. */
function createEventRoom(): (span: Span, bytes: number) => boolean {
  const used = new WeakMap<Span, { events: number; bytes: number }>()
  return (span, bytes) => {
    let room = used.get(span)
    if (room === undefined) used.set(span, (room = { events: 0, bytes: 0 }))
    if (room.events >= mostEventsPerSpan || room.bytes + bytes > mostEventBytesPerSpan) return false
    room.events++
    room.bytes += bytes
    return true
  }
}

/** A bucket of calls. Undefined: not this one. A number: how many were lost before this one. */
function createRateLimit(): (() => number | undefined) & { takeLost(): number; lose(): void } {
  let left = burstOfLogs
  let filledMs = performance.now()
  let lost = 0
  const take = (): number | undefined => {
    const now = performance.now()
    left = Math.min(burstOfLogs, left + ((now - filledMs) / 1000) * logsPerSecond)
    filledMs = now
    if (left < 1) {
      lost++
      return undefined
    }
    left--
    return takeLost()
  }
  const takeLost = (): number => {
    const before = lost
    lost = 0
    return before
  }
  return Object.assign(take, { takeLost, lose: () => void lost++ })
}
