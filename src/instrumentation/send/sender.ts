import { pathToFileURL } from 'node:url'
import { BroadcastChannel, Worker } from 'node:worker_threads'
import { messageOf, MicrologError } from '../../base/errors.ts'
import type { AttributeMap } from '../../otlp/protobuf-writer.ts'
import { noticeOnce } from '../notice.ts'
import { ownFile } from '../own-files.ts'
import { ItemLedger } from './item-ledger.ts'
import { createOutbox, type OutboxSink } from './outbox.ts'
import {
  collectorAbsent,
  word,
  wordCount,
  type SenderMessage,
  type SenderWords,
  type SenderWorkerData
} from './sender-protocol.ts'
import type { ThreadData } from '../threads/thread-data.ts'
import { clearTimeout, nowMs, setTimeout } from '../real-clock.ts'

export interface Sender extends OutboxSink {
  readonly ledger: ItemLedger
  /** Shared with the worker, see `word`. */
  readonly words: SenderWords
  /** Who sends: nothing leaves before this is known. Later calls change nothing that has left. */
  setResource(attributes: AttributeMap): void
  /** Who sends, should the event loop never turn again. */
  assumeResource(attributes: AttributeMap): void
  /** Measures CPU and memory of the process, or no longer. */
  measure(on: boolean): void
  /** Blocks until all is sent, all times together within the limit, and less where nobody takes it. For a process about to end. */
  flushNow(): void
  flush(): Promise<void>
  /** Ends the worker; what is still there is lost. Fulfilled when it is gone. */
  close(): Promise<void>
}

export interface SenderOptions extends Omit<SenderWorkerData, 'words' | 'ledger'> {
  /** How long the last flush may hold up the end of the process. */
  flushLimitMs: number
}

/** As much as the worker may have before it is through with it; what comes then waits in the outbox. */
const inFlightLimitBytes = 8 * 1024 * 1024
const absentFlushLimitMs = 300
/** The sender's worker takes some 50 ms to start. */
const listeningLimitMs = 200

/** A process says once that nobody takes what is recorded, however often that begins. */
let absenceTold = false

/** Hands records to a worker thread that encodes and sends them. */
export function createSender(options: SenderOptions): Sender {
  const { flushLimitMs, notices, ...rest } = options
  const words = new Int32Array(new SharedArrayBuffer(wordCount * 4))
  const ledger = new ItemLedger()
  const workerData = { ...rest, notices: notices && !absenceTold, words, ledger: ledger.memory }
  /** What a worker that takes another one's place has to know. */
  const standing = new Map<SenderMessage['kind'], SenderMessage>()
  let worker: Worker | undefined
  let flushes = 0
  /** What all of `flushNow` may take together, and where nobody takes the records. */
  let leftMs = flushLimitMs
  let absentLeftMs = Math.min(absentFlushLimitMs, flushLimitMs)
  let waiting: { number: number; done(): void }[] = []

  const settle = (upTo: number): void => {
    const settled = waiting.filter(({ number }) => number <= upTo)
    waiting = waiting.filter(({ number }) => number > upTo)
    for (const { done } of settled) done()
  }
  const start = (): void => {
    const { arrived } = ledger
    const started = startWorker(workerData, {
      onFlushed: settle,
      onEnd(reason) {
        // It never ends by itself: it has run out of memory, perhaps.
        if (worker !== started) return
        worker = undefined
        ledger.dropUnsettled()
        Atomics.store(words, word.inFlight, 0)
        Atomics.store(words, word.listening, 0)
        settle(flushes)
        // One that never got anything through would end in the same way again.
        const again = ledger.arrived > arrived && attemptStart()
        if (!again && notices) noticeOnce(`microlog: nothing more is sent, its thread has ended: ${reason}`)
      }
    })
    worker = started
    for (const message of standing.values()) worker.postMessage(message)
  }
  /** On an event of the worker's, an error would end the program. */
  const attemptStart = (): boolean => {
    try {
      start()
      return true
    } catch {
      return false
    }
  }
  const stand = (message: SenderMessage): void => {
    standing.set(message.kind, message)
    worker?.postMessage(message)
  }
  const outbox = createOutbox({
    ledger,
    hasRoom: () => Atomics.load(words, word.inFlight) < inFlightLimitBytes,
    post(records) {
      if (worker === undefined) throw new Error('nobody is there to send it')
      worker.postMessage({ kind: 'records', records } satisfies SenderMessage)
      Atomics.add(words, word.inFlight, records.bytes)
    }
  })
  const beginFlush = (): number => {
    outbox.post()
    worker?.postMessage({ kind: 'flush', number: ++flushes, limitMs: flushLimitMs } satisfies SenderMessage)
    return flushes
  }

  start()
  return {
    ...outbox.sink,
    ledger,
    words,
    setResource: attributes => stand({ kind: 'resource', attributes }),
    assumeResource: attributes => stand({ kind: 'assume', attributes }),
    measure: on => stand({ kind: 'measure', on }),
    flushNow() {
      if (worker === undefined) return
      const number = beginFlush()
      const startMs = nowMs()
      for (;;) {
        const flushed = Atomics.load(words, word.flushed)
        const absent = Atomics.load(words, word.collector) === collectorAbsent
        const spentMs = nowMs() - startMs
        const waitMs = (absent ? absentLeftMs : leftMs) - spentMs
        if (flushed >= number || waitMs <= 0) break
        Atomics.wait(words, word.flushed, flushed, Math.min(waitMs, 50))
      }
      const spentMs = nowMs() - startMs
      leftMs -= spentMs
      absentLeftMs -= spentMs
    },
    flush() {
      if (worker === undefined) return Promise.resolve()
      const number = beginFlush()
      // Who waits for this has nothing else that keeps the process alive, perhaps.
      worker.ref()
      return new Promise(resolve => {
        const timer = setTimeout(() => settle(number), flushLimitMs)
        const done = (): void => {
          clearTimeout(timer)
          worker?.unref()
          resolve()
        }
        waiting.push({ number, done })
      })
    },
    async close() {
      outbox.close()
      absenceTold ||= Atomics.load(words, word.told) === 1
      const ending = worker
      // Nobody takes its place.
      worker = undefined
      await ending?.terminate()
    }
  }
}

