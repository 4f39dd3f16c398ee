// What was found, as a question to a language model. Nothing is sent anywhere: it is copied.
import { formatCount, formatDuration, formatShare, nanosPerMs } from '../../base/units.ts'
import { shortFile } from '../../recording/frame-names.ts'
import type { LoopSums } from '../../recording/loop-of-spans.ts'
import type { FunctionSummary } from '../../recording/summary.ts'
import type { Finding } from './finding.ts'
import type { SpansOfName } from './spans-by-name.ts'

export const usualQuestion = 'What is slow in this program, why, and what should be changed first?'

/** Of all of the text, as UTF-8: what more there is would only be read in parts. */
const mostBytes = 16_000
const mostRows = 40
/** Of the busy time. */
const leastShare = 0.01

export interface Asked {
  readonly question: string
  /** e.g. 'shop, 12 s of it'. */
  readonly about: string
  readonly findings: readonly Finding[]
  readonly functions: readonly FunctionSummary[]
  readonly busyMs: number
  readonly spans: readonly SpansOfName[]
  readonly loop: readonly LoopSums[]
}

export function buildPrompt({ question, about, findings, functions, busyMs, spans, loop }: Asked): string {
  const lines = [
    question.trim() || usualQuestion,
    '',
    `Recorded by a sampling profiler of a Node.js program (${about}). Times of functions are estimates.`,
    '',
    '## What stands out',
    '',
    ...(findings.length ? findings.map(({ text }) => `- ${text}`) : ['- nothing by simple rules']),
    '',
    `## Functions by time in themselves, of ${formatDuration(busyMs * nanosPerMs)} busy`,
    '',
    '| function | file | self | with what it calls |',
    '|---|---|---|---|',
    ...functions
      .filter(({ selfMs, totalMs }) => Math.max(selfMs, totalMs) >= leastShare * busyMs)
      .slice(0, mostRows)
      .map(entry =>
        row([
          entry.name,
          entry.file && `${shortFile(entry.file)}:${entry.line}`,
          formatShare(entry.selfMs / busyMs),
          formatShare(entry.totalMs / busyMs)
        ])
      ),
    '',
    '## Spans by name',
    '',
    'Shares are of the event loop’s time while the spans lasted: what they ran themselves, and what others ran.',
    '',
    '| span | count | failed | median | p95 | longest | own | others |',
    '|---|---|---|---|---|---|---|---|',
    ...spans
      .slice(0, mostRows)
      .map((entry, i) =>
        row([
          entry.name,
          formatCount(entry.rows.length),
          formatCount(entry.errors),
          formatDuration(entry.median),
          formatDuration(entry.p95),
          formatDuration(entry.longest),
          formatShare(loop[i]!.own / (entry.total || 1)),
          formatShare(loop[i]!.others / (entry.total || 1))
        ])
      )
  ]
  return firstLines(lines.join('\n').split('\n'))
}

/** As many whole lines as there is room for. */
function firstLines(lines: readonly string[]): string {
  const encoder = new TextEncoder()
  let bytes = 0
  const end = lines.findIndex(line => (bytes += encoder.encode(line).length + 1) > mostBytes)
  return (end < 0 ? lines : lines.slice(0, end)).join('\n')
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`
}
