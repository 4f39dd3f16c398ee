import type { LogLine } from '../../collector/api.ts'
import type { ApiClient } from '../data/api-client.ts'
import { createSegmentLoader } from '../data/segment-loader.ts'
import { readLines } from './read-line.ts'
import type { ReadLine } from './read-line.ts'

/** With a loader of their own: parts of one segment that other lines needed are not these. */
export async function readLinesOnce(
  api: ApiClient,
  lines: readonly [LogLine, ...LogLine[]],
  signal: AbortSignal
): Promise<(ReadLine | undefined)[]> {
  const loader = createSegmentLoader()
  try {
    return await readLines(api, loader, lines, signal)
  } finally {
    loader.close()
  }
}
