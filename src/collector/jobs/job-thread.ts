// A worker thread that does jobs one asks of it. What the jobs are is its script's business: see `doJobs` in job-script.ts.
import { Worker } from 'node:worker_threads'
import { MicrologError, messageOf } from '../../base/errors.ts'

/** Bytes from `from` up to, not including, `to`; nobody else uses their memory, which is handed over. */
export type ReadBytes = (from: number, to: number) => Promise<Uint8Array>

/** What the thread says: that it takes jobs, that it has done one, or that it needs bytes for it. */
export type FromThread<Result> =
  | { ready: true }
  | { id: number; done: Result }
  | { id: number; slice: { number: number; from: number; to: number } }

export type ToThread<Job> =
  { id: number; job: Job } | { slice: number; bytes: Uint8Array } | { slice: number; failure: string }

interface Waiting<Result> {
  worker: Worker
  /** With nothing where no thread can be had. */
  resolve(result: Result | undefined): void
  reject(error: MicrologError): void
  read: ReadBytes | undefined
}

/** A thread's script beside the module of that URL; undefined while we run from TypeScript sources, which a worker can't load. */
export function builtScript(name: string, moduleUrl: string): URL | undefined {
  return moduleUrl.endsWith('.ts') ? undefined : new URL(name, moduleUrl)
}

/** Deaths in a row, with no job done between them, after which no thread is started for so long. */
const mostDeaths = 3
const pauseMs = 60_000

/**
 * Started when it is first needed, and again after a job has ended it, by its hunger for memory say: that job fails, and
 * isn't done elsewhere. One that never gets as far as taking jobs is given up.
 */
export class JobThread<Job, Result> {
  readonly #script: URL | undefined
  readonly #name: string
  #worker: Worker | undefined
  /** It can't be had, or is closed. */
  #isGone = false
  #deaths = 0
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

  /** Starts it before there is anything to do: that takes a tenth of a second of a core. */
  prepare(): void {
    if (this.#worker || this.#deaths >= mostDeaths) return
    this.#running()?.unref()
  }

  /**
   * Undefined where no thread can be had, or it is closed meanwhile; throws `unavailable` where the thread ends amid the job.
   * @param read what the job may read from
   */
  async do(job: Job, read?: ReadBytes): Promise<Result | undefined> {
    if (this.#deaths >= mostDeaths) {
      throw new MicrologError(
        'unavailable',
        `The thread ${this.#name} has ended ${mostDeaths} times in a row: it is tried again within a minute`
      )
    }
    const worker = this.#running()
    if (!worker) return undefined
    return new Promise((resolve, reject) => {
      const id = this.#nextId++
      worker.postMessage({ id, job } satisfies ToThread<Job>)
      this.#waiting.set(id, { worker, resolve, reject, read })
      // It must not keep an idle program alive, but a program must not end amid a job.
      worker.ref()
    })
  }

  /** Jobs that are under way get no result. */
  async close(): Promise<void> {
    this.#isGone = true
    await this.#worker?.terminate()
  }

  #running(): Worker | undefined {
    if (this.#isGone || !this.#script) return undefined
    try {
      return (this.#worker ??= this.#start(this.#script))
    } catch {
      // The system has none to give right now.
      return undefined
    }
  }

  #start(script: URL): Worker {
    const worker = new Worker(script, {
      name: this.#name,
      // Nothing that the program preloads, and none of its environment.
      execArgv: [],
      env: {}
    })
    let isReady = false
    let reason: string | undefined
    worker.on('message', (said: FromThread<Result>) => {
      if ('ready' in said) isReady = true
      else if ('slice' in said) void this.#give(worker, said.id, said.slice)
      else {
        this.#deaths = 0
        this.#end(worker, said.id)?.resolve(said.done)
      }
    })
    // The exit follows; what is asked meanwhile needs another thread.
    worker.on('error', thrown => {
      reason = messageOf(thrown)
      this.#leave(worker, isReady)
    })
    worker.on('exit', code => {
      this.#leave(worker, isReady)
      const isDeath = isReady && !this.#isGone
      if (isDeath) this.#countDeath()
      const message = `The thread ${this.#name} ended amid this: ${reason ?? `exit code ${code}`}`
      for (const [id, waiting] of [...this.#waiting]) {
        if (waiting.worker !== worker) continue
        this.#end(worker, id)
        if (isDeath) waiting.reject(new MicrologError('unavailable', message))
        else waiting.resolve(undefined)
      }
    })
    return worker
  }

  #leave(worker: Worker, wasReady: boolean): void {
    if (this.#worker === worker) this.#worker = undefined
    if (!wasReady) this.#isGone = true
  }

  #countDeath(): void {
    this.#deaths++
    if (this.#deaths === mostDeaths) setTimeout(() => (this.#deaths = 0), pauseMs).unref()
  }

  #end(worker: Worker, id: number): Waiting<Result> | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (this.#waiting.size === 0) worker.unref()
    return waiting
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
    const said = await answer()
    worker.postMessage(said, 'bytes' in said ? handedOver(said.bytes) : [])
  }
}

/** A part of some memory is copied. */
function handedOver({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : []
}
