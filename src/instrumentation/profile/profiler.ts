import { context, ROOT_CONTEXT, type ContextManager, type Span } from '@opentelemetry/api'
import { randomUUID } from 'node:crypto'
import { isMainThread, threadId } from 'node:worker_threads'
import { messageOf } from '../../base/errors.ts'
import { createProfilerBackend } from './create-profiler-backend.ts'
import { recheckGlobalApi, watchGlobalApi } from '../spans/global-api.ts'
import { buildLinkedProfile } from './linked-profile.ts'
import type { StackMark } from './stack-mark.ts'
import { createWallClock, monotonicUs, type WallClock } from './monotonic-clock.ts'
import { notice } from '../notice.ts'
import { isBundled, isOwnFile } from '../own-files.ts'
import type { CapturedProfile, ProfilerBackend } from './profiler-backend.ts'
import type { LinkedProfile } from '../record-sink.ts'
import { RotationPace } from './rotation-pace.ts'
import { hookSpans } from '../spans/span-hooks.ts'
import { slotOf, type SpanSlot } from '../spans/span-state.ts'
import { SpanTimeline, type SpanChanges } from '../spans/span-timeline.ts'
import { StartChooser } from './span-starts.ts'
import { captureCallSite, StackCapture } from './stack-capture.ts'
import { clearInterval, setInterval } from '../real-clock.ts'

export interface ProfilerOptions {
  intervalUs: number
  /** Ties samples to spans; costs about 0.15 µs per await. */
  linking: boolean
  /** What a worker thread calls itself. */
  threadName?: string
  /** Whose owner keeps it measured. */
  clock?: WallClock
  /** A backend to insist on; otherwise the best that loads. */
  backend?: ProfilerBackend['name']
  /** Called on this thread with each rotation's profile. */
  onProfile(profile: LinkedProfile): void
  /** Called after a rotation in whose time more stacks of log calls and spans were asked for than could be kept. */
  onLostStacks?(count: number): void
}

export interface Profiler {
  readonly backendName: ProfilerBackend['name']
  start(): void
  /** A step of rotation: the first call prepares, the next one, some sampling intervals later, hands over. Goes on by itself, too. */
  rotate(): void
  /** The last profile is handed over before this returns. */
  stop(): void
  /** Keeps the stack of the log call that is running now; it travels with the next profile. */
  markLog(uid: string, span: Span | undefined): void
}

const checkEveryMs = 250
/** Many log calls bring the next rotation forward, but not more than this: their stacks aren't worth a pause each moment. */
const soonestUs = 1_000_000
/** The sampler's thread must have worked off the ticks from before, which it does once per interval. */
const shortestOverlapUs = 60_000

