// What one segment has for a flame graph where its stack counts don't tell.
import type { RecordingFile } from '../../format/index.ts'
import { buildCallTree } from '../../recording/call-tree.ts'
import { MergedCallTree } from '../../recording/merged-call-tree.ts'
import type { StackCounts } from '../../recording/stack-counts.ts'
import { listSampledThreads } from '../../recording/threads.ts'
import type { TimeRange } from '../../recording/time-range.ts'

export interface CallQuestion {
  range: TimeRange
  endpoint: string | undefined
}

/** The calls that the samples of a segment saw in that time. */
export async function sampledCalls(
  file: RecordingFile,
  { range, endpoint }: CallQuestion
): Promise<{ counts: StackCounts; truncated: boolean }> {
  const recording = await file.read(['samples'], range)
  const merged = new MergedCallTree()
  for (const { id } of listSampledThreads(recording)) {
    merged.add(
      recording,
      buildCallTree(recording, id, { range, ...(endpoint !== undefined && { endpoint }) })
    )
  }
  return { counts: merged.counts(), truncated: merged.truncated }
}
