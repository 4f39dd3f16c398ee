import { nanosPerMs } from '../../base/units.ts'
import type { RecordingDetail } from '../../collector/api.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import type { ApiClient } from '../data/api-client.ts'
import type { RecordingSource } from '../data/segment-worker-protocol.ts'
import type { UnixRange, Stretch, StretchChoice } from '../data/stretch.ts'
import type { Wanted } from '../data/use-recordings.ts'

export interface WantedRecording {
  detail: RecordingDetail
  /** What of it is on the screen. */
  stretch: Stretch
}

/** A stretch of one recording, its times counted from its origin. @param range what is looked at, ns since that */
export async function wantRecording(
  api: ApiClient,
  id: string,
  { choice, range }: { choice: StretchChoice; range: TimeRange | null },
  signal: AbortSignal
): Promise<Wanted<WantedRecording>> {
  const [detail, all] = await Promise.all([api.recording(id, signal), api.segments(id, signal)])
  const stretch = choice.choose(all, range ? unixRange(range, detail) : undefined)
  const source: RecordingSource = {
    recording: id,
    segments: stretch.segments.map(segment => ({
      id: segment.id,
      url: api.segmentUrl(id, segment.id),
      live: segment.live
    }))
  }
  return {
    detail: { detail, stretch },
    live: detail.live,
    request: { epoch: epochOf(detail.origin), sources: [source], authorization: api.authorization }
  }
}

export function wholeRange({ start, durationMs }: RecordingDetail): UnixRange {
  return { from: start, to: start + durationMs }
}

/** Unix ms of a range on the axis of a recording. */
export function unixRange({ from, to }: TimeRange, { origin }: RecordingDetail): UnixRange {
  return { from: origin + from / nanosPerMs, to: origin + to / nanosPerMs }
}

/** The other way round. */
export function axisRange({ from, to }: UnixRange, { origin }: RecordingDetail): TimeRange {
  return { from: (from - origin) * nanosPerMs, to: (to - origin) * nanosPerMs }
}

/** Unix ns of Unix ms. */
export function epochOf(unixMs: number): bigint {
  return BigInt(Math.round(unixMs * 1e6))
}
