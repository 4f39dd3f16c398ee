import { stripVTControlCharacters } from 'node:util'
import type { LogAttributes } from '../record-sink.ts'
import { firstOutside, pickedSite } from './call-site.ts'
import { exceptionAttributes, exceptionOfStack } from './exceptions.ts'
import { attributesOfFields, isError, isPlainObject, textOfFields } from './log-fields.ts'
import type { LogCall, LogCapture } from './log-capture.ts'
import { isFileOf, type LoggerModule } from './logger-modules.ts'
import type { LoggerLevel } from './severities.ts'

const levels = {
  verbose: { number: 6, text: 'verbose' },
  debug: { number: 5, text: 'debug' },
  log: { number: 9, text: 'log' },
  warn: { number: 13, text: 'warn' },
  error: { number: 17, text: 'error' },
  fatal: { number: 21, text: 'fatal' }
} as const satisfies Record<string, LoggerLevel>

type Level = keyof typeof levels
type Log = (this: ConsoleLogger, ...args: unknown[]) => unknown
type Stringify = (this: ConsoleLogger, message: unknown, ...rest: unknown[]) => unknown

interface ConsoleLogger extends Partial<Record<Level, Log>> {
  context?: unknown
  isLevelEnabled?(level: string): boolean
  stringifyMessage?: Stringify
}

interface Buffered {
  methodRef?: (...args: unknown[]) => unknown
}

interface Logger {
  attachBuffer?: () => unknown
  isBufferAttached?: boolean
  logBuffer?: Buffered[]
}

const isNestFile = isFileOf('@nestjs/common')
const facadeFile = /[\\/]@nestjs[\\/]common[\\/]services[\\/]logger\.service\.js$/

/** The logger of NestJS, from 8 on. What its `Logger` hands on to a logger of another kind is that one's call. */
export function nestModules(capture: LogCapture): LoggerModule[] {
  return [
    {
      file: '@nestjs/common/services/console-logger.service.js',
      patch: exports => patchConsoleLogger(capture, (exports as { ConsoleLogger: Class }).ConsoleLogger)
    },
    {
      file: '@nestjs/common/services/logger.service.js',
      patch: exports => patchBuffer(capture, (exports as { Logger: Logger }).Logger)
    }
  ]
}

interface Class {
  prototype: ConsoleLogger
}

function patchConsoleLogger(capture: LogCapture, { prototype }: Class): () => void {
  /** What functions that stand for a message gave when they were printed. */
  const told = new Map<unknown, unknown>()
  const undo = (Object.keys(levels) as Level[]).map(level => {
    const original = prototype[level]
    if (typeof original !== 'function') return () => {}
    const patched: Log = function (...args) {
      if (capture.isInside() || this.isLevelEnabled?.(level) === false) return original.apply(this, args)
      return capture.call(
        () => {
          told.clear()
          return original.apply(this, args)
        },
        () => () => ({
          ...callOf(level, args, this.context, told),
          site: pickedSite(patched, sites => callerOf(sites, this, prototype))
        })
      )
    }
    return replaced(prototype, level, original, patched)
  })
  const stringify = prototype.stringifyMessage
  if (typeof stringify === 'function') {
    const patched: Stringify = function (message, ...rest) {
      const text = stringify.call(this, message, ...rest)
      if (typeof message === 'function') told.set(message, text)
      return text
    }
    undo.push(replaced(prototype, 'stringifyMessage', stringify, patched))
  }
  return () => {
    for (const step of undo) step()
  }
}

function replaced<Name extends Level | 'stringifyMessage'>(
  prototype: ConsoleLogger,
  name: Name,
  original: ConsoleLogger[Name],
  patched: ConsoleLogger[Name]
): () => void {
  prototype[name] = patched
  return () => {
    if (prototype[name] === patched) prototype[name] = original
  }
}

/**
 * Under Nest's `Logger`, who called that: what lies between is the program's way of logging. Else the first outside of
 * Nest's files and of the methods of the logger's own class.
 */
