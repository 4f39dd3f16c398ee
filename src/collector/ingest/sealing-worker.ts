// Encodes tables into segments in a thread of its own: that takes long enough to be felt by everything else.
import { parentPort } from 'node:worker_threads'
import { messageOf } from '../../base/errors.ts'
import { encodeRecording } from '../../format/index.ts'
import type { SegmentMeta } from '../../format/index.ts'
import type { Recording } from '../../recording/schema.ts'
import { nodeCodec } from '../store/node-codec.ts'

export interface EncodeJob {
  id: number
  tables: Recording
  meta: SegmentMeta
}

export type EncodeResult = { id: number; bytes: Uint8Array<ArrayBuffer> } | { id: number; failure: string }

parentPort?.on('message', (job: EncodeJob) => void work(job))

async function work({ id, tables, meta }: EncodeJob): Promise<void> {
  let result: EncodeResult
  try {
    // A copy that is alone in its memory, so that it can be handed over.
    result = { id, bytes: Uint8Array.from(await encodeRecording(tables, meta, nodeCodec)) }
  } catch (thrown) {
    result = { id, failure: messageOf(thrown) }
  }
  parentPort?.postMessage(result, 'bytes' in result ? [result.bytes.buffer] : [])
}
