import type { RecordingDetail } from '../../collector/api.ts'
import type { ApiClient } from '../data/api-client.ts'
import type { RecordingSource } from '../data/segment-worker-protocol.ts'
import type { Wanted } from '../data/use-recordings.ts'

/** Everything of one recording, its times counted from its start. */
export async function wantRecording(
  api: ApiClient,
  id: string,
  signal: AbortSignal
): Promise<Wanted<RecordingDetail>> {
  const [detail, segments] = await Promise.all([api.recording(id, signal), api.segments(id, signal)])
  const source: RecordingSource = {
    recording: id,
    segments: segments.map(segment => ({
      id: segment.id,
      url: api.segmentUrl(id, segment.id),
      live: segment.live
    }))
  }
  return { detail, live: detail.live, request: { epoch: epochOf(detail.start), sources: [source] } }
}

/** Unix ns of Unix ms. */
export function epochOf(unixMs: number): bigint {
  return BigInt(Math.round(unixMs * 1e6))
}
