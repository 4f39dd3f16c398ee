// Encodes tables into segments, and segments into larger ones, in a thread of its own: that takes long enough to be felt
// by everything else.
import { parentPort } from 'node:worker_threads'
import { messageOf } from '../../base/errors.ts'
import { encodeRecording } from '../../format/index.ts'
import type { SegmentMeta } from '../../format/index.ts'
import type { Recording } from '../../recording/schema.ts'
import { UnreadableInput, mergeSegments } from '../compaction/merge-segments.ts'
import type { MergeJob } from '../compaction/merge-segments.ts'
import { nodeCodec } from '../store/node-codec.ts'

export type SegmentJob = { encode: { tables: Recording; meta: SegmentMeta } } | { merge: MergeJob }

export type SegmentResult =
  | { bytes: Uint8Array<ArrayBuffer> }
  /** `input` is the id of the segment that doesn't read, where that is why. */
  | { failure: string; input?: string }

parentPort?.on('message', (job: SegmentJob & { id: number }) => void work(job))

async function work({ id, ...job }: SegmentJob & { id: number }): Promise<void> {
  let result: SegmentResult
  try {
    // A copy that is alone in its memory, so that it can be handed over.
    result = { bytes: Uint8Array.from(await bytesOf(job)) }
  } catch (thrown) {
    const failure = messageOf(thrown)
    result = thrown instanceof UnreadableInput ? { failure, input: thrown.input } : { failure }
  }
  parentPort?.postMessage({ id, ...result }, 'bytes' in result ? [result.bytes.buffer] : [])
}

function bytesOf(job: SegmentJob): Promise<Uint8Array> {
  if ('merge' in job) return mergeSegments(job.merge)
  return encodeRecording(job.encode.tables, job.encode.meta, nodeCodec)
}
