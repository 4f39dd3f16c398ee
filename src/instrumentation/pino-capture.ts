import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { LogCapture, Severity } from './log-capture.ts'

/** What pino (from 9.8) publishes once a line is written: no import of pino, so any copy of it, ESM or CommonJS, is heard. */
const channel = 'tracing:pino_asJson:end'

interface PinoMessage {
  instance?: Record<string, unknown> & { levels?: { labels?: Record<number, string> } }
  arguments?: ArrayLike<unknown>
  /** The line, after the program's own serializers and redaction. */
  result?: unknown
}

/** The line's fields that are told otherwise, or by the resource. */
const told = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'err', 'v'])
const mostAttributes = 32

/** Records what the program logs with pino. Returns how to undo it. */
export function capturePino(capture: LogCapture): () => void {
  const listen = (message: unknown): void => {
    const { instance, arguments: args, result } = message as PinoMessage
    if (typeof result !== 'string' || instance === undefined) return
    const line = parseLine(result)
    const level = Number(args?.[2] ?? line.level)
    const method = instance[instance.levels?.labels?.[level] ?? '']
    capture.record({
      severity: severityOf(level),
      body: bodyOf(line, args?.[1]),
      attributes: { ...fieldsOf(line), ...exceptionOf(line.err) },
      below: typeof method === 'function' ? (method as () => unknown) : undefined
    })
  }
  subscribe(channel, listen)
  return () => void unsubscribe(channel, listen)
}

function parseLine(text: string): Record<string, unknown> {
  try {
    const line: unknown = JSON.parse(text)
    return typeof line === 'object' && line !== null ? (line as Record<string, unknown>) : {}
  } catch {
    // A formatter of the program's own wrote something else.
    return {}
  }
}

function severityOf(level: number): Severity {
  if (level >= 60) return 'FATAL'
  if (level >= 50) return 'ERROR'
  if (level >= 40) return 'WARN'
  if (level >= 30) return 'INFO'
  return level >= 20 ? 'DEBUG' : 'TRACE'
}

function bodyOf(line: Record<string, unknown>, message: unknown): string {
  if (typeof line.msg === 'string') return line.msg
  if (typeof message === 'string') return message
  const rest = Object.entries(line).filter(([name]) => !told.has(name))
  return rest.length === 0 ? '' : JSON.stringify(Object.fromEntries(rest))
}

function fieldsOf(line: Record<string, unknown>): Record<string, string | number | boolean> {
  const fields: Record<string, string | number | boolean> = {}
  for (const [name, value] of Object.entries(line).slice(0, mostAttributes + told.size)) {
    if (told.has(name) || value === null || value === undefined) continue
    fields[name] = typeof value === 'object' ? JSON.stringify(value) : (value as string | number | boolean)
  }
  return fields
}

function exceptionOf(error: unknown): Record<string, string> {
  if (typeof error !== 'object' || error === null) return {}
  const { type, message, stack } = error as { type?: unknown; message?: unknown; stack?: unknown }
  return {
    ...(typeof type === 'string' ? { 'exception.type': type } : {}),
    ...(typeof message === 'string' ? { 'exception.message': message } : {}),
    ...(typeof stack === 'string' ? { 'exception.stacktrace': stack } : {})
  }
}
