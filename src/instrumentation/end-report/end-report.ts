import { getHeapStatistics } from 'node:v8'
import type { ThreadHeap } from '../heap/thread-heap.ts'
import { isOwnFile } from '../own-files.ts'
import { ownEntry } from '../own-entry.ts'
import type { LogRecord } from '../record-sink.ts'
import type { GcWatch } from '../statuses/gc-watch.ts'
import { largestGrowth } from './heap-growth.ts'
import { moreSince, openedSince, readOpenFiles } from './open-files.ts'
import { reportAttributes, reportText, type ReportFigures } from './report-text.ts'

export interface ReportSources {
  gc: GcWatch
  unixUs(): number
}

/** Shorter ranges are many, and have little to say. */
const shortestRangeMs = 1000

/** Notes how things stand now; the result says, as an entry of the log, what has become of them. Costs half a ms. */
export function beginWholeReport(sources: ReportSources & { heap: ThreadHeap | undefined }): () => LogRecord {
  const figuresSince = watchFigures(sources)
  const files = readOpenFiles()
  return () => {
    const { heapBytes, ...figures } = figuresSince()
    // After the collections were counted: this is one of ours.
    const nodes = sources.heap?.look()
    return reportEntry('At the end', sources, {
      ...figures,
      heapBytes: { start: heapBytes.start, end: getHeapStatistics().used_heap_size },
      sites: nodes && largestGrowth(nodes, isOwnFile),
      files: openedSince(files, readOpenFiles())
    })
  }
}

/** The same of a stretch within a recording, as far as that costs microseconds. */
export function beginRangeReport(sources: ReportSources): (label: string) => LogRecord | undefined {
  const figuresSince = watchFigures(sources)
  return label => {
    const figures = figuresSince()
    if (figures.durationMs < shortestRangeMs) return undefined
    return reportEntry(`At the end of ${label}`, sources, { ...figures, sites: undefined, files: [] })
  }
}

function watchFigures({ gc, unixUs }: ReportSources): () => Omit<ReportFigures, 'sites' | 'files'> {
  const startUnixUs = unixUs()
  const collections = gc.tally()
  const start = getHeapStatistics().used_heap_size
  const resources = process.getActiveResourcesInfo()
  return () => {
    const taken = collections.take()
    collections.end()
    return {
      durationMs: (unixUs() - startUnixUs) / 1000,
      gc: taken,
      heapBytes: { start, end: getHeapStatistics().used_heap_size },
      resources: moreSince(resources, process.getActiveResourcesInfo())
    }
  }
}

function reportEntry(title: string, { unixUs }: ReportSources, figures: ReportFigures): LogRecord {
  return ownEntry({
    timeUnixUs: unixUs(),
    severity: 'INFO',
    eventName: 'microlog.report',
    body: `${title}\n${reportText(figures)}`,
    threadId: 0,
    attributes: reportAttributes(figures)
  })
}
