import { BroadcastChannel, Worker } from 'node:worker_threads'
import type { AttributeMap } from '../otlp/protobuf-writer.ts'
import type { WritableSpan } from '../otlp/write-traces.ts'
import type { LinkedProfile, LogRecord, RecordSink } from './record-sink.ts'
import type { SignalName } from './send-queue.ts'
import {
  collectorAbsent,
  noRecords,
  word,
  wordCount,
  type SenderMessage,
  type SenderWorkerData
} from './sender-protocol.ts'

export interface Sender extends RecordSink {
  /** Spans that no exporter of the program's takes. */
  spans(spans: WritableSpan[]): void
  /** Who sends: nothing leaves before this is known. Later calls change nothing that has left. */
  setResource(attributes: AttributeMap): void
  /** Who sends, should the event loop never turn again. */
  assumeResource(attributes: AttributeMap): void
  /** Measures CPU and memory of the process, or no longer. */
  measure(on: boolean): void
  /** Blocks until all is sent, within the limit, and less where nobody takes it. For a process about to end. */
  flushNow(): void
  flush(): Promise<void>
  /** Ends the worker; what is still there is lost. */
  close(): void
}

export interface SenderOptions extends Omit<SenderWorkerData, 'words'> {
  /** How long the last flush may hold up the end of the process. */
  flushLimitMs: number
}

const postEveryMs = 100
/** As much as the worker may have before it is through with it; what comes then waits here. */
const inFlightLimitBytes = 8 * 1024 * 1024
const pendingLimitBytes = 12 * 1024 * 1024
/** One post copies this much at most, about 1 ms. */
const postBytes = 256 * 1024
const absentFlushLimitMs = 300

/** Hands records to a worker thread that encodes and sends them. Costs the program a copy of plain data. */
export function createSender(options: SenderOptions): Sender {
  const { flushLimitMs, ...workerData } = options
  const words = new Int32Array(new SharedArrayBuffer(wordCount * 4))
  let flushes = 0
  let waiting: (() => void)[] = []
  let worker: Worker | undefined = startWorker(
    { ...workerData, words },
    {
      onFlushed: () => settle(),
      onEnd() {
        // It never ends by itself. Without it nothing can be sent, and nothing is kept.
        worker = undefined
        outbox.close()
        settle()
      }
    }
  )
  const settle = (): void => {
    for (const done of waiting) done()
    waiting = []
  }
  const post = (message: SenderMessage): void => worker?.postMessage(message)
  const outbox = createOutbox({
    hasRoom: () => Atomics.load(words, word.inFlight) < inFlightLimitBytes,
    post(records) {
      Atomics.add(words, word.inFlight, records.bytes)
      post({ kind: 'records', records })
    }
  })

  const beginFlush = (): number => {
    outbox.post()
    post({ kind: 'flush', number: ++flushes })
    return flushes
  }

  return {
    ...outbox.sink,
    setResource: attributes => post({ kind: 'resource', attributes }),
    assumeResource: attributes => post({ kind: 'assume', attributes }),
    measure: on => post({ kind: 'measure', on }),
    flushNow() {
      if (worker === undefined) return
      const number = beginFlush()
      const until = performance.now() + flushLimitMs
      const absentUntil = performance.now() + absentFlushLimitMs
      for (;;) {
        const flushed = Atomics.load(words, word.flushed)
        const absent = Atomics.load(words, word.collector) === collectorAbsent
        const leftMs = (absent ? absentUntil : until) - performance.now()
        if (flushed >= number || leftMs <= 0) return
        Atomics.wait(words, word.flushed, flushed, Math.min(leftMs, 50))
      }
    },
    flush() {
      if (worker === undefined) return Promise.resolve()
      beginFlush()
      // Who waits for this has nothing else that keeps the process alive, perhaps.
      worker.ref()
      return new Promise(resolve => {
        const timer = setTimeout(() => settle(), flushLimitMs)
        waiting.push(() => {
          clearTimeout(timer)
          worker?.unref()
          resolve()
        })
      })
    },
    close() {
      outbox.close()
      void worker?.terminate()
      worker = undefined
    }
  }
}

