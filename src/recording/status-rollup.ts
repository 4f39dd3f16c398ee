// Statuses thinned out to what a curve over hours or months can show: of each second or minute the smallest, the mean
// and the largest value.
import { readStatuses, statusMetrics } from './statuses.ts'
import type { StatusCurve, StatusName } from './statuses.ts'
import type { Recording } from './schema.ts'

export interface RolledCurve {
  /** The metric's standard name: process.cpu.utilization … */
  readonly metric: string
  /** Where each step that has points begins, ns since the recording's epoch, ascending. */
  readonly time: Float64Array
  readonly min: Float64Array
  readonly mean: Float64Array
  readonly max: Float64Array
}

export interface StatusRollup {
  /** Steps begin at multiples of this in Unix time. */
  readonly stepMs: number
  readonly curves: readonly RolledCurve[]
}

/** As many as a curve can show; more are noise that takes bytes. */
const digits = 3

export function buildStatusRollup(recording: Recording, stepMs: number): StatusRollup {
  const statuses = Object.entries(readStatuses(recording)) as [StatusName, StatusCurve][]
  const step = stepMs * 1e6
  const shift = Number(((recording.epoch % BigInt(step)) + BigInt(step)) % BigInt(step))
  const curves = statuses
    .filter(([, curve]) => curve.time.length > 0)
    .map(([name, curve]) => rollCurve(statusMetrics[name], curve, step, shift))
  return Object.freeze({ stepMs, curves })
}

function rollCurve(metric: string, { time, value }: StatusCurve, step: number, shift: number): RolledCurve {
  const steps: { time: number; min: number; sum: number; max: number; count: number }[] = []
  for (let i = 0; i < time.length; i++) {
    const start = Math.floor((time[i]! + shift) / step) * step - shift
    const v = value[i]!
    const last = steps.at(-1)
    if (last?.time !== start) steps.push({ time: start, min: v, sum: v, max: v, count: 1 })
    else {
      last.min = Math.min(last.min, v)
      last.max = Math.max(last.max, v)
      last.sum += v
      last.count++
    }
  }
  return Object.freeze({
    metric,
    time: Float64Array.from(steps, ({ time }) => time),
    min: Float64Array.from(steps, ({ min }) => rounded(min)),
    mean: Float64Array.from(steps, ({ sum, count }) => rounded(sum / count)),
    max: Float64Array.from(steps, ({ max }) => rounded(max))
  })
}

function rounded(value: number): number {
  return Number(value.toPrecision(digits))
}
