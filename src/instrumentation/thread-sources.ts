import { hasFlag } from './node-options.ts'
import { reasonOf } from './notice.ts'
import { beginRangeReport, beginWholeReport } from './end-report/end-report.ts'
import { startThreadHeap, type ThreadHeap } from './heap/thread-heap.ts'
import { InMemoryMaps } from './frames/in-memory-maps.ts'
import { captureLoggers } from './logs/capture-loggers.ts'
import { createLogCapture, type LogCapture } from './logs/log-capture.ts'
import { createWallClock, monotonicUs } from './profile/monotonic-clock.ts'
import type { Settings } from './options.ts'
import { createProfiler, type Profiler } from './profile/profiler.ts'
import type { RecordSink } from './record-sink.ts'
import { createBlockedLoop } from './statuses/blocked-loop.ts'
import { watchGc, type GcWatch } from './statuses/gc-watch.ts'
import { loopUtilization } from './statuses/loop-utilization.ts'
import { watchLoop } from './statuses/loop-watch.ts'
import { startThreadStatuses } from './statuses/thread-statuses.ts'
import { clearInterval, setInterval } from './real-clock.ts'

/** What is recorded of one thread. */
export interface ThreadSources {
  readonly logs: LogCapture
  /** Begins a stretch within the recording; the result tells in the log what went on in it. */
  beginReport(): (label: string) => void
  /** Now, in microseconds since 1970. */
  unixUs(): number
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

  const attempt = (what: string, run: () => void): void => {
    try {
      run()
    } catch (error) {
      options.onFailure(`${what} ended: ${reasonOf(error)}`)
    }
  }

  const inMemoryMaps = new InMemoryMaps(given => sink.sourceMap(given))
  let profiler: Profiler | undefined
  let collections: GcWatch | undefined
  let lookAtLoop = (): void => {}
  const logs = createLogCapture({
    emit: settings.emit,
    eventsPerSecond: settings.eventsPerSecond,
    eventsPerSpan: settings.eventsPerSpan,
    redact: settings.redact,
    threadId,
    sendLog(log) {
      if (log.site !== undefined) inMemoryMaps.look([log.site.filePath])
      sink.logCall(log)
    },
    onLost: logs => sink.lose({ logs }),
    markStack: (uid, span) => profiler?.markLog(uid, span),
    unixUs
  })
  const blockedLoop = createBlockedLoop({
    threadId,
    profiled: settings.profile,
    sendLog: record => sink.log(record)
  })
  if (settings.statuses) {
    attempt('measuring', () => {
      const gc = watchGc()
      collections = gc
      const loop = watchLoop(({ fromMs, toMs }) => {
        const toUnixUs = unixUs()
        blockedLoop.add({ fromUnixUs: toUnixUs - (toMs - fromMs) * 1000, toUnixUs })
      }, settings.statusIntervalMs)
      const statuses = startThreadStatuses({
        threadId,
        statusIntervalMs: settings.statusIntervalMs,
        memoryIntervalMs: settings.memoryIntervalMs,
        loop,
        gc,
        isSampled: () => profiler !== undefined,
        unixUs,
        onStatuses: points => sink.statuses(points)
      })
      lookAtLoop = loop.look
      // Before the last profile: it has the stack of what blocks the loop right now.
      stops.push(loop.look, loop.stop, statuses.stop, gc.stop)
    })
  }
  if (settings.profile) {
    attempt('profiling', () => {
      profiler = createProfiler({
        intervalUs: settings.sampleIntervalUs,
        linking: settings.linkSpans,
        threadName: options.threadName,
        clock,
        onProfile(profile) {
          inMemoryMaps.look(profile.frames.url)
          lookAtLoop()
          if (settings.statuses) sink.statuses(loopUtilization(profile, settings.statusIntervalMs))
          sink.profile(blockedLoop.tell(profile))
        },
        onLostStacks: stacks => sink.lose({ stacks })
      })
      profiler.start()
      stops.push(profiler.stop)
    })
  }
  let heap: ThreadHeap | undefined
  // After the sampler of stacks is loaded: what that takes is ours.
  if (threadId === 0 && settings.heap !== 'nothing' && !isHeapSampledByNode()) {
    try {
      heap = startThreadHeap({
        threadId,
        threadName: 'main',
        profiled: settings.heap === 'profiles',
        unixUs,
        onProfile: profile => sink.profile(profile)
      })
    } catch (error) {
      // Only who asked for it misses it: no inspector in this Node, or no permission for it.
      if (settings.heap === 'profiles') options.onFailure(`sampling the heap ended: ${reasonOf(error)}`)
    }
  }
  let beginReport = (): ((label: string) => void) => () => {}
  if (threadId === 0 && collections !== undefined) {
    const gc = collections
    const tellAll = beginWholeReport({ gc, heap, unixUs })
    // After the others: what it takes itself is in none of their figures.
    stops.push(() => sink.log(tellAll()))
    beginReport = () => {
      const tell = beginRangeReport({ gc, unixUs })
      return label => {
        const entry = tell(label)
        if (entry !== undefined) sink.log(entry)
      }
    }
  }
  if (heap !== undefined) stops.push(heap.stop)
  const loggers = captureLoggers(logs, settings, attempt)
  const finish = (): void => {
    loggers.finish()
    for (const stop of stops.splice(0)) attempt('recording', stop)
    blockedLoop.finish()
  }
  return {
    logs,
    beginReport: () => beginReport(),
    unixUs,
    finish,
    stop() {
      loggers.stop()
      finish()
    }
  }
}

/** V8 has one sampler of the heap, and --heap-prof wants what it finds as a file. */
function isHeapSampledByNode(): boolean {
  return hasFlag([...process.execArgv, process.env.NODE_OPTIONS ?? ''], 'heap-prof')
}
