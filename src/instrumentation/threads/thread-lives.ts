// The beginning and the end of every worker thread, as its starter sees them: also of one that is terminated and can't
// say so itself, and of one that nobody could prepare for being recorded.
import type { Worker } from 'node:worker_threads'
import { channel as diagnosticsChannel } from 'node:diagnostics_channel'
import type { StatusPoints } from '../record-sink.ts'
import { watchLaunches } from './launched-workers.ts'
import { threadClockMs, threadWord, type ThreadData, type ThreadLaunch } from './thread-data.ts'
import { postOrder } from './thread-orders.ts'
import { nowMs, setTimeout } from '../real-clock.ts'

export interface ThreadLives {
  /** Asks the threads for what they have, and blocks for those that answer in time. For a process about to end. */
  finishAll(limitMs: number): void
  /** Has the threads recorded no longer, and waits for what they have. */
  stopAll(limitMs: number): Promise<void>
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
  /** Tells the recording of its end; none while nothing is recorded. */
  onExit: (() => void) | undefined
}

/** The threads that this one has started and that still run: what is begun again takes them up. */
const running = new Set<Life>()
const pollMs = 10

export function watchThreadLives(options: ThreadLivesOptions): ThreadLives {
  /** With what each of them calls at its end. */
  const alive = new Map<Life, () => void>()
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
  const begin = (life: Life): void => {
    life.onExit = () => end(life)
    alive.set(life, life.onExit)
    tell(life, { 'microlog.thread.alive': ['1', 1] })
  }
  const end = (life: Life): void => {
    const onExit = alive.get(life)
    if (!alive.delete(life)) return
    if (life.onExit === onExit) life.onExit = undefined
    tell(life, { 'microlog.thread.alive': ['1', 0], 'microlog.thread.lost': ['s', lostSeconds(life.launch)] })
  }
  const onWorker = (message: unknown): void => {
    const { worker } = message as { worker: Worker }
    // Node's own, for module hooks.
    if (launching === 'ours' || worker.constructor.name === 'InternalWorker') return
    const launch = launching
    const name = launch?.name ?? `worker-${worker.threadId}`
    const life: Life = { threadId: worker.threadId, name, launch, onExit: undefined }
    running.add(life)
    begin(life)
    worker.once('exit', () => {
      running.delete(life)
      life.onExit?.()
    })
  }
  const launched = (): ThreadLaunch[] =>
    [...alive.keys()].flatMap(({ launch }) => (launch === undefined ? [] : [launch]))
  const workers = diagnosticsChannel('worker_threads')
  workers.subscribe(onWorker)
  for (const life of running) begin(life)
  if (running.size > 0) postOrder({ kind: 'start', data: options.data() })
  return {
    finishAll(limitMs) {
      const asked = launched()
      if (asked.length > 0) postOrder({ kind: 'finish' })
      const untilMs = nowMs() + limitMs
      for (const { words } of asked) {
        const leftMs = untilMs - nowMs()
        if (leftMs > 0) Atomics.wait(words, threadWord.finished, 0, leftMs)
      }
      for (const life of alive.keys()) end(life)
    },
    async stopAll(limitMs) {
      const asked = launched()
      if (asked.length > 0) postOrder({ kind: 'stop' })
      const untilMs = nowMs() + limitMs
      const isBusy = ({ words }: ThreadLaunch): boolean => Atomics.load(words, threadWord.finished) === 0
      while (asked.some(isBusy) && nowMs() < untilMs)
        await new Promise(resolve => setTimeout(resolve, pollMs))
      for (const life of alive.keys()) end(life)
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
