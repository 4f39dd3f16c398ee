import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { callSite } from './call-site.ts'
import type { LogCall, LogCapture } from './log-capture.ts'
import { isFileOf, type LoggerModule } from './logger-modules.ts'
import { numberOfTens } from './severities.ts'

type Instance = Record<PropertyKey, unknown> & { levels?: { labels?: Record<number, string> } }
type Write = (this: Instance, fields: unknown, message: unknown, level: number) => void
type AsJson = (this: Instance, ...args: unknown[]) => unknown

const isPinoFile = isFileOf('pino')

/** Every pino since version 6, whether it was loaded before us or comes later. */
export function pinoModule(capture: LogCapture): LoggerModule {
  return {
    file: 'pino/lib/proto.js',
    patch(exports) {
      const instance: unknown = typeof exports === 'function' ? (exports as () => unknown)() : exports
      const prototype = Object.getPrototypeOf(instance) as Instance
      const write = symbolOf(prototype, 'pino.write')
      const asJson = symbolOf(prototype, 'pino.asJson')
      if (write === undefined || asJson === undefined) return () => {}
      return patchPrototype(capture, prototype, write, asJson)
    }
  }
}

function patchPrototype(capture: LogCapture, prototype: Instance, write: symbol, asJson: symbol): () => void {
  const originalWrite = prototype[write] as Write
  const originalAsJson = prototype[asJson] as AsJson
  const writing: { instance?: Instance | undefined; line?: unknown } = {}
  const patchedAsJson: AsJson = function (...args) {
    const text = originalAsJson.apply(this, args)
    // Of others, that the line is handed on to, not.
    if (this === writing.instance) writing.line ??= text
    return text
  }
  const patchedWrite: Write = function (fields, message, level) {
    // The line may be printed by another logger, and is written to a stream: that is this call, too.
    if (capture.isInside()) return originalWrite.call(this, fields, message, level)
    capture.call(
      () => {
        writing.instance = this
        writing.line = undefined
        originalWrite.call(this, fields, message, level)
      },
      () => {
        const written = writing.line
        writing.instance = writing.line = undefined
        if (typeof written !== 'string') return undefined
        return () => ({
          ...callOf(this, written, message, level),
          site: callSite(patchedWrite, isPinoFile)
        })
      }
    )
  }
  prototype[write] = patchedWrite
  prototype[asJson] = patchedAsJson
  return () => {
    if (prototype[write] === patchedWrite) prototype[write] = originalWrite
    if (prototype[asJson] === patchedAsJson) prototype[asJson] = originalAsJson
  }
}

function callOf(instance: Instance, line: string, message: unknown, level: number): Omit<LogCall, 'site'> {
  return {
    severity: { number: numberOfTens(level), text: instance.levels?.labels?.[level] ?? String(level) },
    body: typeof message === 'string' ? message : '',
    attributes: {},
    line: { text: line, keys: keysOf(instance) }
  }
}

function keysOf(instance: Instance): { message: string; error: string } {
  const found = keysOfInstances.get(instance)
  if (found !== undefined) return found
  const [message, error] = ['pino.messageKey', 'pino.errorKey'].map(description => {
    const key = inheritedSymbol(instance, description)
    return key === undefined ? undefined : instance[key]
  })
  const keys = {
    message: typeof message === 'string' ? message : 'msg',
    error: typeof error === 'string' ? error : 'err'
  }
  keysOfInstances.set(instance, keys)
  return keys
}

const keysOfInstances = new WeakMap<Instance, { message: string; error: string }>()

/** By description: each copy of pino has its own. A server makes an instance for each request, and to look for them takes its time. */
const knownSymbols = new Map<string, symbol[]>()

function inheritedSymbol(instance: object, description: string): symbol | undefined {
  const known = knownSymbols.get(description) ?? []
  const found = known.find(symbol => symbol in instance)
  if (found !== undefined) return found
  for (let at: unknown = instance; at !== null; at = Object.getPrototypeOf(at)) {
    const symbol = symbolOf(at as object, description)
    if (symbol === undefined) continue
    knownSymbols.set(description, [...known, symbol])
    return symbol
  }
  return undefined
}

function symbolOf(object: object, description: string): symbol | undefined {
  return Object.getOwnPropertySymbols(object).find(symbol => symbol.description === description)
}

/** What pino (from 9.8) publishes once a line is made: also by a copy in a bundle, which no module loader sees. */
const channel = 'tracing:pino_asJson:end'

interface PinoMessage {
  instance?: Instance
  arguments?: ArrayLike<unknown>
  /** The line, after the program's own serializers and redaction. */
  result?: unknown
}

export function captureBundledPino(capture: LogCapture): () => void {
  const listen = (published: unknown): void => {
    const { instance, arguments: args, result } = published as PinoMessage
    if (typeof result !== 'string' || instance === undefined) return
    const level = Number(args?.[2])
    const method = instance[instance.levels?.labels?.[level] ?? '']
    const below = typeof method === 'function' ? (method as () => unknown) : undefined
    // Within a call that is heard already, this changes nothing.
    capture.record({ ...callOf(instance, result, args?.[1], level), below })
  }
  subscribe(channel, listen)
  return () => void unsubscribe(channel, listen)
}
