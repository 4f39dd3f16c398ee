import { openElsewhere } from '../collector/exchange/recording-files.ts'
import { listRecordings } from '../collector/query/list-recordings.ts'
import type { RecordingSummary } from '../collector/api.ts'
import { formatBytes, formatCount, formatDuration, nanosPerMs } from '../base/units.ts'
import { jsonOption, openExistingStore, storeOption, withArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { warnOfUnreadable } from './damage.ts'
import { escapeCell, formatMoment, formatTable, longestName, printJson } from './print.ts'

const help = `microlog ls [FILTER…] [--json] [--store WHERE]

Lists the recordings of the store, newest first. FILTER keeps those whose id, label,
service or resource attributes contain each of these words.

  --json          one JSON array on stdout
  --store WHERE   a folder or s3://bucket/prefix (default: MICROLOG_STORE, else ~/.microlog)
  --catalog URL   postgres://… of a bucket (default: MICROLOG_CATALOG)
`

export const ls: Command = {
  run: args =>
    withArguments(
      { name: 'ls', help, options: { ...jsonOption, ...storeOption }, words: [0, Infinity] },
      args,
      async given => {
        const filter = given.words.join(' ')
        const { library, name } = await openExistingStore(given)
        const recordings = await listRecordings(library, filter)
        warnOfUnreadable(library)
        if (given.flag('json')) printJson(recordings.map(listItem))
        else if (recordings.length > 0) process.stdout.write(`${recordingTable(recordings)}\n`)
        else if (filter && (await library.segments()).length > 0) {
          process.stderr.write(`No recording matches ${escapeCell(filter)}\n`)
        } else
          process.stderr.write(
            `No recordings in ${name} yet: microlog run LABEL script.js makes one. ${openElsewhere}\n`
          )
      }
    )
}

function listItem(recording: RecordingSummary) {
  const { id, label, start, durationMs, bytes, samples, spans, logs, statuses, threads } = recording
  const { service, namespace, errors, parent } = recording
  return {
    id,
    label,
    start: new Date(start).toISOString(),
    durationMs,
    bytes,
    samples,
    spans,
    logs,
    statuses,
    threads,
    service,
    namespace,
    errors,
    ...(parent !== undefined && { parent })
  }
}

function recordingTable(recordings: readonly RecordingSummary[]): string {
  return formatTable(
    [
      { title: 'ID' },
      { title: 'LABEL', most: longestName },
      { title: 'START' },
      ...['DURATION', 'SIZE', 'SAMPLES', 'SPANS', 'LOGS', 'STATUSES', 'THREADS'].map(title => ({
        title,
        right: true
      }))
    ],
    recordings.map(recording => [
      recording.id,
      recording.label,
      formatMoment(recording.start),
      formatDuration(recording.durationMs * nanosPerMs),
      formatBytes(recording.bytes),
      ...[recording.samples, recording.spans, recording.logs, recording.statuses, recording.threads].map(
        formatCount
      )
    ])
  )
}
