import { isMainThread } from 'node:worker_threads'
import type { WritableSpan } from '../otlp/write-traces.ts'
import type { LogCapture } from './log-capture.ts'
import { readSettings, type MicrologOptions, type Settings } from './options.ts'
import { startProcessRecorder } from './process-recorder.ts'
import { startWorkerRecorder } from './worker-recorder.ts'

/** The recording of this thread. Nothing of it throws once it has started. */
export interface Recorder {
  readonly settings: Settings
  /** An SDK has said who this process is. */
  readonly hasSdk: boolean
  readonly logs: LogCapture
  /** Takes spans that no exporter of the program's takes. */
  spans(spans: WritableSpan[]): void
  /** An SDK is still to come: nothing leaves before it has said who this process is. */
  expectSdk(): void
  /** Hands over what there is; fulfilled when that is sent, or can't be. */
  stop(): Promise<void>
}

// The package may be loaded twice, by `--import microlog/register` and by the program: they share one recorder.
const place = Symbol.for('microlog.recorder.1')
const shared = globalThis as { [place]?: Recorder }

export function runningRecorder(): Recorder | undefined {
  return shared[place]
}

/** Starts recording this thread, or gives the recorder that runs already; undefined where recording is switched off. */
export function startRecorder(options: MicrologOptions = {}): Recorder | undefined {
  if (shared[place] !== undefined) return shared[place]
  const settings = readSettings(options)
  if (settings.disabled) return undefined
  const recorder = isMainThread ? startProcessRecorder(settings) : startWorkerRecorder(settings)
  if (recorder === undefined) return undefined
  const started: Recorder = {
    settings,
    get hasSdk() {
      return recorder.hasSdk
    },
    logs: recorder.logs,
    spans: recorder.spans,
    expectSdk: recorder.expectSdk,
    stop() {
      if (shared[place] === started) shared[place] = undefined
      return recorder.stop()
    }
  }
  shared[place] = started
  return started
}
