// What the collector tells those who run it, on stderr: a line of text for each thing that goes wrong, or, as
// lines of JSON, also what it did to the recordings.
import { pino } from 'pino'
import type { RefusedRequests } from './ingest/ingest.ts'
import { writeNotice } from './write-notice.ts'

export interface Log {
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

export const logFormats = ['text', 'json'] as const
export type LogFormat = (typeof logFormats)[number]

export function createLog(format: LogFormat): Log {
  return format === 'json' ? createJsonLog() : textLog
}

const textLog: Log = {
  // What goes as it should is told by /healthz and /metrics.
  info() {},
  warn: message => writeNotice(message),
  error: message => writeNotice(message)
}

function createJsonLog(): Log {
  const logger = pino(
    { base: { name: 'microlog', pid: process.pid }, formatters: { level: level => ({ level }) } },
    pino.destination({ dest: 2, sync: true })
  )
  return {
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message)
  }
}

const everyMs = 1000
const refusedEveryMs = 10_000

/** Tells now and then how many requests were refused since, by what they were answered. Returns how to end it. */
export function logRefused(log: Log, refused: readonly RefusedRequests[]): () => void {
  const told = new Map<RefusedRequests, number>()
  const look = (): void => {
    for (const refusal of refused) {
      const { status, code, count } = refusal
      const more = count - (told.get(refusal) ?? 0)
      if (more > 0) log.info('refused requests', { status, code, count: more })
      told.set(refusal, count)
    }
  }
  const timer = setInterval(look, refusedEveryMs).unref()
  return () => {
    clearInterval(timer)
    look()
  }
}

/** Tells once of each problem that comes and of each that goes. Returns how to end it. */
export function logProblems(log: Log, problems: () => readonly string[]): () => void {
  let known = new Set<string>()
  const look = (): void => {
    const now = new Set(problems())
    for (const problem of now) if (!known.has(problem)) log.warn(problem)
    for (const problem of known) if (!now.has(problem)) log.info('solved', { problem })
    known = now
  }
  look()
  const timer = setInterval(look, everyMs).unref()
  return () => {
    clearInterval(timer)
    look()
  }
}
