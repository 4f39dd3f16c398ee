import { isMainThread } from 'node:worker_threads'
import { hasFlag } from './node-options.ts'
import { notice, noticeOnce, reasonOf } from './notice.ts'
import { readSettings, type MicrologOptions, type Settings } from './options.ts'
import { startProcessRecorder, type RunningSources } from './process-recorder.ts'
import { tellThreads } from './threads/thread-data.ts'
import { onOrder } from './threads/thread-orders.ts'
import { startWorkerRecorder } from './worker-recorder.ts'

/** The recording of this thread. Nothing of it throws once it has started. */
export interface Recorder extends RunningSources {
  readonly settings: Settings
}

// The package may be loaded twice, by `--import microlog/register` and by the program: they share one recorder.
const place = Symbol.for('microlog.recorder.1')
const switched = Symbol.for('microlog.switch.1')
const shared = globalThis as { [place]?: Recorder; [switched]?: true }

export function runningRecorder(): Recorder | undefined {
  return shared[place]
}

/** Starts recording this thread, or gives the recorder that runs already; undefined where recording is switched off. */
export function startRecorder(options: MicrologOptions = {}): Recorder | undefined {
  if (shared[place] !== undefined) return shared[place]
  const settings = readSettings(options)
  if (settings.disabled) return undefined
  if (isFromSnapshot()) {
    noticeOnce(
      'microlog: nothing is recorded: Node has no threads for it in a program started from a snapshot'
    )
    return undefined
  }
  if (settings.signal !== undefined && isMainThread) obeySignal(settings.signal, settings)
  return beginRecorder(settings)
}

/** Node 22 and 24 abort there when a thread, as ours that sends, loads node:http. */
function isFromSnapshot(): boolean {
  return hasFlag([...process.execArgv, process.env.NODE_OPTIONS ?? ''], 'snapshot-blob')
}

/** Off, and on again, at run time. What is switched off by a signal goes on as the same recording, with a gap. */
function obeySignal(signal: NodeJS.Signals, settings: Settings): void {
  if (shared[switched]) return
  shared[switched] = true
  let paused: Recorder | undefined
  process.on(signal, () => {
    const running = runningRecorder()
    if (running === undefined) {
      beginRecorder(paused?.settings ?? settings, paused?.instanceId)
      paused = undefined
    } else {
      void running.stop()
      paused = running
    }
    notice(`microlog: recording is ${running === undefined ? 'on' : 'off'} (${signal})`)
  })
}

/** `instanceId`: what this process was recorded as before, to go on with that recording. */
function beginRecorder(settings: Settings, instanceId?: string): Recorder | undefined {
  let sources: RunningSources | undefined
  try {
    sources = isMainThread ? startProcessRecorder(settings, instanceId) : startWorkerRecorder()
  } catch (error) {
    // The program runs on as if it had no recorder.
    noticeOnce(`microlog: nothing is recorded: ${reasonOf(error)}`)
  }
  if (sources === undefined) return undefined
  let stopped: Promise<void> | undefined
  const started: Recorder = {
    settings,
    get instanceId() {
      return sources.instanceId
    },
    get hasSdk() {
      return sources.hasSdk
    },
    script: sources.script,
    logs: sources.logs,
    beginReport: sources.beginReport,
    spans: sources.spans,
    expectSdk: sources.expectSdk,
    startSdkInThreads: sources.startSdkInThreads,
    stop() {
      if (shared[place] === started) delete shared[place]
      stopped ??= sources.stop()
      return stopped
    }
  }
  shared[place] = started
  if (!isMainThread) obeyMainThread()
  return started
}

/** A worker thread is recorded as long as its process is, and whenever that begins again. */
function obeyMainThread(): void {
  if (shared[switched]) return
  shared[switched] = true
  onOrder(order => {
    const running = runningRecorder()
    if (order.kind === 'stop') void running?.stop()
    else if (order.kind === 'start' && running === undefined) {
      tellThreads(order.data)
      beginRecorder(order.data.settings)
    }
  })
}
