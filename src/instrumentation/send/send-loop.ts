import type { Destination, Destinations } from './destinations.ts'
import type { Outcome } from './otlp-transport.ts'
import type { Batch, SendQueue } from './send-queue.ts'

export interface SendLoopOptions {
  findDestinations(): Promise<Destinations | undefined>
  post(destination: Destination, body: Uint8Array): Promise<Outcome>
  /** Called when the collector is seen to answer, or not to. */
  onState(answers: boolean, reason: string): void
  now?(): number
}

/** The reason where there is no destination. */
export const nothingAnswers = 'no collector answers'
const firstPauseMs = 500
/** One of each signal, so that the last flush takes one journey. */
const atOnce = 4
/** With a request that hangs before it, and whatever a collector asks for: half a minute after it is back, all is well. */
const longestPauseMs = 10_000
/** The collector may be started anew elsewhere. */
const destinationsLastMs = 25_000

/** Empties the queue in order, a few requests at a time; pauses when the collector is away, and resumes by itself. */
export class SendLoop {
  readonly #queue: SendQueue
  readonly #options: SendLoopOptions
  #destinations: Destinations | undefined
  #foundMs = 0
  #pauseMs = firstPauseMs
  #notBeforeMs = 0
  #answers = false
  #running: Promise<void> | undefined

  constructor(queue: SendQueue, options: SendLoopOptions) {
    this.#queue = queue
    this.#options = options
  }

  /** The last request got an answer. */
  get answers(): boolean {
    return this.#answers
  }

  /** Sends what there is unless a pause is on. Never rejects. */
  run(): Promise<void> {
    if (this.#running === undefined && this.#now() >= this.#notBeforeMs) {
      this.#running = this.#send().finally(() => {
        this.#running = undefined
      })
    }
    return this.#running ?? Promise.resolve()
  }

  /** Sends what there is, pause or not; done when the queue is empty or the collector doesn't take it. */
  async flush(): Promise<void> {
    await this.#running
    if (this.#queue.length === 0) return
    this.#notBeforeMs = 0
    await this.run()
  }

  async #send(): Promise<void> {
    while (this.#queue.length > 0) {
      const destinations = await this.#findDestinations()
      if (destinations === undefined) return this.#pause(undefined, nothingAnswers)
      const batches = Array.from({ length: atOnce }, () => this.#queue.shift()).filter(
        batch => batch !== undefined
      )
      const left = await Promise.all(batches.map(batch => this.#post(destinations[batch.signal], batch)))
      const unsent = left.filter(batch => batch !== undefined)
      for (const batch of unsent.reverse()) this.#queue.unshift(batch)
      if (unsent.length > 0) return
    }
  }

  /** Gives the batch back when it is to be tried again. */
  async #post(destination: Destination | undefined, batch: Batch): Promise<Batch | undefined> {
    if (destination === undefined) {
      this.#queue.leaveOut(batch)
      return undefined
    }
    const outcome = await this.#options.post(destination, batch.body)
    if (outcome.kind === 'retry') {
      this.#pause(outcome.afterMs, outcome.reason)
      return batch
    }
    if (outcome.kind === 'refused') {
      this.#queue.drop(batch)
      this.#tell(false, `status ${outcome.status}`)
      return undefined
    }
    this.#queue.sent(batch)
    this.#pauseMs = firstPauseMs
    this.#tell(true, '')
    return undefined
  }

  async #findDestinations(): Promise<Destinations | undefined> {
    if (this.#destinations === undefined || this.#now() - this.#foundMs > destinationsLastMs) {
      this.#destinations = await this.#options.findDestinations()
      this.#foundMs = this.#now()
    }
    return this.#destinations
  }

  #pause(afterMs: number | undefined, reason: string): void {
    // Several requests that fail together make one pause.
    if (this.#now() >= this.#notBeforeMs) {
      this.#notBeforeMs = this.#now() + Math.min(afterMs ?? this.#pauseMs, longestPauseMs)
      this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs)
    }
    this.#destinations = undefined
    this.#tell(false, reason)
  }

  #tell(answers: boolean, reason: string): void {
    this.#answers = answers
    this.#options.onState(answers, reason)
  }

  #now(): number {
    return this.#options.now?.() ?? performance.now()
  }
}
