import { format, formatWithOptions, stripVTControlCharacters } from 'node:util'
import type { LogAttributes } from '../record-sink.ts'
import { callSite } from './call-site.ts'
import { exceptionAttributes } from './exceptions.ts'
import type { LogCapture } from './log-capture.ts'
import { isError } from './log-fields.ts'
import type { Severity } from './severities.ts'
import type { StreamEar, StreamWrites } from './stream-writes.ts'

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
export function captureConsole(capture: LogCapture, writes: StreamWrites): () => void {
  const target = console as unknown as Record<Method, Print>
  if (Object.isFrozen(target)) {
    throw new Error('the console is frozen; with MICROLOG_STREAMS=true what it prints is recorded')
  }

  const wrap = (method: Method, original: Print): Print => {
    const isError = toStderr.has(method)
    // A method has a name and no prototype, as Node's own.
    const { [method]: wrapper } = {
      [method](this: unknown, ...args: unknown[]): void {
        const isSilent = method === 'assert' && Boolean(args[0])
        if (isSilent || capture.isInside()) return original.apply(this, args)
        // Here, right under the program's frame: V8 takes longer for each frame of ours in between.
        // The program calls what stands in the console, which may wrap this by now, unless it kept this one.
        const site = capture.hasRoom() ? (callSite(target[method]) ?? callSite(wrapper!)) : undefined
        let ear: StreamEar | undefined
        return capture.call(
          () => {
            ear = heardFrom(writes, isError)
            // Node's own cuts the stack it prints at itself: it would show this function.
            return method === 'trace' ? printTrace(target.error, wrapper!, args) : original.apply(this, args)
          },
          () => {
            const text = printedText(ear)
            // A label that isn't known: nothing is printed.
            if (text === undefined) return undefined
            return () => ({
              severity: method === 'error' && nodeWarning.test(text) ? 'WARN' : severities[method],
              body: method === 'trace' ? text.split('\n    at ', 1)[0]! : text,
              attributes: attributesOf(args, isError ? onStderr : onStdout),
              site
            })
          }
        )
      }
    }
    return wrapper!
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

/** Undefined where the program's own stream can't be asked, or no stack is left. */
function heardFrom(writes: StreamWrites, isError: boolean): StreamEar | undefined {
  try {
    return writes.listen(isError ? process.stderr : process.stdout)
  } catch {
    return undefined
  }
}

/** A console call writes once, after what its arguments print while they are formatted. */
function printedText(ear: StreamEar | undefined): string | undefined {
  if (ear === undefined) return undefined
  ear.hush()
  const { last } = ear
  if (typeof last !== 'string') return undefined
  const text = last.endsWith('\n') ? last.slice(0, -1) : last
  if (text.trim() === '') return undefined
  return text.includes('\u001b') ? stripVTControlCharacters(text) : text
}

/** Node prints its warnings with `console.error`. */
const nodeWarning = /^\(node:\d+\) /

// Shared by all calls: copied once for all of them.
const onStdout: LogAttributes = { 'log.iostream': 'stdout' }
const onStderr: LogAttributes = { 'log.iostream': 'stderr' }

function attributesOf(args: readonly unknown[], own: LogAttributes): LogAttributes {
  const error = args.find(arg => typeof arg === 'object' && isError(arg))
  return error === undefined ? own : { ...own, ...exceptionAttributes(error) }
}

function printTrace(error: Print, below: Print, args: unknown[]): void {
  const colors = process.stderr.isTTY && process.stderr.hasColors()
  const message = args.length === 0 ? '' : colors ? formatWithOptions({ colors }, ...args) : format(...args)
  const trace = { name: 'Trace', message, stack: '' }
  Error.captureStackTrace(trace, below)
  error(trace.stack)
}
