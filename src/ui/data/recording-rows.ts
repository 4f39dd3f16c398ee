// The tree of recordings as the rows that are seen: labels, those with data newest first, and below an open one its
// recordings, newest first.
import type { RecordingSummary } from '../../collector/api.ts'

export interface LabelRow {
  kind: 'label'
  key: string
  label: string
  recordings: number
  live: number
  errors: number
  open: boolean
}

export interface RunRow {
  kind: 'run'
  key: string
  recording: RecordingSummary
}

export type TreeRow = LabelRow | RunRow

export function buildRecordingRows(
  recordings: readonly RecordingSummary[],
  matches: (text: string) => boolean,
  isOpen: (label: string) => boolean
): TreeRow[] {
  const byLabel = new Map<string, RecordingSummary[]>()
  for (const recording of recordings) {
    if (!matches(recordingText(recording))) continue
    const runs = byLabel.get(recording.label)
    if (runs) runs.push(recording)
    else byLabel.set(recording.label, [recording])
  }
  const newestFirst = (a: RecordingSummary, b: RecordingSummary) =>
    b.start - a.start || (a.id < b.id ? -1 : 1)
  const groups = [...byLabel].map(([label, runs]) => ({ label, runs: runs.sort(newestFirst) }))
  groups.sort((a, b) => b.runs[0]!.start - a.runs[0]!.start || (a.label < b.label ? -1 : 1))
  return groups.flatMap(({ label, runs }) => {
    const row: LabelRow = {
      kind: 'label',
      key: `label ${label}`,
      label,
      recordings: runs.length,
      live: runs.filter(run => run.live).length,
      errors: runs.reduce((sum, run) => sum + run.errors, 0),
      open: isOpen(label)
    }
    if (!row.open) return [row]
    return [row, ...runs.map((recording): RunRow => ({ kind: 'run', key: recording.id, recording }))]
  })
}

/** What a filter sees of it. */
export function recordingText({ label, service, namespace, instance, id }: RecordingSummary): string {
  return [label, service, namespace, instance, id].join('\n')
}