/** Samples this thread, rotates before profiles grow large, and ties what was sampled to spans and log calls. */
export function createProfiler(options: ProfilerOptions): Profiler {
  const backend = createProfilerBackend(options.backend)
  const clock = options.clock ?? createWallClock()
  const timeline = options.linking ? new SpanTimeline() : undefined
  const stackCapture = new StackCapture()
  const startChooser = new StartChooser()
  const isOwnFrame = createOwnFrameTest()
  let marks: StackMark[] = []
  let logMarks = 0
  let timer: NodeJS.Timeout | undefined
  let unhook: (() => void)[] = []
  let fromUs = 0
  const overlapUs = Math.max(shortestOverlapUs, 4 * options.intervalUs)
  const pace = new RotationPace(!isMainThread)
  let lostStacks = 0
  let preparedUs: number | undefined

  const markLog = (uid: string, slot: SpanSlot | undefined): void => {
    if (timer === undefined) return
    if (logMarks >= pace.logLimit) {
      lostStacks++
      return
    }
    logMarks++
    const at = monotonicUs()
    if (backend.mark === undefined) {
      marks.push({ kind: 'log', slot, uid, fromUs: at, toUs: at, stack: stackCapture.capture(markLog) })
    } else {
      backend.mark()
      marks.push({ kind: 'log', slot, uid, fromUs: at, toUs: monotonicUs(), stack: -1 })
    }
  }

  /** Captured in JavaScript, which has the lines of the calls, even where V8 would give its stack for less. */
  const markSpanStart = (slot: SpanSlot): void => {
    const name = slot.endpoint
    if (timer === undefined || !startChooser.isWanted(name)) return
    if (!pace.takeSpan()) {
      lostStacks++
      return
    }
    const at = monotonicUs()
    const stack = stackCapture.capture(markSpanStart)
    const start = startChooser.take(name, stackCapture.pathOf(stack))
    marks.push({ kind: 'span-start', slot, uid: '', fromUs: at, toUs: at, stack, start })
  }

  /** A backend takes a sample of its own whenever a profile starts: one of us, not of the program. */
  const takingStartSample = <T>(run: () => T): T => {
    const at = monotonicUs()
    const result = run()
    marks.push({ kind: 'rotation', slot: undefined, uid: '', fromUs: at, toUs: monotonicUs(), stack: -1 })
    return result
  }

  const handOver = (captured: CapturedProfile | undefined): void => {
    if (captured === undefined) return
    // Rotations meet where the samples do: the next one's begin while this one's profile is being read.
    const toUs = (captured.monotonicUs.at(-1) ?? monotonicUs()) + 1
    const { profile, pending } = buildLinkedProfile({
      captured,
      changes: timeline?.changes ?? noChanges,
      marks,
      stacks: stackCapture.take(),
      isOwnFrame,
      toUnixUs: clock.toUnixUs,
      id: randomUUID().replaceAll('-', ''),
      threadId: isMainThread ? 0 : threadId,
      threadName: options.threadName ?? (isMainThread ? 'main' : `worker-${threadId}`),
      intervalUs: options.intervalUs,
      fromUs,
      toUs
    })
    pace.learn(profile, captured.nodes.parent.length, (toUs - fromUs) / 1000)
    timeline?.forget(toUs)
    startChooser.clear()
    marks = pending
    logMarks = pending.filter(({ kind }) => kind === 'log').length
    fromUs = toUs
    options.onProfile(profile)
    if (lostStacks > 0) options.onLostStacks?.(lostStacks)
    lostStacks = 0
  }

  const rotate = (): void => {
    if (timer === undefined) return
    if (preparedUs === undefined) {
      preparedUs = monotonicUs()
      takingStartSample(() => backend.prepare())
    } else if (monotonicUs() - preparedUs >= overlapUs) {
      preparedUs = undefined
      handOver(backend.rotate())
    }
  }

  /** Nothing of the program is watched any more. */
  const letGo = (): void => {
    clearInterval(timer)
    timer = undefined
    preparedUs = undefined
    for (const undo of unhook) undo()
    unhook = []
  }

  const stop = (): void => {
    if (timer === undefined) return
    try {
      handOver(backend.stop())
    } finally {
      letGo()
    }
  }

  const check = (): void => {
    try {
      if (timeline !== undefined) recheckGlobalApi()
      pace.passed(checkEveryMs)
      const manyLogs = logMarks > pace.logLimit / 2
      const dueUs = manyLogs ? soonestUs : pace.periodMs * 1000
      const isDue = timeline?.crowded === true || monotonicUs() - fromUs >= dueUs
      if (preparedUs !== undefined || isDue) rotate()
    } catch (error) {
      // On a timer of ours, it would end the program.
      letGo()
      notice(`microlog: sampling ended: ${messageOf(error)}`)
    }
  }

  return {
    backendName: backend.name,
    start() {
      if (timer !== undefined) return
      fromUs = monotonicUs()
      takingStartSample(() => backend.start(options.intervalUs))
      // Without the span that may be active here: the timer isn't its work.
      timer = context.with(ROOT_CONTEXT, () => setInterval(check, checkEveryMs)).unref()
      if (timeline === undefined) return
      unhook = [
        hookSpans(slot => {
          // Nobody receives an unsampled span.
          if ((slot.flags & 1) === 0) return
          markSpanStart(slot)
        }),
        watchGlobalApi((name, value) => {
          if (name === 'context' && isContextManager(value)) timeline.follow(value)
        }),
        () => timeline.stop()
      ]
    },
    rotate,
    stop,
    markLog(uid, span) {
      markLog(uid, span === undefined ? undefined : slotOf(span))
    }
  }
}

const samplerFile = /[\\/]v8-profiler-next[\\/]dispatch\.js$/

const noChanges: SpanChanges = { timesUs: new Float64Array(0), slots: [], length: 0 }

function isContextManager(value: unknown): value is ContextManager {
  const manager = value as Partial<ContextManager> | null | undefined
  return typeof manager?.with === 'function' && typeof manager.active === 'function'
}

/** Whether a frame is this package's or the sampler's. In a bundle, where all files are one, nothing but our own functions' names tells. */
function createOwnFrameTest(): (functionName: string, url: string) => boolean {
  if (!isBundled) return (_functionName, url) => isOwnFile(url) || samplerFile.test(url)
  const here = captureCallSite(captureCallSite)?.filePath ?? ''
  const own = new Set(['markLog', 'markSpanStart', 'rotate', 'start', 'takingStartSample', 'check'])
  return (functionName, url) => url === here && own.has(functionName)
}
