// The beginning and the end of every worker thread, as its starter sees them: also of one that is terminated and can't
// say so itself, and of one that nobody could prepare for being recorded.
import { BroadcastChannel, type Worker } from 'node:worker_threads'
import { channel as diagnosticsChannel } from 'node:diagnostics_channel'
import type { StatusPoints } from '../record-sink.ts'
import { watchLaunches } from './launched-workers.ts'
import {
  finishChannelName,
  threadClockMs,
  threadWord,
  type ThreadData,
  type ThreadLaunch
} from './thread-data.ts'

export interface ThreadLives {
  /** Asks the threads for what they have, and waits for those that answer in time. For a process about to end. */
  finishAll(limitMs: number): void
  stop(): void
}

export interface ThreadLivesOptions {
  data(): ThreadData
  unixUs(): number
  onStatuses(points: StatusPoints): void
}

/** What is known of a thread while it runs. */
interface Life {
  threadId: number
  name: string
  launch: ThreadLaunch | undefined
}

export function watchThreadLives(options: ThreadLivesOptions): ThreadLives {
  const alive = new Set<Life>()
  let launching: ThreadLaunch | 'ours' | undefined
  const unwatchLaunches = watchLaunches(options.data, launch => (launching = launch))

  const tell = ({ threadId, name }: Life, metrics: Record<string, [unit: string, value: number]>): void =>
    options.onStatuses({
      threadId,
      threadName: name,
      timeUnixNano: BigInt64Array.of(BigInt(Math.round(options.unixUs())) * 1000n),
      metrics: Object.entries(metrics).map(([name, [unit, value]]) => ({
        name,
        unit,
        values: Float64Array.of(value)
      }))
    })
  const end = (life: Life): void => {
    if (!alive.delete(life)) return
    tell(life, { 'microlog.thread.alive': ['1', 0], 'microlog.thread.lost': ['s', lostSeconds(life.launch)] })
  }
  const onWorker = (message: unknown): void => {
    const { worker } = message as { worker: Worker }
    // Node's own, for module hooks.
    if (launching === 'ours' || worker.constructor.name === 'InternalWorker') return
    const launch = launching
    const life = { threadId: worker.threadId, name: launch?.name ?? `worker-${worker.threadId}`, launch }
    alive.add(life)
    tell(life, { 'microlog.thread.alive': ['1', 1] })
    worker.once('exit', () => end(life))
  }
  const workers = diagnosticsChannel('worker_threads')
  workers.subscribe(onWorker)
  return {
    finishAll(limitMs) {
      const asked = [...alive].filter(({ launch }) => launch !== undefined)
      if (asked.length > 0) {
        const finish = new BroadcastChannel(finishChannelName(options.data().channel))
        finish.postMessage('finish')
        const untilMs = performance.now() + limitMs
        for (const { launch } of asked) {
          const leftMs = untilMs - performance.now()
          if (leftMs > 0) Atomics.wait(launch!.words, threadWord.finished, 0, leftMs)
        }
        finish.close()
      }
      for (const life of alive) end(life)
    },
    stop() {
      workers.unsubscribe(onWorker)
      unwatchLaunches()
    }
  }
}

/** How much of its samples a thread took along; NaN where nobody knows. */
function lostSeconds(launch: ThreadLaunch | undefined): number {
  if (launch === undefined) return NaN
  if (Atomics.load(launch.words, threadWord.finished) === 1) return 0
  const handedOver = Atomics.load(launch.words, threadWord.handedOver)
  return handedOver === 0 ? NaN : ((threadClockMs() - handedOver) | 0) / 1000
}
