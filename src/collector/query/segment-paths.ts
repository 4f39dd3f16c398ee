// What one segment has for the paths of traces.
import type { RecordingFile } from '../../format/index.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import { tracePaths } from '../../recording/trace-paths.ts'

export interface PathsQuestion {
  traces: ReadonlySet<string>
  /** When they ran, in ns since the segment's epoch. */
  window: TimeRange
}

/** By trace id. */
export async function pathsOfSegment(
  file: RecordingFile,
  { traces, window }: PathsQuestion
): Promise<Map<string, string>> {
  return tracePaths(await file.read(['spans'], window), traces)
}
