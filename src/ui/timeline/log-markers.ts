// Logs as dots on the time axis, a lane a level, loudest on top; those that the recorder itself wrote in one of their own.
import type { LogEntry, LogLevel } from '../../recording/log-entries.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import type { Painter } from '../canvas/painter.ts'
import { xOf } from '../canvas/time-scale.ts'
import { shade } from '../canvas/palette.ts'
import type { Palette } from '../canvas/palette.ts'
import type { ThemeColours } from '../canvas/use-theme-colours.ts'

type MarkerColour = keyof Palette['markers']

export interface MarkerLane {
  readonly label: string
  /** Of its dots; undefined where each has that of its level. */
  readonly colour: MarkerColour | undefined
}

const levelLanes: readonly { colour: MarkerColour; levels: readonly LogLevel[] }[] = [
  { colour: 'error', levels: ['error', 'fatal'] },
  { colour: 'warn', levels: ['warn'] },
  { colour: 'info', levels: ['info'] },
  { colour: 'debug', levels: ['debug', 'trace'] }
]

export interface MarkerRows {
  readonly lanes: readonly MarkerLane[]
  /** By lane: indices of the logs, by time. */
  readonly entries: readonly Int32Array[]
}

/** The lanes that have logs; two levels share one, and its label names those that are there. */
export function layOutMarkers(logs: readonly LogEntry[]): MarkerRows {
  const rowsOf = (wants: (log: LogEntry) => boolean): number[] =>
    logs.flatMap((log, i) => (wants(log) ? [i] : []))
  const present = new Set(logs.filter(({ own }) => !own).map(({ level }) => level))
  const filled = [
    ...levelLanes.map(({ colour, levels }) => ({
      lane: { colour, label: labelOf(levels.filter(level => present.has(level))) },
      rows: rowsOf(({ level, own }) => !own && levels.includes(level))
    })),
    { lane: { colour: undefined, label: 'Microlog’s own' }, rows: rowsOf(({ own }) => own) }
  ].filter(({ rows }) => rows.length > 0)
  return { lanes: filled.map(({ lane }) => lane), entries: filled.map(({ rows }) => Int32Array.from(rows)) }
}

function colourOf(level: LogLevel): MarkerColour {
  return levelLanes.find(({ levels }) => levels.includes(level))!.colour
}

function labelOf(levels: readonly LogLevel[]): string {
  const words = levels.map(level => (level === 'warn' ? 'warning' : level)).join(', ')
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}

export interface Marker {
  readonly log: number
  readonly lane: number
  readonly colour: MarkerColour
  /** In the unit of `width`. */
  readonly x: number
}

/** What is drawn: dots closer than `gap` to the last one are left out; emphasised ones yield only to each other, and the
    selected one to none. */
export function placeMarkers(
  logs: readonly LogEntry[],
  rows: MarkerRows,
  range: TimeRange,
  width: number,
  gap: number,
  isEmphasised: (log: number) => boolean,
  selected = -1
): Marker[] {
  const markers: Marker[] = []
  rows.entries.forEach((entries, lane) => {
    let last = -Infinity
    let lastEmphasised = -Infinity
    for (let i = firstFrom(logs, entries, range.from); i < entries.length; i++) {
      const log = entries[i]!
      if (logs[log]!.time > range.to) break
      const x = xOf(range, width, logs[log]!.time)
      const emphasised = isEmphasised(log)
      if (log !== selected && x - (emphasised ? lastEmphasised : last) < gap) continue
      last = x
      if (emphasised) lastEmphasised = x
      markers.push({ log, lane, colour: colourOf(logs[log]!.level), x })
    }
  })
  return markers
}

/** The nearest log of a lane within `slack` of x, -1 for none. */
export function markerAt(
  logs: readonly LogEntry[],
  rows: MarkerRows,
  range: TimeRange,
  width: number,
  lane: number,
  x: number,
  slack: number
): number {
  const entries = rows.entries[lane]
  if (!entries) return -1
  const time = range.from + (x / width) * (range.to - range.from)
  const at = firstFrom(logs, entries, time)
  let best = -1
  let distance = slack
  for (const log of [entries[at - 1], entries[at]]) {
    if (log === undefined) continue
    const away = Math.abs(xOf(range, width, logs[log]!.time) - x)
    if (away > distance) continue
    best = log
    distance = away
  }
  return best
}

export function paintMarkers(
  painter: Painter,
  markers: readonly Marker[],
  look: {
    width: number
    height: number
    laneHeight: number
    ratio: number
    colours: ThemeColours
    palette: Palette
    selected: number
    isEmphasised: (log: number) => boolean
  }
): void {
  const { width, height, laneHeight, ratio, colours, palette } = look
  painter.clearRect(0, 0, width, height)
  const dot = ({ x, lane }: Marker, radius: number): void => {
    painter.beginPath()
    painter.arc(x, (lane + 0.5) * laneHeight, radius * ratio, 0, Math.PI * 2)
  }
  for (const shown of [false, true]) {
    for (const marker of markers) {
      if (look.isEmphasised(marker.log) !== shown) continue
      dot(marker, 3.5)
      painter.globalAlpha = shown ? 1 : 0.25
      const colour = palette.markers[marker.colour]
      painter.fillStyle = colour
      painter.fill()
      painter.strokeStyle = shade(colour, -0.4)
      painter.lineWidth = ratio
      painter.stroke()
    }
  }
  painter.globalAlpha = 1
  const selected = markers.find(marker => marker.log === look.selected)
  if (!selected) return
  dot(selected, 5)
  painter.strokeStyle = colours.text
  painter.lineWidth = 1.5 * ratio
  painter.stroke()
}

function firstFrom(logs: readonly LogEntry[], entries: Int32Array, time: number): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (logs[entries[middle]!]!.time < time) low = middle + 1
    else high = middle
  }
  return low
}
