// What the decoding worker does with a request: fetch what is missing, some at a time, decode it, merge it.
import type { Recording } from '../../recording/schema.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import { failureOf, requestText } from './send-request.ts'
import { mapBounded } from './map-bounded.ts'
import { createSegmentMerger } from './merge-segments.ts'
import type { SegmentMerger } from './merge-segments.ts'
import type { Loaded, LoadFailure, LoadProgress, LoadRequest } from './segment-worker-protocol.ts'

const parallelFetches = 4

/** In ns from the epoch, Unix time in ns. */
export interface Window {
  epoch: bigint
  range: TimeRange
}

export interface RecordingLoader {
  /** One at a time. */
  load(request: LoadRequest, onProgress: (progress: LoadProgress) => void): Promise<Loaded>
}

export function createRecordingLoader(
  fetchBytes: (url: string, authorization: string | undefined) => Promise<Uint8Array>,
  decode: (bytes: Uint8Array, window: Window | undefined) => Promise<Recording>
): RecordingLoader {
  let epoch: bigint | undefined
  const mergers = new Map<string, SegmentMerger>()

  function mergerOf(recording: string): SegmentMerger {
    const merger = mergers.get(recording) ?? createSegmentMerger(epoch!)
    mergers.set(recording, merger)
    return merger
  }

  return {
    async load(request, onProgress) {
      if (request.epoch !== epoch) mergers.clear()
      epoch = request.epoch
      const total = request.sources.reduce((sum, source) => sum + source.segments.length, 0)
      const wanted = request.sources.flatMap(({ recording, segments }) =>
        mergerOf(recording)
          .missing(segments)
          .map(segment => ({ recording, segment }))
      )
      const window = request.window && { epoch, range: request.window }
      const failures: LoadFailure[] = []
      let done = total - wanted.length
      let bytes = 0
      const parts = await mapBounded(wanted, parallelFetches, async ({ recording, segment }) => {
        try {
          const content = await fetchBytes(segment.url, request.authorization)
          bytes += content.length
          return { of: recording, segment, recording: await decode(content, window) }
        } catch (error) {
          failures.push(failureOf(error, requestText('GET', new URL(segment.url))))
          return undefined
        } finally {
          onProgress({ done: ++done, total, bytes })
        }
      })
      const recordings = new Map<string, Recording>()
      for (const { recording, segments } of request.sources) {
        const own = parts.filter(part => part !== undefined && part.of === recording).map(part => part!)
        const failed = wanted.filter(part => part.recording === recording).length - own.length
        if (failed < segments.length) recordings.set(recording, mergerOf(recording).merge(own))
      }
      return { recordings, failures }
    }
  }
}
