// Where segments are encoded: in a worker thread, so that requests are answered meanwhile, and in this one where there
// is no worker or it fails. The tables are copied over, not handed over: they are still asked about here.
import { Worker } from 'node:worker_threads'
import { encodeRecording } from '../../format/index.ts'
import type { SegmentMeta } from '../../format/index.ts'
import type { Recording } from '../../recording/schema.ts'
import { nodeCodec } from '../store/node-codec.ts'
import type { EncodeJob, EncodeResult } from './sealing-worker.ts'

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
  /** By id of the job: called with the bytes, or with nothing where the worker has none. */
  readonly #waiting = new Map<number, (bytes: Uint8Array | undefined) => void>()

  constructor(script = builtWorker) {
    this.#script = script
  }

  /** How many segments the worker has encoded. */
  encodedAside = 0

  readonly encode: EncodeSegment = async (tables, meta) => {
    const aside =
      rowsOf(tables) < smallRows ? undefined : await this.#encodeAside(tables, meta).catch(() => undefined)
    if (aside) this.encodedAside++
    return aside ?? encodeRecording(tables, meta, nodeCodec)
  }

  /** Jobs that are under way are done here. */
  async close(): Promise<void> {
    this.#broken = true
    await this.#worker?.terminate()
  }

  /** Undefined where it has to be done here; the same holds where this throws, as when no thread can be had. */
  async #encodeAside(tables: Recording, meta: SegmentMeta): Promise<Uint8Array | undefined> {
    const worker = this.#running()
    if (!worker) return undefined
    return new Promise(resolve => {
      const job: EncodeJob = { id: this.#nextId++, tables, meta }
      worker.postMessage(job)
      this.#waiting.set(job.id, resolve)
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
    worker.on('message', (result: EncodeResult) => {
      const resolve = this.#waiting.get(result.id)
      this.#waiting.delete(result.id)
      if (this.#waiting.size === 0) worker.unref()
      resolve?.('bytes' in result ? result.bytes : undefined)
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
