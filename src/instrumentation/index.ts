import { startRecorder, runningRecorder } from './recorder.ts'
import type { MicrologOptions } from './options.ts'

export { MicrologInstrumentation } from './microlog-instrumentation.ts'
export { MicrologSpanProcessor } from './microlog-span-processor.ts'
export { withMicrolog } from './with-microlog.ts'
export type { LogEmission, MicrologOptions } from './options.ts'

/** Starts recording this process. Where it is recorded already, `label` begins a named range of that recording. */
export function start(options: MicrologOptions = {}): void {
  const running = runningRecorder()
  if (running === undefined) startRecorder(options)
  else if (options.label !== undefined) openRange(options.label)
}

/** Ends the named range begun last, else the recording; fulfilled when all of it is sent, or can't be. */
export async function stop(): Promise<void> {
  if (ranges.length > 0) closeRange()
  else await runningRecorder()?.stop()
}

export function isRunning(): boolean {
  return runningRecorder() !== undefined
}

/** Records while `fn` runs: as a recording of its own, or as a named range where this process is recorded already. */
export function enabled<Result>(label: string, fn: () => Result): Result {
  const own = runningRecorder() === undefined
  start({ label })
  const end = (): unknown => (own ? runningRecorder()?.stop() : closeRange())
  return settled(fn, end)
}

/** Puts a line of your own into the log of the recording, with the stack of the call. */
export function mark(message: string): void {
  record(String(message), { 'microlog.mark': true }, mark)
}

const ranges: string[] = []

function openRange(label: string): void {
  ranges.push(label)
  record(label, { 'microlog.range': label, 'microlog.range.edge': 'start' }, start)
}

function closeRange(): void {
  const label = ranges.pop()
  if (label !== undefined) {
    record(label, { 'microlog.range': label, 'microlog.range.edge': 'end' }, closeRange)
  }
}

function record(
  body: string,
  attributes: Record<string, string | boolean>,
  below: (...args: never[]) => unknown
): void {
  runningRecorder()?.logs.record({ severity: 'INFO', body, attributes, below })
}

/** Runs `end` when `fn` is through, however it ends; its result or error stays its own. */
function settled<Result>(fn: () => Result, end: () => unknown): Result {
  let result: Result
  try {
    result = fn()
  } catch (error) {
    end()
    throw error
  }
  if (!isPromise(result)) {
    end()
    return result
  }
  return result.then(
    async value => {
      await end()
      return value
    },
    async error => {
      await end()
      throw error
    }
  ) as Result
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
