import type { RecordingDetail } from '../api.ts'
import { isImported } from '../store/keys.ts'
import type { Library } from './library.ts'
import type { OpenSegment } from '../store/segment.ts'
import { matchesFilter } from './recording-filter.ts'
import { summarizeRecordings } from './recording-summaries.ts'
import type { SummaryPart } from './recording-summaries.ts'

/** Newest first. @param nowMs in a running collector, so that it can tell what is live */
export async function listRecordings(
  library: Library,
  filter = '',
  nowMs?: number
): Promise<RecordingDetail[]> {
  const parts = (await library.open()).map(summaryPart)
  const all = summarizeRecordings(parts, nowMs, await library.beginnings())
  return all.filter(recording => matchesFilter(recording, filter))
}

export async function findRecording(
  library: Library,
  id: string,
  nowMs?: number
): Promise<RecordingDetail | undefined> {
  return (await listRecordings(library, '', nowMs)).find(recording => recording.id === id)
}

function summaryPart({ segment, file }: OpenSegment): SummaryPart {
  const { recording, id, bytes, writtenMs } = segment
  return { recording, bytes, footer: file.footer, cameMs: isImported(id) ? undefined : writtenMs }
}
