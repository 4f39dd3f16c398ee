import { context, createContextKey, ROOT_CONTEXT, type Context, type Span } from '@opentelemetry/api'
import { randomBytes } from 'node:crypto'
import type { LogEmission } from '../options.ts'
import type { CapturedLog, CodeLocation, LogAttributes } from '../record-sink.ts'
import { activeSpan, type ActiveSpan } from '../spans/span-state.ts'
import { siteUnder, type IsLoggerFile } from './call-site.ts'
import { cutAttributes, cutText } from './cut.ts'
import { SecondLimit, SpanLimit } from './event-limits.ts'
import { codeAttributes, redactedAttributes } from './log-columns.ts'
import { readPinoLine } from './pino-line.ts'
import { createRedactor, patternsOf, type RedactRule } from './redaction.ts'
import { levelOf, severityOfNumber, type LoggerLevel, type Severity } from './severities.ts'

/** One call of a logger, as its source saw it. */
export interface LogCall {
  severity: Severity | LoggerLevel
  body: string
  attributes: LogAttributes
  /** Where the program called from. */
  site: CodeLocation | undefined
  /** Further fields, as the JSON that the logger made of them. */
  line?: CapturedLog['line']
}

/** A call that runs nothing of the program's. */
export interface PlainLogCall extends Omit<LogCall, 'site'> {
  /** What the program called: the place is under it; undefined where there is none. */
  below: ((...args: never[]) => unknown) | undefined
  /** Files that only pass the call on: the place is the first outside of them, where there is one. */
  isLoggerFile?: IsLoggerFile
}

export interface LogCapture {
  /**
   * Runs a call of a logger; within another one, which is the one that counts, it is only run. `heard` is asked when it
   * is over, even where it threw, for how to make what is recorded of it: undefined where it logged nothing after all.
   */
  call<Result>(run: () => Result, heard: () => (() => LogCall) | undefined): Result
  record(call: PlainLogCall): void
  /** What logs when it is run, as a call of now and here: one that the logger holds back and prints later. */
  later<Args extends unknown[], Result>(
    run: (...args: Args) => Result,
    below: (...args: never[]) => unknown,
    isLoggerFile: IsLoggerFile
  ): (...args: Args) => Result
  /** A call is running. */
  isInside(): boolean
  /** False where a call would only be counted. */
  hasRoom(): boolean
  /** Of the call that is running; undefined outside of one. */
  currentUid(): string | undefined
}

export interface LogCaptureOptions {
  emit: LogEmission
  eventsPerSecond: number
  eventsPerSpan: number
  redact: readonly RedactRule[]
  threadId: number
  sendLog(log: CapturedLog): void
  /** Counts log calls that aren't recorded. */
  onLost(count: number): void
  /** Keeps the stack of the call that is running now, under the record's uid. */
  markStack(uid: string, span: Span | undefined): void
  unixUs(): number
}

/** When and where a call was made that is printed later. */
interface Moment {
  timeUnixUs: number
  active: Context
  site: CodeLocation | undefined
}

const longestEventBody = 2 * 1024

const suppressTracing = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING')

