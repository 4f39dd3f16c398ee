import { formatBytes, formatCount, formatDuration, nanosPerMs } from '../base/units.ts'
import { findRecordingFiles } from '../collector/exchange/recording-files.ts'
import { openStore } from '../collector/open-store.ts'
import { buildRecordingReport } from '../collector/query/recording-report.ts'
import type { RecordingReport } from '../collector/query/recording-report.ts'
import { jsonOption, storeOption, withArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { escapeCell, formatMoment, formatTable, printJson } from './print.ts'

const help = `microlog show ID|FILE [--json] [--store FOLDER]

Tells what is in a recording of the store, or in a .microlog file: counts, bytes, the
functions that took time, spans, and logs by level.

  --json          one JSON document on stdout, with all functions and spans
  --store FOLDER  where the recordings are (default: MICROLOG_STORE, else ~/.microlog)
`

/** Rows of each table for people. */
const shownRows = 20

export const show: Command = {
  name: 'show',
  summary: 'tell what is in a recording',
  help,
  run: args =>
    withArguments(
      { name: 'show', help, options: { ...jsonOption, ...storeOption }, words: [1, 1] },
      args,
      async given => {
        const library = async () => (await openStore(given.text('store'))).library
        const { id, files } = await findRecordingFiles(given.words[0]!, library)
        const report = await buildRecordingReport(id, files)
        if (given.flag('json')) printJson(report)
        else process.stdout.write(`${reportText(report)}\n`)
      }
    )
}

function reportText(report: RecordingReport): string {
  const { counts, bytesPer } = report
  const lines = [
    `${escapeCell(report.label)}  ${report.id}`,
    `${formatMoment(Date.parse(report.start))}, ${formatDuration(report.durationMs * nanosPerMs)}, ${formatBytes(report.bytes)}`,
    '',
    formatTable(
      [{ title: '' }, { title: 'COUNT', right: true }, { title: 'BYTES EACH', right: true }],
      [
        ['samples', formatCount(counts.samples), String(bytesPer.sample)],
        ['spans', formatCount(counts.spans), String(bytesPer.span)],
        ['logs', formatCount(counts.logs), String(bytesPer.log)],
        ['statuses', formatCount(counts.statuses), String(bytesPer.status)],
        ['threads', formatCount(counts.threads), '']
      ]
    )
  ]
  if (report.functions.length > 0) lines.push('', functionTable(report))
  if (report.spans.length > 0) lines.push('', spanTable(report))
  if (counts.logs > 0) {
    const levels = Object.entries(report.logs).filter(([, count]) => count > 0)
    lines.push('', `Logs: ${levels.map(([level, count]) => `${formatCount(count)} ${level}`).join(', ')}`)
  }
  return lines.join('\n')
}

function functionTable({ functions }: RecordingReport): string {
  return formatTable(
    [
      { title: 'SELF', right: true },
      { title: 'TOTAL', right: true },
      { title: 'SAMPLES', right: true },
      { title: 'FUNCTION' },
      { title: 'WHERE' }
    ],
    functions
      .slice(0, shownRows)
      .map(({ selfMs, totalMs, samples, name, file, line }) => [
        formatDuration(selfMs * nanosPerMs),
        formatDuration(totalMs * nanosPerMs),
        formatCount(samples),
        name,
        file === '' ? '' : `${file}:${line}`
      ])
  )
}

function spanTable({ spans }: RecordingReport): string {
  const longest = [...spans].sort((a, b) => b.durationMs - a.durationMs).slice(0, shownRows)
  return formatTable(
    [
      { title: 'DURATION', right: true },
      { title: 'SAMPLES', right: true },
      { title: 'SPAN' },
      { title: 'TRACE' },
      { title: '' }
    ],
    longest.map(({ durationMs, samples, name, traceId, error }) => [
      formatDuration(durationMs * nanosPerMs),
      formatCount(samples),
      name,
      traceId,
      error ? 'error' : ''
    ])
  )
}