function callerOf(
  sites: readonly NodeJS.CallSite[],
  logger: ConsoleLogger,
  prototype: ConsoleLogger
): NodeJS.CallSite | undefined {
  const names = new Set<string | null>()
  for (let at: unknown = logger; at !== null && at !== prototype; at = Object.getPrototypeOf(at)) {
    names.add((at as object).constructor.name)
  }
  const facade = sites.findLastIndex(site => facadeFile.test(site.getFileName() ?? ''))
  const isOwn = (site: NodeJS.CallSite): boolean => facade < 0 && names.has(site.getTypeName())
  return firstOutside(sites.slice(facade + 1), (path, site) => isNestFile(path) || isOwn(site)) ?? sites[0]
}

/** By the same rules as Nest reads its arguments. */
function callOf(
  level: Level,
  args: readonly unknown[],
  own: unknown,
  told: ReadonlyMap<unknown, unknown>
): Omit<LogCall, 'site'> {
  const { messages, stack, context } = readArguments(level, args, own)
  const texts: string[] = []
  const fields: LogAttributes = {}
  const error = messages.find(isError)
  // What stands for the text where nothing else does: of fields and errors there is more in the attributes.
  let otherwise = ''
  for (const message of messages) {
    if (isPlainObject(message)) {
      Object.assign(fields, attributesOfFields(message))
      otherwise ||= textOfFields(message)
    } else if (isError(message)) otherwise ||= message.message
    else texts.push(textOf(message, told))
  }
  const attributes: LogAttributes = {
    ...fields,
    ...(error === undefined ? exceptionOfStack(stack) : exceptionAttributes(error))
  }
  if (typeof context === 'string' && context !== '') attributes.context = context
  return {
    severity: levels[level],
    body: texts.length === 0 ? otherwise : stripVTControlCharacters(texts.join('\n')),
    attributes
  }
}

interface NestArguments {
  messages: unknown[]
  stack: unknown
  context: unknown
}

function readArguments(level: Level, args: readonly unknown[], own: unknown): NestArguments {
  const messages = [...args]
  if (level === 'error' && args.length === 2 && stackStart.test(String(args[1]))) {
    return { messages: [args[0]], stack: args[1], context: own }
  }
  const context = args.length > 1 && typeof args.at(-1) === 'string' ? messages.pop() : own
  const last = messages.at(-1)
  const hasStack =
    level === 'error' && messages.length > 1 && (last === undefined || typeof last === 'string')
  return { messages, stack: hasStack ? messages.pop() : undefined, context }
}

const stackStart = /^(.)+\n\s+at .+:\d+:\d+/

function textOf(message: unknown, told: ReadonlyMap<unknown, unknown>): string {
  if (typeof message === 'function') return String(told.get(message) ?? '')
  return typeof message === 'object' && message !== null ? textOfFields(message) : String(message)
}

/** Where an application buffers what is logged until it has its logger: a call counts as made when it was. */
function patchBuffer(capture: LogCapture, logger: Logger): () => void {
  const attach = logger.attachBuffer
  if (typeof attach !== 'function') return () => {}
  const undo: (() => void)[] = []
  const watch = (): void => {
    const buffer = logger.logBuffer
    if (!Array.isArray(buffer) || Object.hasOwn(buffer, 'push')) return
    const push = (...items: Buffered[]): number => {
      for (const item of items) {
        const { methodRef } = item
        if (typeof methodRef === 'function') item.methodRef = capture.later(methodRef, push, isNestFile)
      }
      return Array.prototype.push.apply(buffer, items)
    }
    Object.defineProperty(buffer, 'push', { configurable: true, enumerable: false, value: push })
    undo.push(() => void Reflect.deleteProperty(buffer, 'push'))
  }
  const patched = function (this: unknown): unknown {
    const result = attach.call(this)
    watch()
    return result
  }
  logger.attachBuffer = patched
  if (logger.isBufferAttached === true) watch()
  return () => {
    for (const step of undo) step()
    if (logger.attachBuffer === patched) logger.attachBuffer = attach
  }
}
