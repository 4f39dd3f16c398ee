import { startRecorder, runningRecorder } from './recorder.ts'
import type { MicrologOptions } from './options.ts'

export { MicrologInstrumentation } from './microlog-instrumentation.ts'
export { MicrologSpanProcessor } from './microlog-span-processor.ts'
export { withMicrolog } from './with-microlog.ts'
export type { LogEmission, MicrologOptions } from './options.ts'

/** Closes the ranges that `start` began, the last one last. */
const startedRanges: ((below: Called) => void)[] = []
/** The end of the recording that was stopped last, for all who wait for it. */
let stopping: Promise<void> | undefined

/** Starts recording this process. Where it is recorded already, `label` begins a named range of that recording. */
export function start(options: MicrologOptions = {}): void {
  if (runningRecorder() === undefined) startRecorder(options)
  else if (options.label !== undefined) startedRanges.push(openRange(options.label, start))
}

/** Ends the named range that `start` began last, else the recording; fulfilled when all of it is sent, or can't be. */
export async function stop(): Promise<void> {
  const closeRange = startedRanges.pop()
  if (closeRange !== undefined) return closeRange(stop)
  const running = runningRecorder()
  if (running !== undefined) stopping = running.stop()
  await stopping
}

export function isRunning(): boolean {
  return runningRecorder() !== undefined
}

/**
 * Records while `fn` runs: as a recording of its own, or as a named range where this process is recorded already. A
 * recording that began so lasts as long as any range that began in it.
 */
export function enabled<Result>(label: string, fn: () => Result): Result {
  return settled(fn, beginEnabled(label))
}

/** Puts a line of your own into the log of the recording, with the stack of the call. */
export function mark(message: string): void {
  record(String(message), { 'microlog.mark': true }, mark)
}

/** The recording that `enabled` started, and how many calls of it still go on inside. */
let ownRecording: { stop(): Promise<void>; calls: number } | undefined

/** Returns how to end it: only ever what this very call began. */
function beginEnabled(label: string): () => Promise<void> | undefined {
  if (runningRecorder() === undefined) {
    const recorder = startRecorder({ label })
    const own = recorder && { stop: () => recorder.stop(), calls: 1 }
    ownRecording = own
    return () => leave(own)
  }
  const around = ownRecording
  if (around !== undefined) around.calls++
  const closeRange = openRange(label, enabled)
  return () => {
    closeRange(enabled)
    return leave(around)
  }
}

function leave(recording: typeof ownRecording): Promise<void> | undefined {
  if (recording === undefined || --recording.calls > 0) return undefined
  if (ownRecording === recording) ownRecording = undefined
  return recording.stop()
}

/** The function of ours that the program called. */
type Called = (...args: never[]) => unknown

/** Returns how to close it. */
function openRange(label: string, below: Called): (below: Called) => void {
  const note = (edge: 'start' | 'end', below: Called): void =>
    record(label, { 'microlog.range': label, 'microlog.range.edge': edge }, below)
  note('start', below)
  const report = runningRecorder()?.beginReport()
  return below => {
    note('end', below)
    report?.(label)
  }
}

function record(body: string, attributes: Record<string, string | boolean>, below: Called): void {
  runningRecorder()?.logs.record({ severity: 'INFO', body, attributes, below })
}

/** Runs `end` when `fn` is through, however it ends; its result or error stays its own. */
function settled<Result>(fn: () => Result, end: () => Promise<void> | undefined): Result {
  let result: Result
  try {
    result = fn()
  } catch (error) {
    void end()
    throw error
  }
  if (!isPromise(result)) {
    void end()
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
