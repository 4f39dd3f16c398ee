// The statuses of a recording as curves: CPU, memory and event loop over time, from metrics with the standard names.
import { attributeNumber } from './attributes.ts'
import type { Recording } from './schema.ts'

export const statusMetrics = {
  /** Share of one core, user and system. */
  cpu: 'process.cpu.utilization',
  /** Bytes resident. */
  memory: 'process.memory.usage',
  /** Share of all cores of the machine, by whatever runs there. */
  system: 'system.cpu.utilization',
  /** Bytes in use. */
  heap: 'v8js.memory.heap.used',
  /** Bytes that V8 has set aside for its heap. */
  reserved: 'v8js.memory.heap.limit',
  /** Bytes outside of the heap that objects of it hold: buffers above all. */
  external: 'microlog.memory.external',
  /** Share of the time that the event loop was busy. */
  loop: 'nodejs.eventloop.utilization',
  /** Seconds, the longest since the status before. */
  delay: 'nodejs.eventloop.delay.max',
  /** Seconds, of the delays of about a second. */
  p99: 'nodejs.eventloop.delay.p99',
  /** Seconds, the longest collection since the status before; no point where there was none. */
  pauses: 'microlog.gc.pause.max',
  /** Modules loaded so far. */
  modules: 'microlog.modules.loaded',
  /** Timers, sockets, files and the like that keep the program running. */
  resources: 'microlog.resources.active'
} as const
export type StatusName = keyof typeof statusMetrics

export interface StatusCurve {
  /** ns since the recording's epoch, ascending. */
  readonly time: Float64Array
  readonly value: Float64Array
}

/** The main thread's statuses; a metric that wasn't recorded has no points. */
export function readStatuses(recording: Recording): Record<StatusName, StatusCurve> {
  return readCurves(recording, statusMetrics)
}

/** The same for other metrics. @param metrics by the names that their curves are wanted under */
export function readCurves<Name extends string>(
  recording: Recording,
  metrics: Readonly<Record<Name, string>>
): Record<Name, StatusCurve> {
  const names = Object.keys(metrics) as Name[]
  const nameOfMetric = new Map<string, Name>(names.map(name => [metrics[name], name]))
  const { series, points, strings } = recording
  const nameOfSeries = Array.from({ length: series.length }, (_, row) => {
    const ofWorker = (attributeNumber(recording, series.attributes[row]!, 'thread.id') ?? 0) !== 0
    return ofWorker ? undefined : nameOfMetric.get(strings[series.name[row]!]!)
  })
  const rows = Object.fromEntries(names.map(name => [name, [] as number[]])) as Record<Name, number[]>
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
  ) as Record<Name, StatusCurve>
}

/** The last value at or before a time; undefined before the first. */
export function statusAt(curve: StatusCurve, time: number): number | undefined {
  return curve.value[firstAfter(curve.time, time) - 1]
}

/** Position of the first of ascending times that is later. */
export function firstAfter(times: Float64Array, time: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (times[middle]! > time) high = middle
    else low = middle + 1
  }
  return low
}

/** The value nearest to a time, no further than `within` ns; for figures that don't hold on. */
export function statusNear(curve: StatusCurve, time: number, within: number): number | undefined {
  const after = firstAfter(curve.time, time)
  const [before, next] = [time - (curve.time[after - 1] ?? NaN), (curve.time[after] ?? NaN) - time]
  const nearest = before <= next || Number.isNaN(next) ? after - 1 : after
  return Math.abs(curve.time[nearest]! - time) <= within ? curve.value[nearest] : undefined
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
