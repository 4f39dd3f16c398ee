import { formatBytes, formatCount, formatDuration, nanosPerMs } from '../base/units.ts'
import { findRecordingFiles } from '../collector/exchange/recording-files.ts'
import type { RecordingDetail } from '../collector/api.ts'
import type { Library } from '../collector/query/library.ts'
import { listRecordings } from '../collector/query/list-recordings.ts'
import { buildRecordingReport } from '../collector/query/recording-report.ts'
import type { RecordingReport } from '../collector/query/recording-report.ts'
import { jsonOption, openExistingStore, storeOption, withArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { warnOfDamage, warnOfUnreadable } from './damage.ts'
import { escapeCell, formatMoment, formatTable, longestName, printJson } from './print.ts'

const help = `microlog show ID|FILE [--json] [--store WHERE]

Tells what is in a recording of the store, or in a .microlog file: who started its process
and whom that started, counts, bytes, the functions that took time, spans, logs by level.

  --json          one JSON document on stdout, with all functions and spans
  --store WHERE   a folder or s3://bucket/prefix (default: MICROLOG_STORE, else ~/.microlog)
  --catalog URL   postgres://… of a bucket (default: MICROLOG_CATALOG)
`

/** Rows of each table for people. */
const shownRows = 20

export const show: Command = {
  run: args =>
    withArguments(
      { name: 'show', help, options: { ...jsonOption, ...storeOption }, words: [1, 1] },
      args,
      async given => {
        let opened: Library | undefined
        const library = async () => (opened ??= (await openExistingStore(given)).library)
        const { id, files, nameOf } = await findRecordingFiles(given.words[0]!, library)
        const report = await buildRecordingReport(id, files, (file, why) =>
          warnOfDamage(`A block of ${nameOf(file)}`, why.message)
        )
        if (opened) warnOfUnreadable(opened, id)
        const family = opened ? await findFamily(opened, id) : { parent: undefined, children: [] }
        if (given.flag('json')) {
          const { parent, children } = family
          printJson({
            ...report,
            ...(parent && { parent: parent.id }),
            children: children.map(child => child.id)
          })
        } else process.stdout.write(`${reportText(report, family)}\n`)
      }
    )
}

/** The recordings of the process that started this one, and of those that it started, as far as they are here. */
interface Family {
  parent: RecordingDetail | undefined
  children: RecordingDetail[]
}

async function findFamily(library: Library, id: string): Promise<Family> {
  const all = new Map((await listRecordings(library)).map(recording => [recording.id, recording]))
  const own = all.get(id)
  const children = (own?.children ?? []).flatMap(child => all.get(child) ?? [])
  return { parent: own?.parent === undefined ? undefined : all.get(own.parent), children }
}

function processText({ id, label, resource }: Pick<RecordingDetail, 'id' | 'label' | 'resource'>): string {
  const pid = resource['process.pid']
  return `${label}${pid === undefined ? '' : `, pid ${pid}`}  ${id}`
}

function reportText(report: RecordingReport, { parent, children }: Family): string {
  const { counts, bytesPer } = report
  const shown = children.slice(0, shownRows)
  const lines = [
    escapeCell(processText(report)),
    ...(parent ? [`started by ${escapeCell(processText(parent))}`] : []),
    ...shown.map(child => `started ${escapeCell(processText(child))}`),
    ...(children.length > shown.length ? [`and ${formatCount(children.length - shown.length)} more`] : []),
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
      { title: 'FUNCTION', most: 2 * longestName },
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
      { title: 'SPAN', most: 2 * longestName },
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
