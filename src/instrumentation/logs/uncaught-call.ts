import { messageOf } from '../../base/errors.ts'
import { exceptionAttributes } from './exceptions.ts'
import type { PlainLogCall } from './log-capture.ts'

/** An error that nobody caught, as the log line it deserves. `handled`: the program goes on all the same. */
export function uncaughtCall(error: unknown, handled: boolean): PlainLogCall {
  return {
    severity: handled ? 'ERROR' : 'FATAL',
    body: error instanceof Error ? String(error.stack ?? error) : `Uncaught ${messageOf(error)}`,
    attributes: exceptionAttributes(error),
    below: undefined
  }
}
