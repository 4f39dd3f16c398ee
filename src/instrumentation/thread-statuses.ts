import { createRequire } from 'node:module'
import {
  monitorEventLoopDelay,
  performance,
  PerformanceObserver,
  type EventLoopUtilization
} from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { StatusPoints } from './record-sink.ts'

export interface ThreadStatuses {
  /** The last points are handed over before this returns. */
  stop(): void
}

export interface ThreadStatusOptions {
  threadId: number
  statusIntervalMs: number
  /** Between two counts of the loaded modules: 80 µs for 2,000 of them, the rest of a status takes 10. */
  memoryIntervalMs: number
  unixUs(): number
  onStatuses(points: StatusPoints): void
}

const metrics = [
  ['v8js.memory.heap.used', 'By'],
  ['nodejs.eventloop.utilization', '1'],
  ['nodejs.eventloop.delay.max', 's'],
  ['microlog.gc.time', 's'],
  ['microlog.modules.loaded', '{module}']
] as const

const handOverEveryMs = 500
/** Free at this resolution; finer ones cost. */
const delayResolutionMs = 50

/** Figures only this thread can give. CPU and resident memory come from the sender's worker. */
export function startThreadStatuses(options: ThreadStatusOptions): ThreadStatuses {
  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs })
  delay.enable()
  let gcMs = 0
  const gc = new PerformanceObserver(list => {
    for (const entry of list.getEntries()) gcMs += entry.duration
  })
  gc.observe({ entryTypes: ['gc'] })
  const requireCache = createRequire(import.meta.url).cache
  let utilization: EventLoopUtilization = performance.eventLoopUtilization()
  let rows: { unixUs: number; values: number[] }[] = []
  let handedOverMs = performance.now()
  let modulesCountedMs = -Infinity

  /** NaN, not measured, but for the times that are due. */
  const countModules = (): number => {
    const now = performance.now()
    // Timers may be early.
    if (now - modulesCountedMs < options.memoryIntervalMs * 0.95) return NaN
    modulesCountedMs = now
    return Object.keys(requireCache).length
  }
  const status = (): void => {
    const now = performance.eventLoopUtilization()
    // The histogram counts the resolution itself as delay.
    const delayMs = delay.max > 0 ? Math.max(0, delay.max / 1e6 - delayResolutionMs) : 0
    delay.reset()
    rows.push({
      unixUs: options.unixUs(),
      values: [
        getHeapStatistics().used_heap_size,
        performance.eventLoopUtilization(now, utilization).utilization,
        delayMs / 1000,
        gcMs / 1000,
        countModules()
      ]
    })
    utilization = now
    gcMs = 0
    if (performance.now() - handedOverMs >= handOverEveryMs) handOver()
  }
  const handOver = (): void => {
    handedOverMs = performance.now()
    if (rows.length === 0) return
    const taken = rows
    rows = []
    options.onStatuses({
      threadId: options.threadId,
      timeUnixNano: BigInt64Array.from(taken, ({ unixUs }) => BigInt(Math.round(unixUs)) * 1000n),
      metrics: metrics.map(([name, unit], m) => ({
        name,
        unit,
        values: Float64Array.from(taken, ({ values }) => values[m]!)
      }))
    })
  }
  const timer = setInterval(status, options.statusIntervalMs).unref()
  return {
    stop() {
      clearInterval(timer)
      status()
      handOver()
      delay.disable()
      gc.disconnect()
    }
  }
}
