import { format, formatWithOptions, inspect, type InspectOptions } from 'node:util'
import type { LogCapture, Severity } from './log-capture.ts'

// The console's methods that print. Some print through others (`table` through `log`): of such a call the text is what
// reaches the inner method, the severity and the caller are those of the outer one.
const severities = {
  log: 'INFO',
  info: 'INFO',
  debug: 'DEBUG',
  warn: 'WARN',
  error: 'ERROR',
  trace: 'TRACE',
  assert: 'ERROR',
  dir: 'INFO',
  dirxml: 'INFO',
  table: 'INFO',
  group: 'INFO',
  groupCollapsed: 'INFO',
  count: 'INFO',
  timeEnd: 'INFO',
  timeLog: 'INFO'
} as const satisfies Record<string, Severity>

type Method = keyof typeof severities
type Print = (...args: unknown[]) => void

const toStderr = new Set<Method>(['warn', 'error', 'trace', 'assert'])
/** These format and print by themselves; the rest go through one of them. */
const innermost = new Set<Method>(['log', 'info', 'debug', 'warn', 'error', 'dir', 'trace'])

/** Records every printing call of the global console once. What it prints stays as it is. Returns how to undo it. */
export function captureConsole(capture: LogCapture): () => void {
  const target = console as unknown as Record<Method, Print>
  let outer: { method: Method; wrapper: Print } | undefined
  let recorded = false

  const note = (method: Method, args: unknown[]): void => {
    if (recorded || outer === undefined) return
    recorded = true
    const body = textOf(method, args)
    if (body.trim() === '') return
    capture.record({
      severity: severities[outer.method],
      body,
      attributes: {
        'log.iostream': toStderr.has(outer.method) ? 'stderr' : 'stdout',
        ...exceptionAttributes(args)
      },
      below: outer.wrapper
    })
  }

  const wrap = (method: Method, original: Print): Print => {
    const wrapper: Print = function (this: unknown, ...args) {
      if (outer !== undefined) {
        if (innermost.has(method)) note(method, args)
        return original.apply(this, args)
      }
      outer = { method, wrapper }
      recorded = false
      try {
        if (innermost.has(method)) note(method, args)
        // Node's own cuts the stack it prints at itself: it would show this function.
        if (method === 'trace') return printTrace(target.error, wrapper, args)
        return original.apply(this, args)
      } finally {
        outer = undefined
      }
    }
    Object.defineProperty(wrapper, 'name', { value: method })
    return wrapper
  }

  const undo = (Object.keys(severities) as Method[]).map(method => {
    const original = target[method]
    if (typeof original !== 'function') return () => {}
    const wrapper = wrap(method, original)
    target[method] = wrapper
    return () => {
      // Somebody may have wrapped ours meanwhile; theirs stays.
      if (target[method] === wrapper) target[method] = original
    }
  })
  return () => {
    for (const step of undo) step()
  }
}

/** What Node prints, without the indentation of groups and without colours. */
function textOf(method: Method, args: unknown[]): string {
  try {
    if (method !== 'dir') return format(...args)
    return inspect(args[0], {
      customInspect: false,
      ...(args[1] as InspectOptions | undefined),
      colors: false
    })
  } catch {
    // The program's own toString or inspect threw: it will again, when Node prints it.
    return ''
  }
}

function printTrace(error: Print, below: Print, args: unknown[]): void {
  const colors = process.stderr.isTTY && process.stderr.hasColors()
  const trace = { name: 'Trace', message: formatWithOptions({ colors }, ...args), stack: '' }
  Error.captureStackTrace(trace, below)
  error(trace.stack)
}

/** Of the first Error among the arguments (https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/). */
export function exceptionAttributes(args: readonly unknown[]): Record<string, string> {
  const error = args.find(arg => arg instanceof Error)
  if (error === undefined) return {}
  return {
    'exception.type': String(error.name),
    'exception.message': String(error.message),
    ...(typeof error.stack === 'string' ? { 'exception.stacktrace': error.stack } : {})
  }
}
