import { messageOf } from '../base/errors.ts'
import { captureConsole } from './console-capture.ts'
import { createLogCapture, type LogCapture } from './log-capture.ts'
import { createWallClock, monotonicUs } from './monotonic-clock.ts'
import type { Settings } from './options.ts'
import { capturePino } from './pino-capture.ts'
import { createProfiler, type Profiler } from './profiler.ts'
import type { RecordSink, StatusPoints } from './record-sink.ts'
import { startThreadStatuses } from './thread-statuses.ts'

/** What is recorded of one thread. */
export interface ThreadSources {
  readonly logs: LogCapture
  /** The last of everything is in the sink before this returns; log calls are still taken. */
  finish(): void
  stop(): void
}

export interface ThreadSourcesOptions {
  settings: Settings
  sink: RecordSink
  /** 0 for the main thread. */
  threadId: number
  threadName?: string
  /** Told of each source that doesn't work here; the others go on. */
  onFailure(line: string): void
}

const clockEveryMs = 10_000

export function startThreadSources(options: ThreadSourcesOptions): ThreadSources {
  const { settings, sink, threadId } = options
  const clock = createWallClock()
  const clockTimer = setInterval(() => clock.measure(), clockEveryMs).unref()
  const unixUs = (): number => clock.toUnixUs(monotonicUs())
  const stops: (() => void)[] = [() => clearInterval(clockTimer)]
  const releases: (() => void)[] = []

  const attempt = (what: string, run: () => void): void => {
    try {
      run()
    } catch (error) {
      options.onFailure(`${what} ended: ${messageOf(error)}`)
    }
  }

  let profiler: Profiler | undefined
  const logs = createLogCapture({
    emit: settings.emit,
    threadId,
    sendLog: record => sink.log(record),
    markStack: uid => profiler?.markLog(uid),
    unixUs
  })
  if (settings.profile) {
    attempt('profiling', () => {
      profiler = createProfiler({
        intervalUs: settings.sampleIntervalUs,
        linking: settings.linkSpans,
        threadName: options.threadName,
        onProfile: profile => sink.profile(profile),
        onLostStacks: count => sink.statuses(lostStacks(count, threadId, unixUs()))
      })
      profiler.start()
      stops.push(profiler.stop)
    })
  }
  if (settings.statuses) {
    attempt('measuring', () => {
      const statuses = startThreadStatuses({
        threadId,
        statusIntervalMs: settings.statusIntervalMs,
        memoryIntervalMs: settings.memoryIntervalMs,
        unixUs,
        onStatuses: points => sink.statuses(points)
      })
      stops.push(statuses.stop)
    })
  }
  if (settings.console) {
    attempt('capturing the console', () => releases.push(captureConsole(logs)))
    attempt('capturing pino', () => releases.push(capturePino(logs)))
  }
  const finish = (): void => {
    logs.finish()
    for (const stop of stops.splice(0)) attempt('recording', stop)
  }
  return {
    logs,
    finish,
    stop() {
      for (const release of releases.splice(0)) attempt('recording', release)
      finish()
    }
  }
}

/** Stacks of log calls and span starts that a storm of them cost. */
function lostStacks(count: number, threadId: number, unixUs: number): StatusPoints {
  return {
    threadId,
    timeUnixNano: BigInt64Array.of(BigInt(Math.round(unixUs)) * 1000n),
    metrics: [{ name: 'microlog.dropped.stacks', unit: '{stack}', values: Float64Array.of(count) }]
  }
}
