// The resource curves as an ECharts option: all on the time range of the screen, each kind of unit on a scale of its
// own that doesn't change with zooming.
import type { GridComponentOption, LineSeriesOption } from 'echarts'
import type { ComposeOption } from 'echarts/core'
import { formatBytes, formatCount, formatDuration, nanosPerSecond } from '../../base/units.ts'
import type { StatusCurve, StatusName } from '../../recording/statuses.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import type { ThemeColours } from '../canvas/use-theme-colours.ts'
import { reduceCurve } from './reduce-curve.ts'

export type ResourcesOption = ComposeOption<GridComponentOption | LineSeriesOption>
type Scale = 'share' | 'bytes' | 'seconds' | 'count'

export interface Resource {
  readonly name: StatusName
  readonly label: string
  readonly scale: Scale
  /** Holds its value until the next status. */
  readonly steps: boolean
}

/** In the order of the legend. */
export const resources: readonly Resource[] = [
  { name: 'cpu', label: 'CPU', scale: 'share', steps: false },
  { name: 'memory', label: 'Memory', scale: 'bytes', steps: true },
  { name: 'heap', label: 'Heap', scale: 'bytes', steps: false },
  { name: 'loop', label: 'Loop busy', scale: 'share', steps: false },
  { name: 'delay', label: 'Loop delay', scale: 'seconds', steps: false },
  { name: 'modules', label: 'Modules', scale: 'count', steps: true }
]

export function formatResource(resource: Resource, value: number | undefined): string {
  if (value === undefined) return '–'
  if (resource.scale === 'share') return `${Math.round(value * 100)} %`
  if (resource.scale === 'bytes') return formatBytes(value)
  if (resource.scale === 'seconds') return formatDuration(value * nanosPerSecond)
  return formatCount(value)
}

/** Points in all curves together. */
const mostPoints = 4_000
const scales: readonly Scale[] = ['share', 'bytes', 'seconds', 'count']

export function buildResourcesOption(
  statuses: Readonly<Record<StatusName, StatusCurve>>,
  range: TimeRange,
  width: number,
  hidden: ReadonlySet<StatusName>,
  colours: ThemeColours,
  maxima: ScaleMaxima
): ResourcesOption {
  const shown = resources.filter(({ name }) => !hidden.has(name) && statuses[name].time.length > 0)
  const each = Math.max(16, Math.min(Math.round(width), Math.floor(mostPoints / Math.max(1, shown.length))))
  return {
    animation: false,
    grid: { left: 0, right: 0, top: 6, bottom: 1 },
    xAxis: { type: 'value', show: false, min: range.from, max: range.to },
    yAxis: scales.map(scale => ({
      type: 'value',
      show: scale === 'share',
      min: 0,
      max: maxima[scale],
      interval: scale === 'share' ? maxima.share / 2 : undefined,
      axisLabel: { show: false },
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: scale === 'share', lineStyle: { color: colours.line, width: 1 } }
    })),
    series: shown.map(({ name, scale, steps }) => ({
      type: 'line',
      id: name,
      yAxisIndex: scales.indexOf(scale),
      dimensions: ['time', 'value'],
      // Flat typed arrays: ECharts copies options, and copying rows of pairs took longer than drawing them.
      data: reduceCurve(statuses[name], range, each) as unknown as number[],
      step: steps ? 'end' : undefined,
      showSymbol: false,
      silent: true,
      lineStyle: { color: colours[name], width: 1.25 },
      areaStyle: name === 'cpu' ? { color: colours.cpu, opacity: 0.14 } : undefined
    }))
  }
}

export type ScaleMaxima = Readonly<Record<Scale, number>>

/** Of all the recording, so that a curve keeps its shape while one zooms. A share may pass 1 where threads add up. */
export function scaleMaxima(statuses: Readonly<Record<StatusName, StatusCurve>>): ScaleMaxima {
  return Object.fromEntries(scales.map(scale => [scale, maximumOf(statuses, scale)])) as ScaleMaxima
}

function maximumOf(statuses: Readonly<Record<StatusName, StatusCurve>>, scale: Scale): number {
  let most = scale === 'share' ? 1 : 0
  for (const { name, scale: own } of resources) {
    if (own !== scale) continue
    for (const value of statuses[name].value) if (value > most) most = value
  }
  return most === 0 ? 1 : scale === 'share' ? most : most * 1.08
}
