// What was found, as a question to a language model. Nothing is sent anywhere: it is copied.
import { formatCount, formatDuration, formatShare, nanosPerMs } from '../../base/units.ts'
import type { EndpointShares } from '../../recording/endpoint-shares.ts'
import { shortFile } from '../../recording/frame-names.ts'
import type { FunctionSummary } from '../../recording/summary.ts'
import type { OrderedFinding } from './finding.ts'
import type { SpansOfName } from './spans-by-name.ts'

export const usualQuestion = 'What is slow in this program, why, and what should be changed first?'

/** Of all of the text in UTF-8: what more there is would only be read in parts. */
export const mostBytes = 16_000
const mostRows = 40
/** Of the busy time. */
const leastShare = 0.01

export interface Asked {
  readonly question: string
  /** e.g. 'shop, 12 s of it'. */
  readonly about: string
  readonly findings: readonly OrderedFinding[]
  readonly functions: readonly FunctionSummary[]
  readonly busyMs: number
  readonly endpoints: readonly EndpointShares[]
  readonly spans: readonly SpansOfName[]
}

interface Section {
  readonly head: readonly string[]
  readonly lines: readonly string[]
}

export function buildPrompt({ question, about, ...found }: Asked): string {
  return fitSections(
    [
      question.trim() || usualQuestion,
      '',
      `Recorded by a sampling profiler of a Node.js program (${about}). Times of functions are estimates.`
    ].join('\n'),
    [findingsOf(found), functionsOf(found), endpointsOf(found), spansOf(found)]
  )
}

function findingsOf({ findings }: Pick<Asked, 'findings'>): Section {
  return {
    head: ['## What stands out, what costs most first', ''],
    lines: findings.length
      ? findings.map(
          ({ text, cost, isPart }) =>
            `- ${oneLine(text)}${cost > 0 ? ` (costs ${formatDuration(cost)} at most${isPart ? ', a part of the one above' : ''})` : ''}`
        )
      : ['- nothing by simple rules']
  }
}

function functionsOf({ functions, busyMs }: Pick<Asked, 'functions' | 'busyMs'>): Section {
  const shown = functions.filter(({ selfMs, totalMs }) => Math.max(selfMs, totalMs) >= leastShare * busyMs)
  return tableOf(
    `## Functions by time in themselves, of ${formatDuration(busyMs * nanosPerMs)} busy`,
    ['function', 'file', 'self', 'with what it calls'],
    shown.map(entry => [
      entry.name,
      entry.file && `${shortFile(entry.file)}:${entry.line}`,
      formatShare(entry.selfMs / busyMs),
      formatShare(entry.totalMs / busyMs)
    ])
  )
}

function endpointsOf({ endpoints }: Pick<Asked, 'endpoints'>): Section {
  return tableOf(
    '## Outermost spans: what their time was',
    ['span', 'count', 'together', 'own work', 'other work on the event loop', 'waiting', 'not sampled'],
    endpoints.map(({ name, spans, duration, own, others, waiting, unknown }) => [
      name,
      formatCount(spans),
      formatDuration(duration),
      ...[own, others, waiting, unknown].map(part => formatShare(part / duration))
    ])
  )
}

function spansOf({ spans }: Pick<Asked, 'spans'>): Section {
  return tableOf(
    '## Spans by name',
    ['span', 'count', 'failed', 'median', 'p95', 'longest'],
    spans.map(entry => [
      entry.name,
      formatCount(entry.rows.length),
      formatCount(entry.errors),
      formatDuration(entry.median),
      formatDuration(entry.p95),
      formatDuration(entry.longest)
    ])
  )
}

function tableOf(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): Section {
  return {
    head: [title, '', row(columns), `|${'---|'.repeat(columns.length)}`],
    lines: rows.slice(0, mostRows).map(row)
  }
}

/** Whole lines only, and each section with a line at least or not at all. */
function fitSections(start: string, sections: readonly Section[]): string {
  let text = start
  let left = mostBytes - bytesOf(start)
  for (const { head, lines } of sections) {
    const first = ['', '', ...head].join('\n')
    const room = left - bytesOf(first) - bytesOf(`\n${leftOut(lines.length)}`)
    let used = 0
    const fitting = lines.findIndex(line => (used += bytesOf(`\n${line}`)) > room)
    const count = fitting < 0 ? lines.length : fitting
    if (count === 0) continue
    const shown = [
      first,
      ...lines.slice(0, count),
      ...(count < lines.length ? [leftOut(lines.length - count)] : [])
    ]
    const added = shown.join('\n')
    text += added
    left -= bytesOf(added)
  }
  return text
}

function leftOut(count: number): string {
  return `(${formatCount(count)} more left out)`
}

const encoder = new TextEncoder()

function bytesOf(text: string): number {
  return encoder.encode(text).length
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(cell => oneLine(cell.replaceAll('|', '\\|'))).join(' | ')} |`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
