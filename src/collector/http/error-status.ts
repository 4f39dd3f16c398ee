// The one place that turns error codes into HTTP.
import { MicrologError } from '../../base/errors.ts'
import type { ErrorCode } from '../../base/errors.ts'

export interface HttpProblem {
  status: number
  code: string
  message: string
  /** Seconds, where the same request may succeed later. */
  retryAfter?: number
}

const statusOfCode: Record<ErrorCode, number> = {
  'invalid-input': 400,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  unsupported: 415,
  corrupt: 422,
  unavailable: 503
}

const retryAfterSeconds = 1

/** What to answer when a handler throws. What isn't expected is told to the log, not to the sender. */
export function problemOf(thrown: unknown): HttpProblem {
  if (thrown instanceof MicrologError) {
    const { code, message } = thrown
    const status = statusOfCode[code]
    return status === 503
      ? { status, code, message, retryAfter: retryAfterSeconds }
      : { status, code, message }
  }
  const status = statusOfFramework(thrown)
  if (status !== undefined) return { status, code: codeOfStatus(status), message: (thrown as Error).message }
  return { status: 500, code: 'failed', message: 'The collector failed at this; its log says why' }
}

/** Of an answer that no code of ours led to. */
export function codeOfStatus(status: number): string {
  const found = Object.entries(statusOfCode).find(([, known]) => known === status)
  return found ? found[0] : status < 500 ? 'invalid-input' : 'failed'
}

/** Fastify's own errors carry their status; only those of the sender's making are passed on. */
function statusOfFramework(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('statusCode' in thrown)) return undefined
  const status = Number(thrown.statusCode)
  return status >= 400 && status < 500 ? status : undefined
}
