import { format } from 'node:util'
import type { LogAttributes } from '../record-sink.ts'
import { callSite } from './call-site.ts'
import { exceptionAttributes } from './exceptions.ts'
import { attributesOfFields, isError, isPlainObject, textOfFields } from './log-fields.ts'
import type { LogCall, LogCapture } from './log-capture.ts'
import { isFileOf, type LoggerModule } from './logger-modules.ts'
import { numberOfTens, type LoggerLevel } from './severities.ts'

interface LoggingEvent {
  categoryName?: unknown
  level?: { level?: number; levelStr?: string }
  data?: unknown
  context?: unknown
}

type Send = (this: unknown, event: LoggingEvent, ...rest: unknown[]) => unknown

const isLog4jsFile = isFileOf('log4js')

/**
 * log4js from 3 on, where a call is on its way to the appenders: above that it may read its caller's line off its own
 * stack, by the number of frames. What a cluster's primary prints for its workers was recorded in these.
 */
export function log4jsModule(capture: LogCapture): LoggerModule {
  return {
    file: 'log4js/lib/clustering.js',
    patch(exports) {
      const clustering = exports as { send?: Send }
      const original = clustering.send
      if (typeof original !== 'function') return () => {}
      const patched: Send = function (event, ...rest) {
        return capture.call(
          () => original.call(this, event, ...rest),
          () => () => ({ ...callOf(event), site: callSite(patched, isLog4jsFile) })
        )
      }
      clustering.send = patched
      return () => {
        if (clustering.send === patched) clustering.send = original
      }
    }
  }
}

function callOf({ level, data, context, categoryName }: LoggingEvent): Omit<LogCall, 'site'> {
  const items = Array.isArray(data) ? (data as unknown[]) : [data]
  const attributes: LogAttributes = {}
  for (const fields of [context, ...items]) {
    if (isPlainObject(fields)) Object.assign(attributes, attributesOfFields(fields))
  }
  const error = items.find(item => isError(item))
  if (error !== undefined) Object.assign(attributes, exceptionAttributes(error))
  if (typeof categoryName === 'string') attributes.category = categoryName
  return {
    severity: severityOf(level),
    body: textOf(items),
    attributes
  }
}

/** Its levels are thousands from DEBUG's 10; TRACE is nearer to that, and MARK above all of them, though it is no error. */
function severityOf({ level, levelStr = 'INFO' }: NonNullable<LoggingEvent['level']> = {}): LoggerLevel {
  const text = levelStr.toLowerCase()
  const number = text === 'trace' ? 1 : text === 'mark' ? 9 : numberOfTens((level ?? NaN) / 1000 + 10)
  return { number, text }
}

/** Objects as their fields are told: to inspect them would run the program's `inspect` and getters a second time. */
function textOf([first, ...rest]: readonly unknown[]): string {
  const template = typeof first === 'string' ? first.replaceAll(/%[joO]/g, '%s') : plain(first)
  return format(template, ...rest.map(plain))
}

function plain(item: unknown): unknown {
  if (isError(item)) return item.message
  if (typeof item === 'function') return `[Function: ${item.name}]`
  return typeof item === 'object' && item !== null ? textOfFields(item) : item
}
