import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import { url as inspectorUrl } from 'node:inspector'
import { performance } from 'node:perf_hooks'
import { clearTimeout, nowMs, setTimeout } from '../real-clock.ts'

/** A stretch within one turn of the event loop, in ms of nowMs(). */
export interface BlockedStretch {
  fromMs: number
  toMs: number
}

export interface DelayPercentiles {
  p50Ms: number
  p90Ms: number
  p99Ms: number
}

export interface LoopWatch {
  /** What else there is to do at each look. */
  eachLook(run: () => void): void
  /** The longest delay since the last time. */
  takeLongestDelayMs(): number
  /** Of all delays since the last time; NaN where there were none. */
  takePercentiles(): DelayPercentiles
  /** Looks now; otherwise each 20 ms as far as the loop turns, each 50 while it has little to do. */
  look(): void
  stop(): void
}

/** Longer turns are told as blocked stretches. */
export const blockedMs = 100
const busyEveryMs = 20
/** To wake a program that waits takes far more of the CPU than the look itself. */
const restEveryMs = 50
/** Events of a loop that rests, between two looks. */
const fewEvents = 4
/** A debugger that holds the program uses none of its CPU. */
const leastShareOfCpu = 0.1
const mostDelays = 10_000

/**
 * Looks how late a timer comes: that is what everything else waits, too. Begins with the first turn of the loop: what a
 * program does before is its start, and nothing waits for it yet.
 * @param evenlyIntoMs looks at rest fall on multiples of this
 */
export function watchLoop(
  onBlocked: (stretch: BlockedStretch) => void,
  evenlyIntoMs = restEveryMs
): LoopWatch {
  const restMs = evenlyIntoMs / Math.ceil(evenlyIntoMs / restEveryMs)
  const busyMs = Math.min(busyEveryMs, restMs)
  let afterLook = (): void => {}
  let delaysMs: number[] = []
  let longestMs = 0
  let lastMs: number | undefined
  let lastActiveMs = 0
  let lastCpu: NodeJS.CpuUsage | undefined
  let everyMs = 0
  let dueMs = Infinity
  let events = NaN
  let timer: NodeJS.Timeout | undefined

  const lookIn = (ms: number, now: number): void => {
    dueMs = now + ms
    if (ms === everyMs) timer!.refresh()
    else {
      clearTimeout(timer)
      everyMs = ms
      timer = setTimeout(look, ms).unref()
    }
  }
  const look = (): void => {
    const now = nowMs()
    const { active } = performance.eventLoopUtilization()
    const cpu = inspectorUrl() === undefined ? undefined : process.cpuUsage()
    const received = countEvents()
    if (lastMs !== undefined) {
      const delayMs = Math.max(0, now - dueMs)
      if (delaysMs.length < mostDelays) delaysMs.push(delayMs)
      if (delayMs > longestMs) longestMs = delayMs
      // The loop may have been idle, and then in shorter turns, until the timer was due.
      const activeMs = Math.min(now - lastMs, active - lastActiveMs)
      const isBlocked = activeMs > blockedMs && delayMs > blockedMs - everyMs
      if (isBlocked && !isHeld(activeMs, cpu, lastCpu)) onBlocked({ fromMs: now - activeMs, toMs: now })
    }
    lastMs = now
    lastActiveMs = active
    lastCpu = cpu
    const rests = received - events <= fewEvents
    events = received
    lookIn(rests ? restMs : busyMs, now)
    afterLook()
  }
  // Without the span that may be active here: the timer isn't its work.
  context.with(ROOT_CONTEXT, () => lookIn(busyMs, nowMs()))
  return {
    eachLook(run) {
      afterLook = run
    },
    takeLongestDelayMs() {
      const taken = longestMs
      longestMs = 0
      return taken
    },
    takePercentiles() {
      const sorted = Float64Array.from(delaysMs).sort()
      delaysMs = []
      // Nearest rank.
      const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? NaN
      return { p50Ms: at(0.5), p90Ms: at(0.9), p99Ms: at(0.99) }
    },
    look() {
      // What comes after the end is our own work.
      if (lastMs !== undefined) look()
    },
    stop() {
      lastMs = undefined
      clearTimeout(timer)
    }
  }
}

/** That the loop has received; NaN, never few, in Node 22 before 22.8. Of a program's timers nothing is counted. */
function countEvents(): number {
  return performance.nodeTiming.uvMetricsInfo?.events ?? NaN
}

function isHeld(
  busyMs: number,
  cpu: NodeJS.CpuUsage | undefined,
  before: NodeJS.CpuUsage | undefined
): boolean {
  if (cpu === undefined || before === undefined) return false
  const cpuMs = (cpu.user - before.user + cpu.system - before.system) / 1000
  return cpuMs < busyMs * leastShareOfCpu
}
