// Where segments are encoded and put together: in a worker thread, so that requests are answered meanwhile. Encoding is
// done in this one where there is no worker or it fails. The tables are copied over, not handed over: they are still
// asked about here.
import { Worker } from 'node:worker_threads'
import { MicrologError } from '../../base/errors.ts'
import { encodeRecording } from '../../format/index.ts'
import type { SegmentMeta } from '../../format/index.ts'
import type { Recording } from '../../recording/schema.ts'
import { nodeCodec } from '../store/node-codec.ts'
import { UnreadableInput, mergeSegments } from '../compaction/merge-segments.ts'
import type { MergeJob } from '../compaction/merge-segments.ts'
import type { SegmentJob, SegmentResult } from './sealing-worker.ts'

export type EncodeSegment = (tables: Recording, meta: SegmentMeta) => Promise<Uint8Array>

/** Undefined while we run from TypeScript sources, which a worker can't load. */
const builtWorker = import.meta.url.endsWith('.ts')
  ? undefined
  : new URL('./sealing-worker.js', import.meta.url)

/** Fewer rows take less time than sending them over. */
const smallRows = 200

export class SegmentEncoder {
  readonly #script: URL | undefined
  #worker: Worker | undefined
  #broken = false
  #nextId = 1
  /** By id of the job: called with what the worker says, or with nothing when it is gone. */
  readonly #waiting = new Map<number, (result: SegmentResult | undefined) => void>()

  constructor(script = builtWorker) {
    this.#script = script
  }

  /** How many segments the worker has encoded. */
  encodedAside = 0

  readonly encode: EncodeSegment = async (tables, meta) => {
    const aside =
      rowsOf(tables) < smallRows
        ? undefined
        : await this.#workAside({ encode: { tables, meta } }).catch(() => undefined)
    if (!aside || !('bytes' in aside)) return encodeRecording(tables, meta, nodeCodec)
    this.encodedAside++
    return aside.bytes
  }

  /** Throws UnreadableInput for an input that doesn't read. Never done here: it may take seconds. */
  async merge(job: MergeJob): Promise<Uint8Array> {
    if (!this.#script) return mergeSegments(job)
    const result = await this.#workAside({ merge: job })
    if (!result) throw new MicrologError('unavailable', 'The thread that puts segments together has ended')
    if ('bytes' in result) return result.bytes
    if (result.input !== undefined) throw new UnreadableInput(result.input, new Error(result.failure))
    throw new Error(result.failure)
  }

  /** Jobs that are under way are done here. */
  async close(): Promise<void> {
    this.#broken = true
    await this.#worker?.terminate()
  }

  /** Undefined where there is no worker (any more); throws when no thread can be had. */
  async #workAside(job: SegmentJob): Promise<SegmentResult | undefined> {
    const worker = this.#running()
    if (!worker) return undefined
    return new Promise(resolve => {
      const id = this.#nextId++
      worker.postMessage({ id, ...job })
      this.#waiting.set(id, resolve)
      // It must not keep an idle program alive, but a program must not end amid a job.
      worker.ref()
    })
  }

  /** The worker, started when it is first needed; undefined once it has failed. */
  #running(): Worker | undefined {
    if (this.#broken || !this.#script) return undefined
    if (this.#worker) return this.#worker
    const worker = new Worker(this.#script, {
      name: 'microlog-sealing',
      // Nothing that the program preloads, and none of its environment.
      execArgv: [],
      env: {}
    })
    worker.on('message', ({ id, ...result }: SegmentResult & { id: number }) => {
      const resolve = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (this.#waiting.size === 0) worker.unref()
      resolve?.(result)
    })
    // An error is followed by the exit, and what waits is then done here.
    worker.on('error', () => (this.#broken = true))
    worker.on('exit', () => {
      this.#broken = true
      const waiting = [...this.#waiting.values()]
      this.#waiting.clear()
      for (const resolve of waiting) resolve(undefined)
    })
    this.#worker = worker
    return worker
  }
}

function rowsOf({ spans, logs, samples, points, opaque }: Recording): number {
  return spans.length + logs.length + samples.length + points.length + opaque.length
}
