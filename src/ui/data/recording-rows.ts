// The tree of recordings as the rows that are seen: labels, those with data newest first, and below an open one its
// recordings, newest first, each followed by those of the processes that it started.
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
  /** 0, or how many of its ancestors stand above it. */
  depth: number
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
    return [row, ...nestRuns(runs)]
  })
}

/** Children below their parent where that has the same label. */
function nestRuns(runs: readonly RecordingSummary[]): RunRow[] {
  const childrenOf = new Map<string, RecordingSummary[]>(runs.map(({ id }) => [id, []]))
  const roots = runs.filter(run => !childrenOf.get(run.parent ?? '')?.push(run))
  const rows: RunRow[] = []
  const seen = new Set<string>()
  const add = (recording: RecordingSummary, depth: number): void => {
    if (seen.has(recording.id)) return
    seen.add(recording.id)
    rows.push({ kind: 'run', key: recording.id, recording, depth })
    for (const child of childrenOf.get(recording.id)!) add(child, depth + 1)
  }
  for (const recording of roots) add(recording, 0)
  // Those that say they started each other have no root.
  for (const recording of runs) add(recording, 0)
  return rows
}

/** What a filter sees of it. */
export function recordingText({ label, service, namespace, instance, id }: RecordingSummary): string {
  return [label, service, namespace, instance, id].join('\n')
}
