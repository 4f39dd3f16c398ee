// Encodes tables into segments, and segments into larger ones, in a thread of its own: that takes long enough to be felt
// by everything else.
import { messageOf } from '../../base/errors.ts'
import { encodeRecording } from '../../format/index.ts'
import type { SegmentMeta } from '../../format/index.ts'
import type { Recording } from '../../recording/schema.ts'
import { UnreadableInput, mergeSegments } from './merge-segments.ts'
import type { MergeJob } from './merge-segments.ts'
import { doJobs } from '../jobs/job-script.ts'
import { quickCodec } from '../store/node-codec.ts'

export type SegmentJob = { encode: { tables: Recording; meta: SegmentMeta } } | { merge: MergeJob }

export type SegmentResult =
  | { bytes: Uint8Array<ArrayBuffer> }
  /** `input` is the id of the segment that doesn't read, where that is why. */
  | { failure: string; input?: string }

doJobs(work, result => ('bytes' in result ? [result.bytes.buffer] : []))

async function work(job: SegmentJob): Promise<SegmentResult> {
  try {
    // A copy that is alone in its memory, so that it can be handed over.
    return { bytes: Uint8Array.from(await bytesOf(job)) }
  } catch (thrown) {
    const failure = messageOf(thrown)
    return thrown instanceof UnreadableInput ? { failure, input: thrown.input } : { failure }
  }
}

function bytesOf(job: SegmentJob): Promise<Uint8Array> {
  if ('merge' in job) return mergeSegments(job.merge)
  return encodeRecording(job.encode.tables, job.encode.meta, quickCodec)
}
