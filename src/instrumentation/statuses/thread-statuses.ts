import { createRequire } from 'node:module'
import { performance, type EventLoopUtilization } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { StatusPoints } from '../record-sink.ts'
import { gcKinds, noCollections, type GcWatch } from './gc-watch.ts'
import type { LoopWatch } from './loop-watch.ts'
import { nowMs } from '../real-clock.ts'

export interface ThreadStatuses {
  /** The last points are handed over before this returns. */
  stop(): void
}

export interface ThreadStatusOptions {
  threadId: number
  statusIntervalMs: number
  /** Between two reads of what costs more: modules (80 µs for 2,000 of them), open resources, percentiles. */
  memoryIntervalMs: number
  loop: LoopWatch
  gc: GcWatch
  /** The thread's samples tell how busy its loop is: see loopUtilization. */
  isSampled(): boolean
  unixUs(): number
  onStatuses(points: StatusPoints): void
}

/** OpenTelemetry's names where it has some: the heap's `limit` is what V8 has set aside so far, not the most it may take. */
const metrics: readonly (readonly [name: string, unit: string])[] = [
  ['v8js.memory.heap.used', 'By'],
  ['v8js.memory.heap.limit', 'By'],
  ['microlog.memory.external', 'By'],
  ['nodejs.eventloop.utilization', '1'],
  ['nodejs.eventloop.delay.max', 's'],
  ['microlog.gc.pause.max', 's'],
  ...gcKinds.flatMap(kind => [
    [`microlog.gc.${kind}.count`, '{collection}'] as const,
    [`microlog.gc.${kind}.time`, 's'] as const
  ]),
  ['nodejs.eventloop.delay.p50', 's'],
  ['nodejs.eventloop.delay.p90', 's'],
  ['nodejs.eventloop.delay.p99', 's'],
  ['microlog.modules.loaded', '{module}'],
  ['microlog.resources.active', '{resource}']
]

const nothingCollected: readonly number[] = new Array<number>(1 + 2 * gcKinds.length).fill(NaN)

const handOverEveryMs = 1000
/** Timers may be early. */
const early = 0.95

/** Figures only this thread can give. CPU and resident memory come from the sender's worker. */
export function startThreadStatuses(options: ThreadStatusOptions): ThreadStatuses {
  const { loop } = options
  const collections = options.gc.tally()
  const requireCache = createRequire(import.meta.url).cache
  let utilization: EventLoopUtilization = performance.eventLoopUtilization()
  let rows: { unixUs: number; values: number[] }[] = []
  let handedOverMs = nowMs()
  let seldomReadMs = -Infinity
  let readMs = nowMs()

  const readUtilization = (): number => {
    const before = utilization
    utilization = performance.eventLoopUtilization()
    return performance.eventLoopUtilization(utilization, before).utilization
  }
  const readHeap = (): number[] => {
    const heap = getHeapStatistics()
    return [heap.used_heap_size, heap.total_heap_size, heap.external_memory]
  }
  /** NaN for a kind that hasn't run. */
  const readCollections = (): readonly number[] => {
    const byKind = collections.take()
    if (byKind === noCollections) return nothingCollected
    const longestMs = Math.max(...gcKinds.map(kind => byKind[kind].longestMs))
    return [
      orNothing(longestMs) / 1000,
      ...gcKinds.flatMap(kind => [orNothing(byKind[kind].count), orNothing(byKind[kind].ms) / 1000])
    ]
  }
  /** NaN, not measured, but for the times that are due. */
  const readSeldom = (): number[] => {
    const now = nowMs()
    if (now - seldomReadMs < options.memoryIntervalMs * early) return [NaN, NaN, NaN, NaN, NaN]
    seldomReadMs = now
    const { p50Ms, p90Ms, p99Ms } = loop.takePercentiles()
    return [
      p50Ms / 1000,
      p90Ms / 1000,
      p99Ms / 1000,
      Object.keys(requireCache).length,
      process.getActiveResourcesInfo().length
    ]
  }
  const status = (): void => {
    readMs = nowMs()
    rows.push({
      unixUs: options.unixUs(),
      values: [
        ...readHeap(),
        options.isSampled() ? NaN : readUtilization(),
        loop.takeLongestDelayMs() / 1000,
        ...readCollections(),
        ...readSeldom()
      ]
    })
    if (readMs - handedOverMs >= handOverEveryMs * early) handOver()
  }
  const handOver = (): void => {
    handedOverMs = nowMs()
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
  // At the looks at the loop: a timer of its own would wake a program that waits once more.
  loop.eachLook(() => {
    if (nowMs() - readMs >= options.statusIntervalMs * early) status()
  })
  return {
    stop() {
      status()
      handOver()
    }
  }
}

function orNothing(value: number): number {
  return value > 0 ? value : NaN
}
