import { format, stripVTControlCharacters } from 'node:util'
import type { LogAttributes } from '../record-sink.ts'
import { callSite } from './call-site.ts'
import { exceptionAttributes } from './exceptions.ts'
import { attributesOfFields, isError, textOfFields } from './log-fields.ts'
import type { LogCall, LogCapture } from './log-capture.ts'
import { isFileOf, type LoggerModule } from './logger-modules.ts'
import { numberOfName } from './severities.ts'

type Info = Record<PropertyKey, unknown>

interface Logger {
  levels?: Record<string, number>
  silent?: boolean
  isLevelEnabled?(level: string): boolean
}

type Write = (this: Logger, info: unknown, ...rest: unknown[]) => unknown
type Push = (this: Logger, chunk: unknown, ...rest: unknown[]) => unknown

const levelKey = Symbol.for('level')
const splatKey = Symbol.for('splat')
const told = new Set(['level', 'message', 'timestamp', 'splat', 'stack'])
const isWinstonFile = isFileOf('winston', 'readable-stream', 'winston-transport', 'logform')

export function winstonModules(capture: LogCapture): LoggerModule[] {
  return [
    { file: 'winston/lib/winston/logger.js', patch: exports => patchLogger(capture, exports) },
    // A crowded logger prints later: that is a call which was recorded when it was made.
    { file: 'winston/lib/winston/transports/console.js', patch: exports => muteTransport(capture, exports) }
  ]
}

function patchLogger(capture: LogCapture, exports: unknown): () => void {
  const { prototype } = exports as { prototype: { write: Write; push: Push } }
  const { write, push } = prototype
  /** What the logger's format made of it, the program's own redaction included. */
  let formatted: unknown
  let pushed = false
  const patchedPush: Push = function (chunk, ...rest) {
    if (!pushed) formatted = chunk
    pushed = true
    return push.call(this, chunk, ...rest)
  }
  const patchedWrite: Write = function (info, ...rest) {
    if (typeof info !== 'object' || info === null || capture.isInside())
      return write.call(this, info, ...rest)
    const fields = info as Info
    let make: (() => LogCall) | undefined
    return capture.call(
      () => {
        pushed = false
        // Formats may change the object itself.
        const splat = fields[splatKey]
        const message = fields.message
        const result = write.call(this, info, ...rest)
        // `false` where a format filtered it out; nothing yet where the logger is crowded.
        const shown = pushed ? formatted : fields
        if (typeof shown === 'object' && shown !== null) {
          make = () => ({
            ...callOf(this, shown as Info, { fields, splat, message }),
            site: callSite(patchedWrite, isWinstonFile)
          })
        }
        return result
      },
      () => {
        formatted = undefined
        return make !== undefined && isShown(this, fields) ? make : undefined
      }
    )
  }
  prototype.write = patchedWrite
  prototype.push = patchedPush
  return () => {
    // Both are inherited, from the stream.
    if (prototype.write === patchedWrite) Reflect.deleteProperty(prototype, 'write')
    if (prototype.push === patchedPush) Reflect.deleteProperty(prototype, 'push')
  }
}

function isShown(logger: Logger, info: Info): boolean {
  const level = levelOf(info)
  return logger.silent !== true && logger.isLevelEnabled?.(level) !== false
}

function levelOf(info: Info): string {
  const level = info[levelKey] ?? info.level
  return typeof level === 'string' ? level : 'info'
}

interface Given {
  fields: Info
  splat: unknown
  message: unknown
}

function callOf(logger: Logger, shown: Info, given: Given): Omit<LogCall, 'site'> {
  const level = levelOf(given.fields)
  return {
    severity: { number: numberOfName(level, logger.levels), text: level },
    body: textOf(shown.message, given),
    attributes: { ...attributesOfFields(shown, told), ...exceptionOf(shown, given) }
  }
}

/** Without its format `splat`, winston leaves `%s` as it is. */
function textOf(message: unknown, { splat, message: before }: Given): string {
  if (isError(message)) return message.message
  if (typeof message === 'object' && message !== null) return textOfFields(message)
  if (typeof message !== 'string') return message === undefined ? '' : String(message)
  const text =
    message === before && Array.isArray(splat) && /%[sdifjoOc]/.test(message)
      ? format(message, ...splat)
      : message
  return text.includes('\u001b') ? stripVTControlCharacters(text) : text
}

function exceptionOf(shown: Info, { fields, splat, message }: Given): LogAttributes {
  const candidates = [fields, message, shown.message, ...(Array.isArray(splat) ? (splat as unknown[]) : [])]
  const error = candidates.find(candidate => typeof candidate === 'object' && isError(candidate))
  if (error !== undefined) return exceptionAttributes(error)
  // What its format `errors` leaves of one.
  return typeof shown.stack === 'string' ? { 'exception.stacktrace': shown.stack } : {}
}

function muteTransport(capture: LogCapture, exports: unknown): () => void {
  const { prototype } = exports as { prototype: { log: (...args: unknown[]) => unknown } }
  const original = prototype.log
  const muted = function (this: unknown, ...args: unknown[]): unknown {
    return capture.call(
      () => original.apply(this, args),
      () => undefined
    )
  }
  prototype.log = muted
  return () => {
    if (prototype.log === muted) prototype.log = original
  }
}
