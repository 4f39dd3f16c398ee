import { format, formatWithOptions, stripVTControlCharacters } from 'node:util'
import type { LogCapture, Severity } from './log-capture.ts'

// The console's methods that print. Some print through others, `table` through `log`: only the outer call counts.
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
/** Records every printing call of the global console once. What it prints stays as it is. Returns how to undo it. */
export function captureConsole(capture: LogCapture): () => void {
  const target = console as unknown as Record<Method, Print>
  let printing = false

  const wrap = (method: Method, original: Print): Print => {
    const wrapper: Print = function (this: unknown, ...args) {
      if (printing) return original.apply(this, args)
      printing = true
      const overheard = listen(toStderr.has(method) ? process.stderr : process.stdout)
      try {
        // Node's own cuts the stack it prints at itself: it would show this function.
        return method === 'trace' ? printTrace(target.error, wrapper, args) : original.apply(this, args)
      } finally {
        const text = overheard()
        printing = false
        // An assertion that holds, a label that isn't known: nothing is printed.
        if (text !== undefined) {
          capture.record({
            severity: severities[method],
            body: method === 'trace' ? text.split('\n    at ', 1)[0]! : text,
            attributes: {
              'log.iostream': toStderr.has(method) ? 'stderr' : 'stdout',
              ...exceptionAttributes(args)
            },
            below: wrapper
          })
        }
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

/**
 * Overhears what is written to a stream until the returned function is called. Formatting a second time instead would run
 * the program's own `inspect`, getters and toString twice. A console call writes once, after what those print themselves.
 */
function listen(stream: NodeJS.WriteStream): () => string | undefined {
  const own = Object.getOwnPropertyDescriptor(stream, 'write')
  // Where the program froze its streams, its console goes unrecorded.
  if (own?.configurable === false || !Object.isExtensible(stream)) return () => undefined
  const write = stream.write
  let last: unknown
  stream.write = function (this: unknown, ...args: unknown[]) {
    last = args[0]
    return Reflect.apply(write, this, args) as boolean
  } as typeof write
  return () => {
    if (own === undefined) Reflect.deleteProperty(stream, 'write')
    else Object.defineProperty(stream, 'write', own)
    if (typeof last !== 'string') return undefined
    const text = last.endsWith('\n') ? last.slice(0, -1) : last
    if (text.trim() === '') return undefined
    return text.includes('\u001b') ? stripVTControlCharacters(text) : text
  }
}

function printTrace(error: Print, below: Print, args: unknown[]): void {
  const colors = process.stderr.isTTY && process.stderr.hasColors()
  const message = args.length === 0 ? '' : colors ? formatWithOptions({ colors }, ...args) : format(...args)
  const trace = { name: 'Trace', message, stack: '' }
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
