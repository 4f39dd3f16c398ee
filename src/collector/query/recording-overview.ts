// The statuses of a whole recording, however long: of compacted segments only their rollups are read, and of those the
// coarsest that the steps can be made of.
import { MicrologError } from '../../base/errors.ts'
import { rollupStepsMs } from '../../format/index.ts'
import { buildStatusRollup } from '../../recording/status-rollup.ts'
import type { RolledCurve, StatusRollup } from '../../recording/status-rollup.ts'
import type { OverviewCurve, RecordingOverview } from '../api.ts'
import type { OpenSegment } from '../store/segment.ts'
import { unixMs } from '../store/unix-ms.ts'
import { unlessDamaged } from './unless-damaged.ts'
import type { OnDamage } from './unless-damaged.ts'

interface Step {
  min: number
  /** Of the means of what it is made of. */
  sum: number
  count: number
  max: number
}

/** What one answer holds at most. */
const mostSteps = 100_000

export interface OverviewRequest {
  /** A multiple of the shortest step that is rolled up. */
  stepMs: number
  /** Only this one; undefined: all. */
  metric?: string | undefined
}

/** @param opened all segments of the recording */
export async function buildOverview(
  opened: readonly OpenSegment[],
  { stepMs, metric }: OverviewRequest,
  onDamage: OnDamage = () => {}
): Promise<RecordingOverview> {
  const rolledMs = Math.max(...rollupStepsMs.filter(step => stepMs % step === 0))
  if (!(rolledMs > 0 && stepMs > 0)) {
    throw new MicrologError(
      'invalid-input',
      `Expected a step of so many times ${Math.min(...rollupStepsMs)} ms, found ${stepMs}`
    )
  }
  const [from, to] = wholeTime(opened)
  if ((to - from) / stepMs > mostSteps) {
    throw new MicrologError(
      'invalid-input',
      `Expected at most ${mostSteps} steps, found ${Math.ceil((to - from) / stepMs)}: ask for a longer stepMs`
    )
  }
  const curves = new Map<string, Map<number, Step>>()
  for (const { segment, file } of opened) {
    if (file.footer.counts.points === 0) continue
    const readRollup = async (): Promise<StatusRollup> =>
      (await file.readStatusRollup(rolledMs)) ?? buildStatusRollup(await file.read(['statuses']), rolledMs)
    const rollup = await unlessDamaged(segment, readRollup, onDamage)
    if (!rollup) continue
    const wanted = rollup.curves.filter(curve => metric === undefined || curve.metric === metric)
    for (const curve of wanted) addCurve(curves, curve, file.footer.epoch, stepMs)
  }
  return {
    stepMs,
    from,
    to,
    curves: Object.fromEntries(Array.from(curves, ([metric, steps]) => [metric, curveOf(steps)]))
  }
}

/** Unix ms; a moment where nothing has a time. */
function wholeTime(opened: readonly OpenSegment[]): [from: number, to: number] {
  let [from, to] = [Infinity, -Infinity]
  for (const { file } of opened) {
    for (const time of [file.footer.from, file.footer.to]) {
      const ms = unixMs(file.footer, time)
      if (!Number.isFinite(ms)) continue
      from = Math.min(from, ms)
      to = Math.max(to, ms)
    }
  }
  if (from <= to) return [from, to]
  const began = Math.min(...opened.map(({ file }) => unixMs(file.footer, 0)))
  return [began, began]
}

/** Where two segments meet in one step, each counts as much: how much of it each has isn't kept. */
function addCurve(
  curves: Map<string, Map<number, Step>>,
  { metric, time, min, mean, max }: RolledCurve,
  epoch: bigint,
  stepMs: number
): void {
  const steps = curves.get(metric) ?? new Map<number, Step>()
  curves.set(metric, steps)
  for (let row = 0; row < time.length; row++) {
    const rolled = Math.round(unixMs({ epoch }, time[row]!))
    const at = Math.floor(rolled / stepMs) * stepMs
    const step = steps.get(at) ?? { min: Infinity, sum: 0, count: 0, max: -Infinity }
    steps.set(at, step)
    step.min = Math.min(step.min, min[row]!)
    step.max = Math.max(step.max, max[row]!)
    step.sum += mean[row]!
    step.count++
  }
}

function curveOf(steps: ReadonlyMap<number, Step>): OverviewCurve {
  const sorted = [...steps].sort(([a], [b]) => a - b)
  return {
    time: sorted.map(([time]) => time),
    min: sorted.map(([, { min }]) => min),
    mean: sorted.map(([, { sum, count }]) => sum / count),
    max: sorted.map(([, { max }]) => max)
  }
}
