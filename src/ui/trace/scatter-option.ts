// Traces as points: when they began, how long they took. Durations are on a scale of powers of ten, as they are spread.
import type { GridComponentOption, ScatterSeriesOption } from 'echarts'
import type { ComposeOption } from 'echarts/core'
import type { TraceSummary } from '../../collector/api.ts'
import { formatDuration, nanosPerMs } from '../../base/units.ts'
import type { ThemeColours } from '../canvas/use-theme-colours.ts'

export type ScatterOption = ComposeOption<GridComponentOption | ScatterSeriesOption>

/** What the chart is limited to; Unix ms and ms. Missing ones are as the points have it. */
export interface ScatterLimits {
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** CSS pixels around the points, for the labels of the axes. */
export const scatterGrid = { left: 68, right: 14, top: 10, bottom: 22 }

/** A scale of powers has no zero. */
const shortestMs = 0.001

/** Those that failed are drawn last: over the others. */
export function scatterSeries(traces: readonly TraceSummary[]): {
  fine: readonly TraceSummary[]
  failed: readonly TraceSummary[]
} {
  return {
    fine: traces.filter(({ errors }) => errors === 0),
    failed: traces.filter(({ errors }) => errors > 0)
  }
}

export function buildScatterOption(
  traces: readonly TraceSummary[],
  { from, to }: ScatterLimits,
  colours: ThemeColours
): ScatterOption {
  const label = { color: colours['text-3'], fontSize: 11, hideOverlap: true }
  const axisLine = { lineStyle: { color: colours['line-strong'] } }
  const { fine, failed } = scatterSeries(traces)
  const few = traces.length < 200
  const series = (id: string, points: readonly TraceSummary[], color: string, opacity: number) => ({
    type: 'scatter' as const,
    id,
    symbolSize: few ? 7 : 5,
    cursor: 'pointer',
    itemStyle: { color, opacity },
    emphasis: { scale: 1.6, itemStyle: { opacity: 1 } },
    data: points.map(({ start, durationMs }) => [start, Math.max(shortestMs, durationMs)])
  })
  return {
    animation: false,
    grid: scatterGrid,
    xAxis: {
      type: 'time',
      min: from ?? 'dataMin',
      max: to ?? 'dataMax',
      axisLabel: label,
      axisLine,
      axisTick: axisLine,
      splitNumber: 4
    },
    yAxis: {
      type: 'log',
      axisLabel: { ...label, formatter: (ms: number) => formatDuration(ms * nanosPerMs) },
      axisLine: { show: false },
      splitLine: { lineStyle: { color: colours.line } }
    },
    series: [series('fine', fine, colours.accent, 0.65), series('failed', failed, colours.error, 0.95)]
  }
}
