import {
  formatChange,
  formatCount,
  formatDuration,
  formatShare,
  formatShareChange,
  nanosPerMs
} from '../base/units.ts'
import { findRecordingFiles } from '../collector/exchange/recording-files.ts'
import type { NamedRecording } from '../collector/exchange/recording-files.ts'
import type { Library } from '../collector/query/library.ts'
import { buildRecordingComparison } from '../collector/query/recording-comparison.ts'
import type { ComparedSide, RecordingComparison } from '../collector/query/recording-comparison.ts'
import { diffCounts } from '../recording/diff-counts.ts'
import { changedFunctions } from '../recording/diff-functions.ts'
import { changedSpans } from '../recording/diff-spans.ts'
import { jsonOption, openExistingStore, storeOption, withArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { warnOfDamage, warnOfUnreadable } from './damage.ts'
import { escapeCell, formatMoment, formatTable, longestName, printJson } from './print.ts'

const help = `microlog diff A B [--json] [--store WHERE]

What changed from A to B, each the ID of a recording of the store or a .microlog file: counts,
the functions whose own share of the time changed most, span names by their median.

Functions are the same where their name and file are: lines move between versions. Their shares
are of what was sampled busy on that side, idle left out, so that runs of different length compare;
a change of a share is in percentage points (pp).

  --json          one JSON document on stdout: { a, b, functions, spans }. a and b are as in show,
                  with busyMs. Each of functions has name, file, line, and a, b and difference
                  (B less A) with selfMs, totalMs, selfShare and totalShare (0 to 1), a and b also
                  samples. Each of spans has name, and a, b and difference with count, medianMs,
                  p95Ms and errors. All are there, the largest change first.
  --store WHERE   a folder or s3://bucket/prefix (default: MICROLOG_STORE, else ~/.microlog)
  --catalog URL   postgres://… of a bucket (default: MICROLOG_CATALOG)
`

/** Rows of each table for people. */
const shownRows = 20

export const diff: Command = {
  run: args =>
    withArguments(
      { name: 'diff', help, options: { ...jsonOption, ...storeOption }, words: [2, 2] },
      args,
      async given => {
        let opened: Library | undefined
        const library = async () => (opened ??= (await openExistingStore(given)).library)
        const a = await findRecordingFiles(given.words[0]!, library)
        const b = await findRecordingFiles(given.words[1]!, library)
        const nameOf = (file: NamedRecording['files'][number]): string =>
          (a.files.includes(file) ? a : b).nameOf(file)
        const comparison = await buildRecordingComparison(a, b, (file, why) =>
          warnOfDamage(`A block of ${nameOf(file)}`, why.message)
        )
        for (const id of new Set([a.id, b.id])) if (opened) warnOfUnreadable(opened, id)
        if (given.flag('json')) printJson(comparison)
        else process.stdout.write(`${comparisonText(comparison)}\n`)
      }
    )
}

function comparisonText(comparison: RecordingComparison): string {
  const { a, b } = comparison
  return [
    sideText('A', a),
    sideText('B', b),
    '',
    countTable(a, b),
    '',
    functionsText(comparison),
    '',
    spansText(comparison)
  ].join('\n')
}

function sideText(side: string, { label, id, start, resource }: ComparedSide): string {
  const pid = resource['process.pid']
  const parts = [`${label}${pid === undefined ? '' : `, pid ${pid}`}`, id, formatMoment(Date.parse(start))]
  return escapeCell(`${side}  ${parts.filter(Boolean).join('  ')}`)
}

function countTable(a: ComparedSide, b: ComparedSide): string {
  return formatTable(
    ['', 'A', 'B', 'CHANGE'].map(title => ({ title, right: title !== '' })),
    diffCounts(a, b).map(({ title, a, b, change }) => [title, a, b, change])
  )
}

function functionsText({ a, b, functions }: RecordingComparison): string {
  const without = [a.busyMs === 0 ? 'A' : '', b.busyMs === 0 ? 'B' : ''].filter(Boolean)
  if (without.length > 0) return `Functions can't be compared: no samples in ${without.join(' and ')}`
  const changed = changedFunctions(functions)
  if (changed.length === 0) return 'No function changed its share of the busy time'
  const table = formatTable(
    [
      ...['CHANGE', 'SHARE A', 'SHARE B', 'SELF A', 'SELF B', 'TOTAL A', 'TOTAL B'].map(title => ({
        title,
        right: true
      })),
      { title: 'FUNCTION', most: longestName },
      { title: 'WHERE' }
    ],
    changed
      .slice(0, shownRows)
      .map(({ name, file, line, a, b, difference }) => [
        formatShareChange(difference.selfShare),
        formatShare(a.selfShare),
        formatShare(b.selfShare),
        msText(a.selfMs),
        msText(b.selfMs),
        msText(a.totalMs),
        msText(b.totalMs),
        name,
        file === '' ? '' : `${file}:${line}`
      ])
  )
  return [
    `Functions by the change of their own share of the busy time${moreText(changed.length)}`,
    table
  ].join('\n')
}

function spansText({ spans }: RecordingComparison): string {
  if (spans.length === 0) return 'No spans in A and B'
  const changed = changedSpans(spans)
  if (changed.length === 0) return 'No span name changed'
  const table = formatTable(
    [
      ...[
        'CHANGE',
        'MEDIAN A',
        'MEDIAN B',
        'P95 A',
        'P95 B',
        'COUNT A',
        'COUNT B',
        'ERRORS A',
        'ERRORS B'
      ].map(title => ({ title, right: true })),
      { title: 'SPAN', most: longestName }
    ],
    changed
      .slice(0, shownRows)
      .map(({ name, a, b, difference }) => [
        a.count > 0 && b.count > 0 ? formatChange(difference.medianMs, msText) : a.count > 0 ? 'gone' : 'new',
        ...[a, b].map(({ count, medianMs }) => (count > 0 ? msText(medianMs) : '')),
        ...[a, b].map(({ count, p95Ms }) => (count > 0 ? msText(p95Ms) : '')),
        ...[a, b].map(({ count }) => formatCount(count)),
        ...[a, b].map(({ errors }) => formatCount(errors)),
        name
      ])
  )
  return [`Span names by the change of their median duration${moreText(changed.length)}`, table].join('\n')
}

function moreText(count: number): string {
  return count > shownRows ? `, ${shownRows} of ${formatCount(count)}` : ''
}

function msText(ms: number): string {
  return formatDuration(ms * nanosPerMs)
}
