// The resource curves as ECharts options, one a lane: all on the time range of the screen, each kind of unit on a scale
// of its own that doesn't change with zooming.
import type { GridComponentOption, LineSeriesOption } from 'echarts'
import type { ComposeOption } from 'echarts/core'
import { formatBytes, formatCount, formatDuration, nanosPerSecond } from '../../base/units.ts'
import type { StatusCurve, StatusName } from '../../recording/statuses.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import type { ThemeColours } from '../canvas/use-theme-colours.ts'
import { asStems, reduceCurve } from './reduce-curve.ts'

export type ResourcesOption = ComposeOption<GridComponentOption | LineSeriesOption>
type Scale = 'share' | 'bytes' | 'seconds' | 'count'

export interface Resource {
  readonly name: StatusName
  readonly label: string
  readonly scale: Scale
  /** What a point tells of: a moment, between which it slopes; the time until the next one; the time since the one before;
      or a moment alone. */
  readonly shape: 'line' | 'steps' | 'intervals' | 'stems'
  /** Shown only when asked for. */
  readonly folded?: true
}

export interface ResourceLane {
  readonly name: string
  /** In the order of the legend. */
  readonly resources: readonly Resource[]
}

export const resourceLanes: readonly ResourceLane[] = [
  {
    name: 'CPU',
    resources: [
      { name: 'cpu', label: 'CPU', scale: 'share', shape: 'intervals' },
      { name: 'system', label: 'Machine CPU', scale: 'share', shape: 'intervals' },
      { name: 'modules', label: 'Modules', scale: 'count', shape: 'steps', folded: true }
    ]
  },
  {
    name: 'Memory',
    resources: [
      { name: 'memory', label: 'Memory', scale: 'bytes', shape: 'steps' },
      { name: 'reserved', label: 'Heap total', scale: 'bytes', shape: 'steps' },
      { name: 'heap', label: 'Heap used', scale: 'bytes', shape: 'line' },
      { name: 'external', label: 'External', scale: 'bytes', shape: 'line' }
    ]
  },
  {
    name: 'Event loop',
    resources: [
      { name: 'loop', label: 'Loop busy', scale: 'share', shape: 'intervals' },
      { name: 'delay', label: 'Loop delay', scale: 'seconds', shape: 'intervals' },
      { name: 'p99', label: 'Delay p99', scale: 'seconds', shape: 'intervals', folded: true },
      { name: 'pauses', label: 'GC pauses', scale: 'seconds', shape: 'stems' },
      { name: 'resources', label: 'Active handles', scale: 'count', shape: 'steps', folded: true }
    ]
  }
]

export function formatResource(resource: Resource, value: number | undefined): string {
  if (value === undefined) return '–'
  if (resource.scale === 'share') return `${Math.round(value * 100)} %`
  if (resource.scale === 'bytes') return formatBytes(value)
  if (resource.scale === 'seconds') return formatDuration(value * nanosPerSecond)
  return formatCount(Math.round(value))
}

/** Points in all curves together. */
const mostPoints = 4_000
const scales: readonly Scale[] = ['share', 'bytes', 'seconds', 'count']

export function buildResourcesOption(
  lane: ResourceLane,
  statuses: Readonly<Record<StatusName, StatusCurve>>,
  range: TimeRange,
  width: number,
  hidden: ReadonlySet<StatusName>,
  colours: ThemeColours,
  maxima: ScaleMaxima
): ResourcesOption {
  const shown = lane.resources.filter(({ name }) => !hidden.has(name) && statuses[name].time.length > 0)
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
    series: shown.map(({ name, scale, shape }) => ({
      type: 'line',
      id: name,
      yAxisIndex: scales.indexOf(scale),
      dimensions: ['time', 'value'],
      // Flat typed arrays: ECharts copies options, and copying rows of pairs took longer than drawing them.
      data: pointsOf(reduceCurve(statuses[name], range, each), shape) as unknown as number[],
      // A value told of the time before it begins where the point before stands.
      step: shape === 'steps' ? 'end' : shape === 'intervals' ? 'start' : undefined,
      connectNulls: false,
      showSymbol: false,
      silent: true,
      lineStyle: { color: colours[name], width: 1.25 },
      areaStyle: name === 'cpu' ? { color: colours.cpu, opacity: 0.14 } : undefined
    }))
  }
}

function pointsOf(points: Float64Array, shape: Resource['shape']): Float64Array {
  return shape === 'stems' ? asStems(points) : points
}

export type ScaleMaxima = Readonly<Record<Scale, number>>

/** Of all the recording, so that a curve keeps its shape while one zooms. A share may pass 1 where threads add up. */
export function scaleMaxima(
  lane: ResourceLane,
  statuses: Readonly<Record<StatusName, StatusCurve>>
): ScaleMaxima {
  return Object.fromEntries(scales.map(scale => [scale, maximumOf(lane, statuses, scale)])) as ScaleMaxima
}

function maximumOf(
  lane: ResourceLane,
  statuses: Readonly<Record<StatusName, StatusCurve>>,
  scale: Scale
): number {
  let most = scale === 'share' ? 1 : 0
  for (const { name, scale: own } of lane.resources) {
    if (own !== scale) continue
    for (const value of statuses[name].value) if (value > most) most = value
  }
  return most === 0 ? 1 : scale === 'share' ? most : most * 1.08
}

/** What the top of the lane stands for, in the units of the curves that are shown. */
export function topOfLane(
  lane: ResourceLane,
  shown: (name: StatusName) => boolean,
  maxima: ScaleMaxima
): string {
  const used = lane.resources.filter(({ name }) => shown(name))
  const tops = scales.flatMap(scale => {
    const resource = used.find(one => one.scale === scale)
    return resource ? [formatResource(resource, maxima[scale])] : []
  })
  return tops.join(' · ')
}
