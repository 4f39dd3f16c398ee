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
  /** The longest delay since the last time. */
  takeLongestDelayMs(): number
  /** Of all delays since the last time; NaN where there were none. */
  takePercentiles(): DelayPercentiles
  /** Looks now; otherwise each 20 ms as far as the loop turns, each 50 while it does little. */
  look(): void
  stop(): void
}

/** Longer turns are told as blocked stretches. */
const blockedMs = 100
const lookEveryMs = 20
/** While there is little to do: to wake an idle program takes more of the CPU than the look itself. */
const restEveryMs = 50
const restingShare = 0.5
/** A debugger that holds the program uses none of its CPU. */
const leastShareOfCpu = 0.1
const mostDelays = 10_000

/**
 * Looks how late a timer comes: that is what everything else waits, too. Begins with the first turn of the loop: what a
 * program does before is its start, and nothing waits for it yet.
 */
export function watchLoop(onBlocked: (stretch: BlockedStretch) => void): LoopWatch {
  let delaysMs: number[] = []
  let longestMs = 0
  let lastMs: number | undefined
  let lastActiveMs = 0
  let everyMs = lookEveryMs
  let lastCpu: NodeJS.CpuUsage | undefined
  let stopped = false

  const look = (): void => {
    const now = nowMs()
    const { active } = performance.eventLoopUtilization()
    const cpu = inspectorUrl() === undefined ? undefined : process.cpuUsage()
    let nextMs = lookEveryMs
    if (lastMs !== undefined) {
      const delayMs = Math.max(0, now - lastMs - everyMs)
      if (delaysMs.length < mostDelays) delaysMs.push(delayMs)
      if (delayMs > longestMs) longestMs = delayMs
      // The loop may have been idle, and then in shorter turns, until the timer was due.
      const busyMs = Math.min(now - lastMs, active - lastActiveMs)
      const isBlocked = busyMs > blockedMs && delayMs > blockedMs - everyMs
      if (isBlocked && !isHeld(busyMs, cpu, lastCpu)) onBlocked({ fromMs: now - busyMs, toMs: now })
      if (busyMs < (now - lastMs) * restingShare) nextMs = restEveryMs
    }
    lastMs = now
    lastActiveMs = active
    lastCpu = cpu
    if (nextMs === everyMs) timer?.refresh()
    else beginTimer(nextMs)
  }
  let timer: NodeJS.Timeout | undefined
  const beginTimer = (ms: number): void => {
    clearTimeout(timer)
    everyMs = ms
    // Without the span that may be active here: the timer isn't its work.
    timer = context.with(ROOT_CONTEXT, () => setTimeout(look, ms)).unref()
  }
  beginTimer(lookEveryMs)
  return {
    takeLongestDelayMs() {
      // Timers may be early; who asks has woken the program already.
      if (lastMs !== undefined && !stopped && nowMs() - lastMs >= everyMs * 0.9) look()
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
      if (lastMs !== undefined && !stopped) look()
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    }
  }
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