/** The records of a worker thread of the program: the main thread's sender hears them, without its event loop. */
export function createThreadSink(
  channel: string
): Pick<Sender, 'log' | 'statuses' | 'profile' | 'spans'> & { flush(): void } {
  const broadcast = new BroadcastChannel(channel)
  broadcast.unref()
  const outbox = createOutbox({
    hasRoom: () => true,
    post: records => broadcast.postMessage({ ...records, bytes: 0 })
  })
  return { ...outbox.sink, flush: outbox.post }
}

interface OutboxOptions {
  hasRoom(): boolean
  post(records: ReturnType<typeof noRecords>): void
}

/** Gathers what a tenth of a second brings. */
function createOutbox(options: OutboxOptions) {
  let pending = noRecords()
  let postedMs = performance.now()

  const postNow = (): void => {
    postedMs = performance.now()
    if (pending.bytes === 0) return
    if (!options.hasRoom()) return
    const records = pending
    pending = noRecords()
    options.post(records)
  }
  const drop = (signal: SignalName, items: number): void => {
    pending.dropped[signal] = (pending.dropped[signal] ?? 0) + items
  }
  const add = (bytes: number): void => {
    pending.bytes += bytes
    // A loop that never turns runs no timer.
    if (pending.bytes > postBytes || performance.now() - postedMs > postEveryMs) postNow()
    while (pending.bytes > pendingLimitBytes) {
      const logs = pending.logs.splice(0, Math.ceil(pending.logs.length / 4))
      drop('logs', logs.length)
      for (const log of logs) pending.bytes -= bytesOfLog(log)
      const profile = pending.profiles.shift()
      if (profile !== undefined) {
        drop('profiles', profile.wall.stack.length)
        pending.bytes -= bytesOfProfile(profile)
      }
      const spans = pending.spans.splice(0, Math.ceil(pending.spans.length / 4))
      drop('traces', spans.length)
      pending.bytes -= spans.length * bytesPerSpan
      // Nothing but statuses is left.
      if (profile === undefined && logs.length + spans.length === 0) pending = noRecords()
    }
  }
  const timer = setInterval(postNow, postEveryMs).unref()
  const sink: Pick<Sender, 'log' | 'statuses' | 'profile' | 'spans'> = {
    log(record) {
      pending.logs.push(record)
      add(bytesOfLog(record))
    },
    statuses(points) {
      pending.statuses.push(points)
      add(200 + points.timeUnixNano.length * (points.metrics.length + 1) * 8)
    },
    spans(spans) {
      pending.spans.push(...spans)
      add(spans.length * bytesPerSpan)
    },
    profile(profile) {
      pending.profiles.push(profile)
      add(bytesOfProfile(profile))
    }
  }
  return { sink, post: postNow, close: () => clearInterval(timer) }
}

/** A guess on the safe side. */
const bytesPerSpan = 1500

function bytesOfLog(record: LogRecord): number {
  return 400 + record.body.length * 2
}

function bytesOfProfile({ frames, stacks, wall, logs, spanStarts }: LinkedProfile): number {
  const samples = wall.stack.length + logs.stack.length + spanStarts.stack.length
  return frames.url.length * 64 + stacks.frame.length * 8 + samples * 24
}

interface WorkerEvents {
  onFlushed(): void
  onEnd(): void
}

function startWorker(data: SenderWorkerData, events: WorkerEvents): Worker {
  const worker = new Worker(new URL('./sender-worker.js', import.meta.url), {
    name: 'microlog-sender',
    workerData: data,
    // Nothing the program preloads, and none of its environment: it would record itself.
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 256 }
  })
  worker.on('message', events.onFlushed)
  worker.on('error', events.onEnd)
  worker.on('exit', events.onEnd)
  // Last: to listen takes a reference again.
  worker.unref()
  return worker
}
