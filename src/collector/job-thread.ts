// A worker thread that does jobs one asks of it. What the jobs are is its script's business: see `doJobs` in job-script.ts.
import { Worker } from 'node:worker_threads'
import { messageOf } from '../base/errors.ts'

/** Bytes from `from` up to, not including, `to`. */
export type ReadBytes = (from: number, to: number) => Promise<Uint8Array>

/** What the thread says: that it has done a job, or that it needs bytes for it. */
export type FromThread<Result> =
  { id: number; done: Result } | { id: number; slice: { number: number; from: number; to: number } }

export type ToThread<Job> =
  { id: number; job: Job } | { slice: number; bytes: Uint8Array } | { slice: number; failure: string }

interface Waiting<Result> {
  /** With nothing when the thread is gone. */
  resolve(result: Result | undefined): void
  read: ReadBytes | undefined
}

/** A thread's script beside the module of that URL; undefined while we run from TypeScript sources, which a worker can't load. */
export function builtScript(name: string, moduleUrl: string): URL | undefined {
  return moduleUrl.endsWith('.ts') ? undefined : new URL(name, moduleUrl)
}

/** Started when it is first needed; gone for good once it has failed. */
export class JobThread<Job, Result> {
  readonly #script: URL | undefined
  readonly #name: string
  #worker: Worker | undefined
  #broken = false
  #nextId = 1
  /** By id of the job. */
  readonly #waiting = new Map<number, Waiting<Result>>()

  /** @param script none: nothing is done in a thread */
  constructor(script: URL | undefined, name: string) {
    this.#script = script
    this.#name = name
  }

  /** Jobs that are under way. */
  get jobs(): number {
    return this.#waiting.size
  }

  /** Undefined where there is no thread (any more); throws when none can be had. @param read what the job may read from */
  async do(job: Job, read?: ReadBytes): Promise<Result | undefined> {
    const worker = this.#running()
    if (!worker) return undefined
    return new Promise(resolve => {
      const id = this.#nextId++
      worker.postMessage({ id, job } satisfies ToThread<Job>)
      this.#waiting.set(id, { resolve, read })
      // It must not keep an idle program alive, but a program must not end amid a job.
      worker.ref()
    })
  }

  /** Jobs that are under way get no result. */
  async close(): Promise<void> {
    this.#broken = true
    await this.#worker?.terminate()
  }

  /** Undefined once it has failed. */
  #running(): Worker | undefined {
    if (this.#broken || !this.#script) return undefined
    if (this.#worker) return this.#worker
    const worker = new Worker(this.#script, {
      name: this.#name,
      // Nothing that the program preloads, and none of its environment.
      execArgv: [],
      env: {}
    })
    worker.on('message', (said: FromThread<Result>) => {
      if ('slice' in said) void this.#give(worker, said.id, said.slice)
      else this.#end(worker, said.id, said.done)
    })
    // An error is followed by the exit.
    worker.on('error', () => (this.#broken = true))
    worker.on('exit', () => {
      this.#broken = true
      for (const id of [...this.#waiting.keys()]) this.#end(worker, id, undefined)
    })
    this.#worker = worker
    return worker
  }

  #end(worker: Worker, id: number, result: Result | undefined): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (this.#waiting.size === 0) worker.unref()
    waiting?.resolve(result)
  }

  async #give(
    worker: Worker,
    id: number,
    { number, from, to }: { number: number; from: number; to: number }
  ): Promise<void> {
    const answer = async (): Promise<ToThread<Job>> => {
      try {
        const bytes = await this.#waiting.get(id)?.read?.(from, to)
        return bytes ? { slice: number, bytes } : { slice: number, failure: 'nothing to read from' }
      } catch (thrown) {
        return { slice: number, failure: messageOf(thrown) }
      }
    }
    worker.postMessage(await answer())
  }
}
