// The call graph as an ECharts option: a node is as large as its own time, an edge as thick as the time of its calls.
import type { GraphSeriesOption } from 'echarts'
import type { ComposeOption } from 'echarts/core'
import { clamp } from '../../base/units.ts'
import type { DesignEdge, DesignNode } from '../../recording/design-graph.ts'
import { blend, shade } from '../canvas/palette.ts'
import type { Palette } from '../canvas/palette.ts'
import type { ThemeColours } from '../canvas/use-theme-colours.ts'
import { labelDistance, placeLabels } from './graph-labels.ts'
import type { LabelBox, LabelSide } from './graph-labels.ts'
import type { GraphPlace } from './graph-layout.ts'

export type DesignOption = ComposeOption<GraphSeriesOption>

export interface GraphPicture {
  readonly nodes: readonly DesignNode[]
  /** The longest first. */
  readonly edges: readonly DesignEdge[]
  readonly places: readonly GraphPlace[]
  /** CSS pixels: what the places are laid out for. */
  readonly size: { readonly width: number; readonly height: number }
  /** By node. */
  readonly colours: readonly string[]
  /** By node: 1 where the search found it; null where nothing is searched for. */
  readonly matches: Uint8Array | null
  /** Index of the selected node, -1 for none. */
  readonly selected: number
  /** 1: as it is laid out. Names keep their size, so that more of them find room in a larger picture. */
  readonly zoom: number
}

const smallest = 12
const largest = 52
/** Of the picture, where it is small. */
const largestShare = 0.11
const nodeScaleRatio = 0.5
/** CSS pixels, and of the picture's width. */
const widestLabel = 190
const labelShare = 0.35

export function buildDesignOption(
  picture: GraphPicture,
  palette: Palette,
  theme: ThemeColours
): DesignOption {
  const { nodes, edges, places, size, colours, matches, selected } = picture
  const sizes = symbolSizes(picture)
  const labels = labelSides(picture, sizes)
  const longestCall = Math.max(1, edges[0]?.total ?? 0)
  const isFaded = (node: number): boolean => matches !== null && matches[node] === 0
  const isBeside = ({ from, to }: DesignEdge): boolean => from === selected || to === selected
  return {
    animation: false,
    stateAnimation: { duration: 0 },
    series: {
      type: 'graph',
      id: 'design',
      layout: 'none',
      // Places are CSS pixels: two corners that can't be seen keep them so.
      left: 0,
      top: 0,
      width: size.width,
      height: size.height,
      roam: true,
      roamTrigger: 'global',
      scaleLimit: { min: 0.3, max: 6 },
      nodeScaleRatio,
      draggable: true,
      edgeSymbol: ['none', 'arrow'],
      emphasis: { focus: 'adjacency', lineStyle: { opacity: 0.95 } },
      blur: {
        itemStyle: { opacity: 0.3 },
        lineStyle: { opacity: 0.08 },
        label: { opacity: 0.3 },
        edgeLabel: { opacity: 0.3 }
      },
      data: [
        ...nodes.map((node, i) => {
          const faded = isFaded(i)
          const colour = faded ? palette.faded : colours[i]!
          return {
            id: String(i),
            name: labelOf(node),
            x: places[i]!.x,
            y: places[i]!.y,
            symbol: node.kind === 'package' || node.kind === 'folder' ? 'roundRect' : 'circle',
            symbolSize: sizes[i]!,
            itemStyle: {
              color: colour,
              borderColor: i === selected ? palette.outline : shade(colour, -0.25),
              borderWidth: i === selected ? 3 : 1,
              borderType: node.kind === 'rest' ? ('dashed' as const) : ('solid' as const)
            },
            emphasis: { label: { show: true } },
            label: {
              show: labels[i] !== undefined,
              position: labels[i] ?? ('bottom' as const),
              distance: labelDistance,
              width: widthOfLabels(size),
              overflow: 'truncate' as const,
              color: faded ? theme['text-3'] : theme.text,
              fontSize: 12,
              fontWeight: i === selected ? ('bold' as const) : ('normal' as const),
              textBorderColor: theme.bg,
              textBorderWidth: 3
            }
          }
        }),
        cornerAt('start', 0, 0),
        cornerAt('end', size.width, size.height)
      ],
      links: edges.map(edge => {
        const { from, to, total } = edge
        const width = 1 + 8 * Math.sqrt(total / longestCall)
        const faded = isFaded(from) && isFaded(to)
        return {
          source: String(from),
          target: String(to),
          symbolSize: [0, 6 + width],
          lineStyle: {
            width,
            color: faded ? palette.faded : blend(colours[from]!, theme['text-2'], 0.35),
            opacity: faded ? 0.3 : isBeside(edge) ? 0.95 : selected < 0 ? 0.55 : 0.22,
            curveness: curveOf(places[from]!.rank, places[to]!.rank)
          }
        }
      })
    }
  }
}

function symbolSizes({ nodes, size }: GraphPicture): number[] {
  const most = clamp(Math.min(size.width, size.height) * largestShare, smallest, largest)
  const longestSelf = Math.max(1, ...nodes.map(({ self }) => self))
  return nodes.map(({ self }) => smallest + (most - smallest) * Math.sqrt(self / longestSelf))
}

function widthOfLabels({ width }: GraphPicture['size']): number {
  return Math.min(widestLabel, width * labelShare)
}

/** The selected node chooses first, then those that the search found; of all, the large ones that one looks at. */
function labelSides(
  { nodes, places, size, matches, selected, zoom }: GraphPicture,
  sizes: readonly number[]
): (LabelSide | undefined)[] {
  const importance = (node: number): number =>
    node === selected ? 2 : matches === null || matches[node] === 1 ? 1 : 0
  const order = nodes
    .map((_, node) => node)
    .sort((a, b) => importance(b) - importance(a) || sizes[b]! - sizes[a]!)
  const scale = 1 + (zoom - 1) * nodeScaleRatio
  const labelled = order.map(node => ({
    x: places[node]!.x * zoom,
    y: places[node]!.y * zoom,
    size: sizes[node]! * scale,
    text: labelOf(nodes[node]!)
  }))
  const { width, height } = size
  const whole: LabelBox = { left: 0, top: 0, right: width * zoom, bottom: height * zoom }
  const buttons = { left: width - 120, top: height - 42, right: width, bottom: height }
  const sides = placeLabels(labelled, widthOfLabels(size), whole, zoom === 1 ? [buttons] : [])
  const byNode: (LabelSide | undefined)[] = Array(nodes.length)
  order.forEach((node, i) => (byNode[node] = sides[i]))
  return byNode
}

/** Of a package its name alone: the list and the tip tell the version. */
function labelOf({ kind, name }: DesignNode): string {
  const at = name.lastIndexOf('@')
  return kind === 'package' && at > 0 ? name.slice(0, at) : name
}

/** Calls that pass columns bend around what stands there; those that lead back bend more. */
function curveOf(from: number, to: number): number {
  if (to <= from) return 0.35
  return Math.min(0.3, 0.06 + 0.08 * (to - from - 1))
}

function cornerAt(id: string, x: number, y: number) {
  return { id, x, y, symbolSize: 0, silent: true, label: { show: false } }
}
