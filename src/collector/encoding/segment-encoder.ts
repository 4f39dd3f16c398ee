// Where segments are encoded and put together: in a worker thread, so that requests are answered meanwhile. Encoding is
// done in this one where there is no worker or it fails: a head is small, and must become durable. The tables are copied
// over, not handed over: they are still asked about here.
import { MicrologError } from '../../base/errors.ts'
import { encodeRecording } from '../../format/index.ts'
import type { SegmentMeta } from '../../format/index.ts'
import type { Recording } from '../../recording/schema.ts'
import { nodeCodec } from '../store/node-codec.ts'
import { UnreadableInput, mergeSegments } from './merge-segments.ts'
import type { MergeJob } from './merge-segments.ts'
import { JobThread, builtScript } from '../jobs/job-thread.ts'
import type { SegmentJob, SegmentResult } from './sealing-worker.ts'

export type EncodeSegment = (tables: Recording, meta: SegmentMeta) => Promise<Uint8Array>

const builtWorker = builtScript('./sealing-worker.js', import.meta.url)

/** Fewer rows take less time than sending them over. */
const smallRows = 200

export class SegmentEncoder {
  readonly #thread: JobThread<SegmentJob, SegmentResult>
  readonly #hasThread: boolean

  constructor(script = builtWorker) {
    this.#thread = new JobThread(script, 'microlog-sealing')
    this.#hasThread = script !== undefined
  }

  readonly encode: EncodeSegment = async (tables, meta) => {
    const aside =
      rowsOf(tables) < smallRows
        ? undefined
        : await this.#thread.do({ encode: { tables, meta } }).catch(() => undefined)
    return aside && 'bytes' in aside ? aside.bytes : encodeRecording(tables, meta, nodeCodec)
  }

  /** Throws UnreadableInput for an input that doesn't read. Never done here: it may take seconds. */
  async merge(job: MergeJob): Promise<Uint8Array> {
    if (!this.#hasThread) return mergeSegments(job)
    const result = await this.#thread.do({ merge: job })
    if (!result) throw new MicrologError('unavailable', 'There is no thread that puts segments together')
    if ('bytes' in result) return result.bytes
    if (result.input !== undefined) throw new UnreadableInput(result.input, new Error(result.failure))
    throw new Error(result.failure)
  }

  /** Jobs that are under way are done here. */
  close(): Promise<void> {
    return this.#thread.close()
  }
}

function rowsOf({ spans, logs, samples, points, opaque }: Recording): number {
  return spans.length + logs.length + samples.length + points.length + opaque.length
}
