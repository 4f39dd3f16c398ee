// The statuses of a recording as curves: CPU, memory and event loop over time, from metrics with the standard names.
import { attributeNumber } from './attributes.ts'
import type { Recording } from './schema.ts'

const statusMetrics = {
  /** Share of one core, user and system. */
  cpu: 'process.cpu.utilization',
  /** Bytes resident. */
  memory: 'process.memory.usage',
  /** Bytes in use. */
  heap: 'v8js.memory.heap.used',
  /** Share of the time that the event loop was busy. */
  loop: 'nodejs.eventloop.utilization',
  /** Seconds, the longest since the status before. */
  delay: 'nodejs.eventloop.delay.max',
  /** Modules loaded so far. */
  modules: 'microlog.modules.loaded'
} as const
export type StatusName = keyof typeof statusMetrics

export interface StatusCurve {
  /** ns since the recording's epoch, ascending. */
  readonly time: Float64Array
  readonly value: Float64Array
}

/** The main thread's statuses; a metric that wasn't recorded has no points. */
export function readStatuses(recording: Recording): Record<StatusName, StatusCurve> {
  const names = Object.keys(statusMetrics) as StatusName[]
  const nameOfMetric = new Map<string, StatusName>(names.map(name => [statusMetrics[name], name]))
  const { series, points, strings } = recording
  const nameOfSeries = Array.from({ length: series.length }, (_, row) => {
    const ofWorker = (attributeNumber(recording, series.attributes[row]!, 'thread.id') ?? 0) !== 0
    return ofWorker ? undefined : nameOfMetric.get(strings[series.name[row]!]!)
  })
  const rows = Object.fromEntries(names.map(name => [name, [] as number[]])) as Record<StatusName, number[]>
  for (let row = 0; row < points.length; row++) {
    const name = nameOfSeries[points.series[row]!]
    if (name && Number.isFinite(points.value[row]!)) rows[name].push(row)
  }
  return Object.fromEntries(
    names.map(name => {
      const order = rows[name].sort((a, b) => points.time[a]! - points.time[b]!)
      return [
        name,
        Object.freeze({
          time: Float64Array.from(order, row => points.time[row]!),
          value: Float64Array.from(order, row => points.value[row]!)
        })
      ]
    })
  ) as Record<StatusName, StatusCurve>
}

/** The last value at or before a time; undefined before the first. */
export function statusAt(curve: StatusCurve, time: number): number | undefined {
  let low = 0
  let high = curve.time.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (curve.time[middle]! <= time) low = middle + 1
    else high = middle
  }
  return low === 0 ? undefined : curve.value[low - 1]
}

/** The mean over a stretch, by the points in it; undefined where there are none. */
export function statusMean(curve: StatusCurve, from: number, to: number): number | undefined {
  let sum = 0
  let count = 0
  for (let i = 0; i < curve.time.length; i++) {
    if (curve.time[i]! < from || curve.time[i]! > to) continue
    sum += curve.value[i]!
    count++
  }
  return count > 0 ? sum / count : undefined
}
