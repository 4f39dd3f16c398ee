// What one segment has for a flame graph where its stack counts don't tell.
import type { RecordingFile } from '../../format/index.ts'
import { buildStackCounts } from '../../recording/stack-counts.ts'
import type { StackCounts } from '../../recording/stack-counts.ts'
import type { TimeRange } from '../../recording/time-range.ts'

/** The calls that the samples of a segment saw in that time, by endpoint. */
export async function sampledCalls(file: RecordingFile, range: TimeRange): Promise<StackCounts> {
  return buildStackCounts(await file.readUnlinkedSamples(range), range)
}