export interface ThreadSink extends OutboxSink {
  /** Hands over what there is, as soon as the sender listens. */
  flush(): void
  /** The last flush: in a recording that has only just begun it waits for the sender. */
  finish(): void
}

/** The records of a worker thread of the program: the main thread's sender hears them, without its event loop. */
export function createThreadSink({
  channel,
  ledger,
  senderWords
}: Pick<ThreadData, 'channel' | 'ledger' | 'senderWords'>): ThreadSink {
  const broadcast = new BroadcastChannel(channel)
  broadcast.unref()
  // What is said to nobody is lost.
  const isHeard = (): boolean => Atomics.load(senderWords, word.listening) === 1
  const outbox = createOutbox({
    ledger: new ItemLedger(ledger),
    hasRoom: isHeard,
    post: records => broadcast.postMessage(records)
  })
  return {
    ...outbox.sink,
    flush() {
      if (isHeard()) outbox.post()
    },
    finish() {
      Atomics.wait(senderWords, word.listening, 0, listeningLimitMs)
      outbox.post()
    }
  }
}

interface WorkerEvents {
  onFlushed(number: number): void
  onEnd(reason: string): void
}

function startWorker(data: SenderWorkerData, events: WorkerEvents): Worker {
  const worker = new Worker(workerFile(), {
    name: 'microlog-sender',
    workerData: data,
    // Nothing the program preloads, and none of its environment: it would record itself.
    execArgv: [],
    env: {},
    // Else Node pipes them into the program's own, and a console call no longer overlooks that nobody reads those.
    stdout: true,
    stderr: true,
    // The code range: room for addresses that a limited process may not have.
    resourceLimits: { maxOldGenerationSizeMb: 256, codeRangeSizeMb: 16 }
  })
  worker.on('message', events.onFlushed)
  worker.on('error', error => events.onEnd(messageOf(error)))
  worker.on('exit', code => events.onEnd(`code ${code}`))
  // Last: to listen takes a reference again.
  worker.unref()
  return worker
}

/** A bundle holds our code and not our files. */
function workerFile(): URL {
  const path = ownFile('sender-worker.js')
  if (path !== undefined) return pathToFileURL(path)
  throw new MicrologError(
    'not-found',
    'microlog is part of a bundle, and its own files are not: leave it out, as an external package (esbuild: --external:microlog)'
  )
}
