// What the report at the end says, as lines to read and as attributes to compute with. Calm: what there is, no verdict.
import { formatBytes, formatCount, formatDuration, nanosPerMs } from '../../base/units.ts'
import { createRedactor } from '../logs/redaction.ts'
import type { LogRecord } from '../record-sink.ts'
import { gcKinds, type GcByKind } from '../statuses/gc-watch.ts'
import type { AllocationSite } from './heap-growth.ts'

const { text: redactText } = createRedactor()

export interface ReportFigures {
  durationMs: number
  gc: GcByKind
  heapBytes: { start: number; end: number }
  /** Undefined where nobody looked. */
  sites: readonly AllocationSite[] | undefined
  files: readonly string[]
  resources: ReadonlyMap<string, number>
}

const mostFiles = 20

export function reportText(figures: ReportFigures): string {
  return [...gcLines(figures), ...heapLines(figures), ...openLines(figures)].join('\n')
}

export function reportAttributes(figures: ReportFigures): LogRecord['attributes'] {
  const { durationMs, gc, heapBytes, sites, files, resources } = figures
  const attributes: LogRecord['attributes'] = {
    'microlog.report.duration.ms': Math.round(durationMs),
    'microlog.gc.share': round(totalMs(gc) / Math.max(1, durationMs), 6),
    'microlog.heap.start.bytes': heapBytes.start,
    'microlog.heap.end.bytes': heapBytes.end
  }
  for (const kind of gcKinds) {
    const { count, ms, longestMs } = gc[kind]
    if (count === 0) continue
    attributes[`microlog.gc.${kind}.count`] = count
    attributes[`microlog.gc.${kind}.ms`] = round(ms, 3)
    attributes[`microlog.gc.${kind}.longest.ms`] = round(longestMs, 3)
  }
  if (sites !== undefined && sites.length > 0)
    attributes['microlog.heap.sites'] = sites.map(site => redactText(siteText(site)))
  if (files.length > 0) attributes['microlog.open.files'] = files.slice(0, mostFiles).map(redactText)
  if (resources.size > 0) attributes['microlog.open.resources'] = [...resources].map(resourceText)
  return attributes
}

function gcLines({ gc, durationMs }: ReportFigures): string[] {
  const ran = gcKinds.filter(kind => gc[kind].count > 0)
  if (ran.length === 0) return ['Garbage collection: none seen']
  const ms = totalMs(gc)
  const count = ran.reduce((sum, kind) => sum + gc[kind].count, 0)
  const share = ((ms / Math.max(1, durationMs)) * 100).toFixed(1)
  return [
    `Garbage collection: ${times(count)}, ${inTime(ms)} in all, ${share} % of ${inTime(durationMs)}`,
    ...ran.map(kind => {
      const { count, ms, longestMs } = gc[kind]
      return `  ${kind}: ${times(count)}, ${inTime(ms)}, longest ${inTime(longestMs)}`
    })
  ]
}

function heapLines({ heapBytes: { start, end }, sites }: ReportFigures): string[] {
  const growth = sites === undefined ? [] : sites.map(site => `  + ${siteText(site)}`)
  return [`Heap in use: ${formatBytes(end)} at the end, ${formatBytes(start)} at the start`, ...growth]
}

function openLines({ files, resources }: ReportFigures): string[] {
  const lines: string[] = []
  if (resources.size > 0) lines.push(`Still active: ${[...resources].map(resourceText).join(', ')}`)
  if (files.length > 0) {
    lines.push('Files still open:', ...files.slice(0, mostFiles).map(file => `  ${file}`))
    if (files.length > mostFiles) lines.push(`  and ${formatCount(files.length - mostFiles)} more`)
  }
  return lines
}

/** '20.9 MB by fill (/srv/app/orders.js:12)' */
function siteText({ functionName, url, line, bytes }: AllocationSite): string {
  const file = url.startsWith('file://') ? url.slice('file://'.length) : url
  return `${formatBytes(bytes)} by ${functionName || '(anonymous)'} (${file}:${line})`
}

function resourceText([kind, count]: readonly [string, number]): string {
  return `${formatCount(count)} ${kind}`
}

function totalMs(gc: GcByKind): number {
  return gcKinds.reduce((sum, kind) => sum + gc[kind].ms, 0)
}

function times(count: number): string {
  return count === 1 ? 'once' : `${formatCount(count)} times`
}

function inTime(ms: number): string {
  return formatDuration(ms * nanosPerMs)
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