/** Turns calls of console and loggers into log records and span events. Never throws into the program. */
export function createLogCapture(options: LogCaptureOptions): LogCapture {
  const nextUid = createUids()
  const perSecond = new SecondLimit(options.eventsPerSecond)
  const perSpan = new SpanLimit(options.eventsPerSpan)
  const redactor = createRedactor(options.redact)
  // The sender redacts by patterns. A function of the program's can only be asked here.
  const redactHere = patternsOf(options.redact).length < options.redact.length
  let inside = false
  let uid: string | undefined
  // Of the call that was admitted last.
  let timeUnixUs = 0
  let active = ROOT_CONTEXT
  let made: Moment | undefined

  const write = (call: LogCall, span: ActiveSpan | undefined): void => {
    const ownUid = uid ?? nextUid()
    const level = typeof call.severity === 'string' ? levelOf(call.severity) : call.severity
    const cut = cutText(call.body)
    const log: CapturedLog = {
      timeUnixUs,
      severityNumber: level.number,
      severityText: level.text,
      body: cut,
      uid: ownUid,
      threadId: options.threadId,
      span: span && { traceId: span.traceId, spanId: span.spanId, flags: span.flags },
      site: made?.site ?? call.site,
      attributes: cutAttributes(call.attributes, cut !== call.body),
      line: call.line
    }
    if (redactHere) redactInPlace(log)
    // The stack of now isn't that of then.
    if (made === undefined) options.markStack(ownUid, span?.span)
    const onSpan = span?.recording === true && options.emit !== 'log-record'
    if (!onSpan || options.emit === 'both') options.sendLog(log)
    if (onSpan) addEvent(span.span, log)
  }

  const addEvent = (span: Span, log: CapturedLog): void => {
    const text = log.body !== '' || log.line === undefined ? log.body : log.line.text
    const body = cutText(redactor.text(text), longestEventBody)
    const lost = perSpan.take(span, body.length + 200)
    if (lost > 0) {
      span.setAttribute('microlog.dropped.events', lost)
      if (options.emit === 'span-event') options.onLost(1)
      return
    }
    span.addEvent(
      'log',
      {
        'log.severity': severityOfNumber(log.severityNumber),
        'log.body': body,
        'log.record.uid': log.uid,
        ...codeAttributes(log.site)
      },
      log.timeUnixUs / 1000
    )
  }

  const redactInPlace = (log: CapturedLog): void => {
    if (log.line !== undefined) {
      const { body, attributes } = readPinoLine(log.line.text, log.line.keys)
      log.body ||= body
      log.attributes = { ...attributes, ...log.attributes }
      log.line = undefined
    }
    log.body = redactor.text(log.body)
    log.attributes = redactedAttributes(log.attributes, redactor)
  }

  const admit = (): boolean => {
    active = made?.active ?? context.active()
    if (active.getValue(suppressTracing) === true) return false
    const now = options.unixUs()
    timeUnixUs = made?.timeUnixUs ?? now
    if (perSecond.take(now / 1000)) return true
    options.onLost(1)
    return false
  }
  const hear = (heard: () => (() => LogCall) | undefined): void => {
    try {
      const make = heard()
      if (make !== undefined && admit()) write(make(), activeSpan(active))
    } catch {
      // A log call that can't be recorded is still the program's log call.
      options.onLost(1)
    }
  }
  const call: LogCapture['call'] = (run, heard) => {
    if (inside) return run()
    inside = true
    try {
      return run()
    } finally {
      // What formatting, redaction or a span's listeners log meanwhile would never end: still inside.
      try {
        hear(heard)
      } catch {
        // The program has used up its stack. To leave needs none: else no call would be recorded any more.
      } finally {
        inside = false
        uid = undefined
        active = ROOT_CONTEXT
      }
    }
  }
  return {
    call,
    record({ below, isLoggerFile, ...parts }) {
      call(
        () => {},
        () => () => ({ ...parts, site: below && siteUnder(below, isLoggerFile) })
      )
    },
    later(run, below, isLoggerFile) {
      const moment = {
        timeUnixUs: options.unixUs(),
        active: context.active(),
        site: siteUnder(below, isLoggerFile)
      }
      return (...args) => {
        const before = made
        made = moment
        try {
          return run(...args)
        } finally {
          made = before
        }
      }
    },
    isInside: () => inside,
    hasRoom: () => perSecond.hasRoom(options.unixUs() / 1000),
    currentUid: () => (inside ? (uid ??= nextUid()) : undefined)
  }
}

/** Short, and its own in every thread of every process: random, then counted. */
function createUids(): () => string {
  const prefix = BigInt(`0x${randomBytes(6).toString('hex')}`).toString(36)
  let count = 0
  return () => `${prefix}-${(count++).toString(36)}`
}
